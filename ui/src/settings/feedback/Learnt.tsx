import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ChannelFeedback, WebhookProvider } from "../../api/types";
import { useSession } from "../../session/session";
import { momentOf } from "../../times/format";
import { useNow } from "../../times/now";
import { CopyField } from "../CopyField";
import channels from "../channels/Channels.module.css";
import { sayProblem } from "../sayProblem";
import { obstacleOf } from "./reachable";

type Props = { feedback: ChannelFeedback; chosen: WebhookProvider | "" };

/** What is in force: addresses to take along, and who has called. */
export function Learnt({ feedback, chosen }: Props) {
  const { t } = useTranslation();
  const { webhook, feedback_address, port_open, return_domain, mailbox } = feedback;
  return (
    <>
      {return_domain && !port_open && <p className={channels.zero}>{t("settings.feedback.portClosed")}</p>}
      {feedback_address && (
        <div>
          <CopyField label={t("settings.feedback.feedbackAddress")} value={feedback_address} />
          <p className={channels.below}>{t("settings.feedback.feedbackAddressHint")}</p>
        </div>
      )}
      {webhook && webhook.provider === chosen && <Calls webhook={webhook} />}
      {chosen !== "" && webhook?.provider !== chosen && (
        <p className={channels.below}>{t("settings.feedback.urlLater")}</p>
      )}
      <p className={channels.below}>
        {t(mailbox ? "settings.feedback.mailbox" : "settings.feedback.noMailbox")}
      </p>
    </>
  );
}

/** Reasons that come from what is entered on the two sides. */
const unproven = new Set(["forged", "wrong_password", "other_topic"]);

/** Whether entering it once more may help. Amazon signs with a certificate of its own, which nobody enters. */
function canBeEntered(provider: WebhookProvider, why: string): boolean {
  return unproven.has(why) && !(provider === "ses" && why === "forged");
}

/** Where the provider calls, when it last did, and which call was not believed. */
function Calls({ webhook }: { webhook: NonNullable<ChannelFeedback["webhook"]> }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const now = useNow(60_000);
  const at = (moment: string) => momentOf(Date.parse(moment), now, user.time_zone);
  const { provider, url, called_at, refused } = webhook;
  const obstacle = url && obstacleOf(url);
  return (
    <div>
      {url && <CopyField label={t("settings.feedback.url")} value={url} />}
      {url && obstacle && (
        <p className={`${channels.zero} ${channels.apart}`} role="status">
          {t(`settings.feedback.${obstacle}`)}
        </p>
      )}
      <p className={channels.below}>
        {called_at
          ? t("settings.feedback.calledAt", { at: at(called_at) })
          : t("settings.feedback.neverCalled")}
      </p>
      {refused && (
        <div className={channels.paused} role="status">
          <IconAlertTriangle size={16} stroke={1.6} />
          <div>
            <b>{t("settings.feedback.refusedAt", { at: at(refused.at) })}</b>{" "}
            {sayProblem("feedback", refused.why)} {t("settings.feedback.refusedSafe")}{" "}
            {canBeEntered(provider, refused.why) && t("settings.feedback.refusedMend")}
          </div>
        </div>
      )}
    </div>
  );
}
