import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import { channelsQuery } from "../../channels/channels";
import { fullTime, momentToCome, timeUntil } from "../../times/format";
import { waitLooks } from "../tones";
import { expectedAt, sayWait } from "../words";
import classes from "./Details.module.css";

type Props = { email: EmailDetails; now: number; timeZone: string };

/** When a scheduled email leaves, and why not sooner. */
export function WaitCard({ email, now, timeZone }: Props) {
  const { t } = useTranslation();
  const restored = useRestored(email, timeZone);
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
          {restored && <p>{restored}</p>}
        </div>
      </div>
    </div>
  );
}

/** After a restore: what waits in the backup may have left before the server was lost. */
function useRestored(email: EmailDetails, timeZone: string): string | null {
  const { t } = useTranslation();
  const { data } = useQuery({ ...channelsQuery, enabled: email.wait?.reason === "channel_paused" });
  const channel = data?.items.find(({ id }) => id === email.channel?.id);
  // The text of this pause is no server's: it is the moment the backup was taken.
  const backup = channel?.paused?.reason === "restored" ? channel.paused.server_text : null;
  if (channel === undefined || !backup || email.wait?.reason !== "channel_paused") return null;
  const time = fullTime(Date.parse(backup), timeZone);
  // What was handed in after the restore waited in no backup.
  const queued = email.events.find(({ kind }) => kind === "queued" || kind === "retried")?.at;
  if (queued !== undefined && Date.parse(queued) > Date.parse(backup)) return null;
  return t("emails.restored", { channel: channel.name, time });
}
