import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../channels/channels";
import classes from "./ChannelMeters.module.css";

const shown = 2;

/** How much of today's allowance each channel has used. */
export function ChannelMeters() {
  const { t } = useTranslation();
  const { data } = useQuery(channelsQuery);
  return data?.items.slice(0, shown).map((channel) => {
    const limit = channel.limits.per_day;
    const used = channel.used_today.toLocaleString();
    return (
      <div key={channel.id} className={classes.meter}>
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
  });
}
