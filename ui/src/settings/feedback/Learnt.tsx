import { useTranslation } from "react-i18next";
import type { ChannelFeedback } from "../../api/types";
import { CopyField } from "../CopyField";
import channels from "../channels/Channels.module.css";

/** What is in force: addresses to take along, and who has called. */
export function Learnt({ feedback }: { feedback: ChannelFeedback }) {
  const { t, i18n } = useTranslation();
  const { webhook, feedback_address, port_open, return_domain, mailbox } = feedback;
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <>
      {return_domain && !port_open && <p className={channels.zero}>{t("settings.feedback.portClosed")}</p>}
      {feedback_address && (
        <div>
          <CopyField label={t("settings.feedback.feedbackAddress")} value={feedback_address} />
          <p className={channels.below}>{t("settings.feedback.feedbackAddressHint")}</p>
        </div>
      )}
      {webhook && (
        <div>
          {webhook.url && <CopyField label={t("settings.feedback.url")} value={webhook.url} />}
          <p className={channels.below}>
            {webhook.called_at
              ? t("settings.feedback.calledAt", { at: time.format(new Date(webhook.called_at)) })
              : t("settings.feedback.neverCalled")}
          </p>
        </div>
      )}
      <p className={channels.below}>
        {t(mailbox ? "settings.feedback.mailbox" : "settings.feedback.noMailbox")}
      </p>
    </>
  );
}
