import { IconPlayerPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { useSession } from "../../session/session";
import { clockIn, fullTime } from "../../times/format";
import classes from "./Channels.module.css";

type Props = { paused: NonNullable<Channel["paused"]>; waiting: number };

/** Why the channel rests, in plain words; the server's own words stand below, unchanged. */
export function PausedNote({ paused, waiting }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const until = paused.until && clockIn(Date.parse(paused.until), user.time_zone);
  // Its text is no server's: it is the moment the backup was taken.
  const backup = paused.reason === "restored" && paused.server_text;
  const time = backup ? fullTime(Date.parse(backup), user.time_zone) : "";
  return (
    <div className={classes.paused} role="status">
      <IconPlayerPause size={16} stroke={1.6} />
      <div>
        <b>{t(`settings.channels.pausedBecause.${paused.reason}`, { time })}</b>{" "}
        {until && `${t("settings.channels.pausedUntil", { time: until })} `}
        {waiting > 0 && t("settings.channels.waitsSafely", { count: waiting })}
        {paused.server_text && !backup && <div className="qd-mono">{paused.server_text}</div>}
      </div>
    </div>
  );
}
