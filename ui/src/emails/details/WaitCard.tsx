import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Channel, EmailDetails } from "../../api/types";
import { channelsQuery } from "../../channels/channels";
import { comingInSentence, fullTime, timeUntil } from "../../times/format";
import { useNow } from "../../times/now";
import { waitLooks } from "../tones";
import { useLimits } from "../useLimits";
import { expectedAt, sayWait } from "../words";
import classes from "./Details.module.css";

type Props = { email: EmailDetails; timeZone: string };

/** When a scheduled email leaves, and why not sooner. */
export function WaitCard({ email, timeZone }: Props) {
  const { t } = useTranslation();
  const now = useNow(1000);
  const paused = usePausedChannel(email);
  const limits = useLimits(email);
  if (email.wait === null) return null;
  const { icon: Icon, tone } = waitLooks[email.wait.reason];
  const { title, hint } = sayWait(email, timeZone, limits);
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
                  time: comingInSentence(at, now, timeZone),
                  until: timeUntil(at, now),
                })}
          </b>
          <p>
            {title} · {hint}
          </p>
          {paused && email.wait.reason === "channel_paused" && (
            <Restored email={email} channel={paused} timeZone={timeZone} />
          )}
          {paused && email.wait.reason !== "channel_paused" && (
            <p>{t("emails.details.leavesIfResumed", { channel: paused.name })}</p>
          )}
        </div>
      </div>
    </div>
  );
}

/** The email's channel, while it rests: mail whose own time lies ahead is held by it too once that has come. */
function usePausedChannel(email: EmailDetails): Channel | undefined {
  const { data } = useQuery({ ...channelsQuery, enabled: email.status === "scheduled" });
  return data?.items.find(({ id, paused }) => id === email.channel?.id && paused !== null);
}

type RestoredProps = { email: EmailDetails; channel: Channel; timeZone: string };

/** After a restore: what waits in the backup may have left before the server was lost. */
function Restored({ email, channel: { name, paused }, timeZone }: RestoredProps) {
  const { t } = useTranslation();
  // The text of this pause is no server's: it is the moment the backup was taken.
  const backup = paused?.reason === "restored" ? paused.server_text : null;
  if (!backup) return null;
  // What was handed in after the restore waited in no backup.
  const queued = email.events.find(({ kind }) => kind === "queued" || kind === "retried")?.at;
  if (queued !== undefined && Date.parse(queued) > Date.parse(backup)) return null;
  return <p>{t("emails.restored", { channel: name, time: fullTime(Date.parse(backup), timeZone) })}</p>;
}
