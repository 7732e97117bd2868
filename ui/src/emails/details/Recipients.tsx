import { useTranslation } from "react-i18next";
import type { EmailDetails, Recipient } from "../../api/types";
import classes from "./Details.module.css";

const tones: Record<Recipient["outcome"], string> = {
  waiting: "ink",
  attempting: "marine",
  accepted: "green",
  refused: "coral",
  deferred: "brass",
  uncertain: "brass",
  left_out: "coral",
};

/** What became of each recipient, when there are copies. */
export function Recipients({ email }: { email: EmailDetails }) {
  const { t } = useTranslation();
  if (email.recipients.length < 2) return null;
  return (
    <div className={classes.section}>
      <h3 className={classes.title}>{t("emails.details.recipients")}</h3>
      <ul className={classes.recipients}>
        {email.recipients.map((recipient) => (
          <li key={`${recipient.kind} ${recipient.address}`}>
            <span className={classes.kind}>{t(`emails.details.kinds.${recipient.kind}`)}</span>
            <span className="qd-truncate">{recipient.address}</span>
            <span
              className={classes.outcome}
              data-tone={tones[recipient.outcome]}
              title={recipient.reply ?? undefined}
            >
              {t(`emails.details.outcomes.${recipient.outcome}`)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
