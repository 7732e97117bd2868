import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import { momentToCome, timeUntil } from "../../times/format";
import { waitLooks } from "../tones";
import { expectedAt, sayWait } from "../words";
import classes from "./Details.module.css";

type Props = { email: EmailDetails; now: number; timeZone: string };

/** When a scheduled email leaves, and why not sooner. */
export function WaitCard({ email, now, timeZone }: Props) {
  const { t } = useTranslation();
  if (email.wait === null) return null;
  const { icon: Icon, tone } = waitLooks[email.wait.reason];
  const { title, hint } = sayWait(email, timeZone);
  const at = expectedAt(email);
  return (
    <div className={classes.section}>
      <div className={classes.verdict} data-tone={tone}>
        <Icon size={20} stroke={1.6} />
        <div>
          <b>
            {at === null
              ? t("emails.noTime")
              : t("emails.details.leaves", {
                  time: momentToCome(at, now, timeZone),
                  until: timeUntil(at, now),
                })}
          </b>
          <p>
            {title} · {hint}
          </p>
        </div>
      </div>
    </div>
  );
}
