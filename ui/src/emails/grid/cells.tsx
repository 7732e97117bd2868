import { IconPaperclip, IconTrophy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../../api/types";
import { Avatar } from "../../people/Avatar";
import { dateOf, fullTime, timeAgo } from "../../times/format";
import type { ColumnId } from "../columns";
import { StatusBadge } from "../StatusBadge";
import { failureLook, type Look, waitLook } from "../tones";
import { useLimits } from "../useLimits";
import { initialsFrom, nameOf, sayFailure, sayWait, subjectOf } from "../words";
import { zoneTold } from "../zoneTold";
import { ActivityCell } from "./ActivityCell";
import classes from "./cells.module.css";
import { WhenCell } from "./WhenCell";

/** What every cell needs besides its row. */
export type CellContext = { now: number; timeZone: string; onUndo: (row: EmailRow) => void };

type Renderer = (row: EmailRow, context: CellContext) => ReactNode;

/** What each column shows of an email. */
export const cells: Record<ColumnId, Renderer> = {
  person: (row) => <PersonCell row={row} />,
  name: (row) => <Text>{nameOf(row)}</Text>,
  address: (row) => <Text>{row.to_address}</Text>,
  company: (row) => <Text>{row.person?.company}</Text>,
  title: (row) => <Text>{row.person?.title}</Text>,
  subject: (row) => <SubjectCell row={row} />,
  status: (row) => (row.uncertain ? <StatusBadge row={row} short /> : <StatusText row={row} />),
  activity: (row) => <ActivityCell row={row} />,
  last: (row, context) => <LastActivityCell row={row} {...context} />,
  sent: (row, context) => <DateCell at={row.sent_at} {...context} />,
  created: (row, context) => <DateCell at={row.created_at} {...context} />,
  updated: (row, context) => <AgeCell at={row.updated_at} {...context} />,
  failed: (row, context) => <AgeCell at={row.failed_at} {...context} />,
  channel: (row) => <Text>{row.channel?.name}</Text>,
  identity: (row) => <Text>{row.identity?.address}</Text>,
  when: (row, { now, timeZone, onUndo }) => (
    <WhenCell row={row} now={now} timeZone={timeZone} onUndo={onUndo} />
  ),
  why: (row, { now, timeZone }) => <WaitCell row={row} toldIn={zoneTold(row, now, timeZone)} />,
  reason: (row) => <ReasonCell look={failureLook(row)} {...sayFailure(row)} />,
};

function PersonCell({ row }: { row: EmailRow }) {
  const name = nameOf(row);
  const address = row.to_address === name ? null : row.to_address;
  const second = row.person?.company ?? (row.person ? address : null);
  return (
    <span className={classes.person}>
      <Avatar name={initialsFrom(row)} address={row.to_address} />
      <TwoLines first={name} second={second} />
    </span>
  );
}

function SubjectCell({ row }: { row: EmailRow }) {
  const { t } = useTranslation();
  return (
    <span className={classes.two} title={row.subject}>
      <span className={classes.first} data-missing={row.subject === "" || undefined}>
        <span className="qd-truncate">{subjectOf(row)}</span>
        {row.attachment_count > 0 && (
          <IconPaperclip
            size={13}
            stroke={1.7}
            role="img"
            aria-label={t("emails.attachments", { count: row.attachment_count })}
          />
        )}
        {row.success_at && (
          <IconTrophy
            size={14}
            stroke={1.8}
            className={classes.success}
            role="img"
            aria-label={t("emails.succeeded")}
          />
        )}
      </span>
      <span className={classes.second}>{row.snippet}</span>
    </span>
  );
}

function WaitCell({ row, toldIn }: { row: EmailRow; toldIn: string }) {
  const limits = useLimits(row);
  const { title, hint } = sayWait(row, toldIn, limits);
  return <ReasonCell look={waitLook(row)} title={title} hint={hint} />;
}

/** An icon on its colour, what it means, and a second line. */
function ReasonCell({ look, title, hint }: { look: Look; title: string; hint: string }) {
  const { icon: Icon, tone } = look;
  return (
    <span className={classes.reason}>
      <span className={classes.icon} data-tone={tone}>
        <Icon size={16} stroke={1.6} />
      </span>
      <TwoLines first={title} second={hint} />
    </span>
  );
}

export function TwoLines({ first, second }: { first: string; second?: string | null }) {
  return (
    <span className={classes.two}>
      <span className={classes.first} title={first}>
        <span className="qd-truncate">{first}</span>
      </span>
      {second && (
        <span className={classes.second} title={second}>
          {second}
        </span>
      )}
    </span>
  );
}

function StatusText({ row }: { row: EmailRow }) {
  const { t } = useTranslation();
  return <Text>{t(`emails.statuses.${row.status}`)}</Text>;
}

function Text({ children }: { children: string | null | undefined }) {
  return (
    <span className={classes.text} title={children ?? undefined}>
      {children}
    </span>
  );
}

type TimeProps = { at: string | null; now: number; timeZone: string };

function DateCell({ at, now, timeZone }: TimeProps) {
  if (at === null) return null;
  const time = Date.parse(at);
  return (
    <time className={classes.time} dateTime={at} title={fullTime(time, timeZone)}>
      {dateOf(time, now, timeZone)}
    </time>
  );
}

function AgeCell({ at, now, timeZone }: TimeProps) {
  if (at === null) return null;
  const time = Date.parse(at);
  return (
    <time className={classes.time} dateTime={at} title={fullTime(time, timeZone)}>
      {timeAgo(time, now, timeZone)}
    </time>
  );
}

function LastActivityCell({ row, now, timeZone }: { row: EmailRow; now: number; timeZone: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.last} data-fresh={row.unseen || undefined}>
      {row.unseen && <span className={classes.dot} role="img" aria-label={t("emails.unseenActivity")} />}
      <AgeCell at={row.last_activity_at} now={now} timeZone={timeZone} />
    </span>
  );
}
