import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EmailDetails, EmailEvent } from "../../api/types";
import { cityOf, fullTime, momentOf } from "../../times/format";
import classes from "./Details.module.css";
import { Engagement } from "./Engagement";
import { eventLook, sayEvent } from "./events";
import { Transcript } from "./Transcript";

type Props = {
  email: EmailDetails;
  now: number;
  timeZone: string;
  /** Shows what came back. */
  onRead: (received: string) => void;
};

/** Events behind which a message stands that can be read. */
const written: ReadonlySet<EmailEvent["kind"]> = new Set(["replied", "auto_replied"]);

/** Everything that happened to the email, the newest first, each with its time and evidence. */
export function History({ email, now, timeZone, onRead }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.section}>
      <h3 className={classes.title}>
        {t("emails.details.happened")}
        <span className={classes.aside}>
          {t("emails.details.events", { count: email.events.length, city: cityOf(timeZone) })}
        </span>
      </h3>
      <Engagement email={email} />
      <ol className={classes.history}>
        {email.events.map((event) => (
          <HistoryEntry
            key={event.id}
            event={event}
            now={now}
            timeZone={timeZone}
            copies={email.recipients.length > 1}
            onRead={onRead}
          />
        ))}
      </ol>
    </div>
  );
}

type EntryProps = {
  event: EmailEvent;
  now: number;
  timeZone: string;
  copies: boolean;
  onRead: (received: string) => void;
};

function HistoryEntry({ event, now, timeZone, copies, onRead }: EntryProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { icon: Icon, tone } = eventLook(event);
  const { title, rest, evidence, quoted } = sayEvent(event, now, timeZone, copies);
  const at = Date.parse(event.at);
  const transcript = event.data.transcript ?? [];
  return (
    <li className={classes.event} data-quiet={tone === "quiet" || undefined}>
      <span className={classes.eventIcon} data-tone={tone}>
        <Icon size={13} stroke={1.7} />
      </span>
      <div className={classes.eventText}>
        <b>{title}</b> {rest}
        {evidence && <div className={classes.evidence}>{evidence}</div>}
        {quoted && <div className={classes.quoted}>{quoted}</div>}
        {transcript.length > 0 && (
          <button type="button" className={classes.link} aria-expanded={open} onClick={() => setOpen(!open)}>
            {t("emails.details.transcript")}
          </button>
        )}
        {written.has(event.kind) && event.data.received_id && (
          <button type="button" className={classes.link} onClick={() => onRead(event.data.received_id ?? "")}>
            {t("conversation.read")}
          </button>
        )}
        {open && <Transcript lines={transcript} refused={event.kind !== "accepted"} />}
      </div>
      <time className={classes.eventTime} dateTime={event.at} title={fullTime(at, timeZone)}>
        {momentOf(at, now, timeZone)}
      </time>
    </li>
  );
}
