import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { EmailDetails, EmailRow } from "../api/types";
import { messageQuery } from "../emails/api";
import { Attachments } from "../emails/details/Attachments";
import details from "../emails/details/Details.module.css";
import { MessageFrame } from "../emails/details/MessageFrame";
import { subjectOf } from "../emails/words";

/** An email as it was sent. */
export function SentPart({ sent, current }: { sent: EmailRow; current: EmailDetails }) {
  const { t } = useTranslation();
  const { data, isError } = useQuery(messageQuery(sent.id));
  const from = data?.from ?? sent.identity;
  return (
    <div className={details.card}>
      <div className={details.cardHead}>
        <b>{data?.subject || subjectOf(sent)}</b>
        {from &&
          t("conversation.to", {
            from: from.name || from.address,
            to: sent.to_address ?? t("emails.nobody"),
          })}
      </div>
      {isError && <p className={details.cardNote}>{t("conversation.messageDidNotLoad")}</p>}
      {data && <MessageFrame html={data.html} title={t("emails.details.frame")} />}
      {sent.id === current.id && <Attachments email={current} />}
    </div>
  );
}
