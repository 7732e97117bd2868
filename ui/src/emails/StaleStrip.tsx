import { Button } from "@mantine/core";
import { IconClock, IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { connectLive, useLive } from "../live/connection";
import { clockIn } from "../times/format";
import classes from "./StaleStrip.module.css";
import { useWaitingActions } from "./waitingActions";

/** While the server is out of reach: how old the list is, and what waits to be sent on. */
export function StaleStrip({ timeZone }: { timeZone: string }) {
  const { t } = useTranslation();
  const live = useLive();
  const waiting = useWaitingActions();
  if (live.kind !== "reconnecting") return null;
  return (
    <div className={classes.strip} role="status">
      <IconCloudOff size={16} stroke={1.6} />
      <span className={classes.words}>
        <b>{t("shell.stale", { time: clockIn(live.lostAt, timeZone) })}</b> {t("shell.staleHint")}
      </span>
      {waiting > 0 && (
        <span className={classes.waiting}>
          <IconClock size={14} stroke={1.6} />
          {t("emails.waiting", { count: waiting })}
        </span>
      )}
      <Button size="xs" variant="default" onClick={connectLive}>
        {t("shell.tryNow")}
      </Button>
    </div>
  );
}
