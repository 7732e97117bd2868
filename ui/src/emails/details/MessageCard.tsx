import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import { momentOf } from "../../times/format";
import { messageQuery, previewQuery } from "../api";
import { subjectOf } from "../words";
import { Attachments } from "./Attachments";
import classes from "./Details.module.css";
import { MessageFrame } from "./MessageFrame";

type Props = { email: EmailDetails; now: number; timeZone: string };

/** The message as it was sent, or as it would be now. */
export function MessageCard({ email, now, timeZone }: Props) {
  const { t } = useTranslation();
  const wasSent = email.sent_at !== null;
  const message = useQuery({ ...messageQuery(email.id), enabled: wasSent });
  const preview = useQuery({ ...previewQuery(email.id), enabled: !wasSent });
  const { data: shown, isError } = wasSent ? message : preview;
  const from = message.data?.from ?? email.identity;
  return (
    <div className={classes.section}>
      <h3 className={classes.title}>
        {t(titleOf(email))}
        {email.sent_at && (
          <span className={classes.aside}>{momentOf(Date.parse(email.sent_at), now, timeZone)}</span>
        )}
      </h3>
      <div className={classes.card}>
        <div className={classes.cardHead}>
          <b>{shown?.subject || subjectOf(email)}</b>
          {from &&
            t("emails.details.fromTo", {
              from: from.name || from.address,
              to: email.to_address ?? t("emails.nobody"),
            })}
        </div>
        {isError ? (
          <p className={classes.cardNote}>{t("emails.details.messageDidNotLoad")}</p>
        ) : (
          shown && <MessageFrame html={shown.html} title={t("emails.details.frame")} />
        )}
        <Attachments email={email} />
      </div>
    </div>
  );
}

function titleOf({ sent_at, status }: EmailDetails) {
  if (sent_at !== null) return "emails.details.message";
  return status === "scheduled" ? "emails.details.messageToCome" : "emails.details.messageNotSent";
}
