import { IconChevronDown } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationPart, EmailDetails, Received } from "../api/types";
import { nameOf, subjectOf } from "../emails/words";
import { fullTime, momentOf } from "../times/format";
import classes from "./Conversation.module.css";
import { partLooks } from "./looks";
import { Notice } from "./Notice";
import { ReceivedMessage } from "./ReceivedMessage";
import { SentPart } from "./SentPart";
import { sayAway } from "./words";

type Props = {
  part: ConversationPart;
  email: EmailDetails;
  open: boolean;
  onToggle: (open: boolean) => void;
  now: number;
  timeZone: string;
  readOnly: boolean;
};

/** One line of the conversation, and under it the message when it is open. */
export function Part({ part, email, open, onToggle, now, timeZone, readOnly }: Props) {
  const { t } = useTranslation();
  const body = useId();
  const { sent, received } = part;
  const kind = received?.kind ?? "sent";
  const { icon: Icon, tone } = partLooks[kind];
  const at = Date.parse(part.at);
  const who = received ? senderOf(received, email) : t("conversation.you");
  const away = received && sayAway(received, now);
  const gist = received
    ? away || received.snippet || received.server_text || received.subject
    : sent && subjectOf(sent);
  const mark = received && t(`conversation.kinds.${received.kind}`);

  return (
    <li className={classes.part} data-part={part.id} data-open={open || undefined}>
      <button
        type="button"
        className={classes.line}
        aria-expanded={open}
        aria-controls={body}
        onClick={() => onToggle(!open)}
      >
        <span className={classes.icon} data-tone={tone}>
          <Icon size={14} stroke={1.6} />
        </span>
        <b className="qd-truncate">{who}</b>
        {mark && (
          <span className={classes.mark} data-tone={tone}>
            {mark}
          </span>
        )}
        {sent?.id === email.id && <span className={classes.mark}>{t("conversation.thisEmail")}</span>}
        <span className={classes.gist}>{open ? "" : gist}</span>
        <time dateTime={part.at} title={fullTime(at, timeZone)}>
          {momentOf(at, now, timeZone)}
        </time>
        <IconChevronDown className={classes.chevron} size={14} stroke={1.6} />
      </button>
      <div id={body} className={classes.body} hidden={!open}>
        {open && sent && <SentPart sent={sent} current={email} />}
        {open && received?.readable && <ReceivedMessage received={received} now={now} readOnly={readOnly} />}
        {open && received && !received.readable && <Notice received={received} />}
      </div>
    </li>
  );
}

/** The person's own address is called by the person's name. */
function senderOf({ from }: Received, email: EmailDetails): string {
  const isPerson = from.address.toLowerCase() === email.to_address?.toLowerCase();
  return from.name || (isPerson ? nameOf(email) : from.address) || nameOf(email);
}
