import { ActionIcon, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../api/types";
import { type ActionKind, actionIcons, possibleKinds } from "../emails/actionKinds";
import { theseRows } from "../emails/chosen";
import { useEmailActions } from "../emails/useEmailActions";
import { nameOf, subjectOf } from "../emails/words";
import { Avatar } from "../people/Avatar";
import { fullTime, timeAgo } from "../times/format";
import classes from "./FeedGroup.module.css";
import type { FeedLine, FeedGroup as Group } from "./groups";
import { feedLook, sayDetail, sayEntry } from "./words";

type Props = {
  group: Group;
  /** The day, on its first person. */
  day: string | null;
  now: number;
  timeZone: string;
  readOnly: boolean;
  onOpen: (email: EmailRow) => void;
};

/** What is offered beside an entry: what follows from it. */
const offered = new Set<ActionKind>(["reply", "follow_up", "elsewhere", "call", "archive", "success"]);

/** One person, and what they did. */
export function FeedGroup({ group, day, now, timeZone, readOnly, onOpen }: Props) {
  const { email, lines } = group;
  const name = nameOf(email);
  return (
    <article className={classes.group} aria-label={name}>
      {day && <h3 className={classes.day}>{day}</h3>}
      <div className={classes.person}>
        <Avatar name={name} address={email.to_address} size={24} />
        <span className={classes.who}>
          <b className="qd-truncate">{name}</b>
          {email.person?.company && <span className="qd-truncate">{email.person.company}</span>}
        </span>
        {!readOnly && <Actions email={email} />}
      </div>
      <ul className={classes.lines}>
        {lines.map((line) => (
          <Line key={line.key} line={line} now={now} timeZone={timeZone} onOpen={onOpen} />
        ))}
      </ul>
    </article>
  );
}

type LineProps = { line: FeedLine; now: number; timeZone: string; onOpen: (email: EmailRow) => void };

function Line({ line, now, timeZone, onOpen }: LineProps) {
  const { t } = useTranslation();
  const { latest, count, email, isNew } = line;
  const { icon: Icon, tone } = feedLook(latest);
  const at = Date.parse(latest.event.at);
  const said = sayEntry(latest, count);
  const detail = sayDetail(latest, now);
  return (
    <li>
      <button
        type="button"
        className={classes.line}
        data-new={isNew || undefined}
        data-quiet={tone === "quiet" || undefined}
        title={t("feed.openEmail", { what: said, subject: subjectOf(email) })}
        onClick={() => onOpen(email)}
      >
        <span className={classes.icon} data-tone={tone}>
          <Icon size={14} stroke={1.6} />
        </span>
        <span className={classes.words}>
          <span className={classes.first}>
            <b>{said}</b>
            {detail && <span className="qd-truncate">{detail}</span>}
          </span>
          <small className="qd-truncate">{subjectOf(email)}</small>
        </span>
        <time dateTime={latest.event.at} title={fullTime(at, timeZone)}>
          {timeAgo(at, now, timeZone)}
        </time>
      </button>
    </li>
  );
}

const stay = (): void => {};

function Actions({ email }: { email: EmailRow }) {
  const { t } = useTranslation();
  const { perform } = useEmailActions(stay);
  const possible = possibleKinds([email]);
  const kinds = [...possible.person, ...possible.email].filter((kind) => offered.has(kind));
  return (
    <fieldset className={classes.actions}>
      <legend className="qd-hidden">{t("feed.actionsFor", { name: nameOf(email) })}</legend>
      {kinds.map((kind) => {
        const Icon = actionIcons[kind];
        return (
          <Tooltip key={kind} label={t(`emails.actions.${kind}`)}>
            <ActionIcon
              aria-label={t(`emails.actions.${kind}`)}
              onClick={() => perform(kind, theseRows([email]))}
            >
              <Icon size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        );
      })}
    </fieldset>
  );
}
