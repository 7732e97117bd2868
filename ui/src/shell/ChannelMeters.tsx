import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Channel } from "../api/types";
import { channelsQuery } from "../channels/channels";
import classes from "./ChannelMeters.module.css";

const shown = 2;

/** How much of today's allowance each channel has used. */
export function ChannelMeters() {
  const { t } = useTranslation();
  const { data } = useQuery(channelsQuery);
  const channels = data?.items ?? [];
  return (
    <>
      {channels.slice(0, shown).map((channel) => (
        <Meter key={channel.id} channel={channel} />
      ))}
      {channels.length > shown && (
        <Link to="/settings/channels" className={classes.more}>
          {t("shell.moreChannels", { count: channels.length - shown })}
        </Link>
      )}
    </>
  );
}

function Meter({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const limit = channel.limits.per_day;
  const used = channel.used_today.toLocaleString();
  return (
    <div className={classes.meter}>
      <div className={classes.words}>
        <b className="qd-truncate">{channel.name}</b>
        <span data-paused={channel.state === "paused" || undefined}>
          {channel.state === "paused"
            ? t("shell.channelPaused")
            : limit === null
              ? t("shell.usedTodayUnlimited", { count: channel.used_today })
              : t("shell.usedToday", { used, limit: limit.toLocaleString() })}
        </span>
      </div>
      {limit !== null && (
        <div className={classes.bar}>
          <i style={{ width: `${Math.min(100, (100 * channel.used_today) / limit)}%` }} />
        </div>
      )}
    </div>
  );
}
