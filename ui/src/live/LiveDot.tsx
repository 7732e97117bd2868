import { useTranslation } from "react-i18next";
import { useNow } from "../times/now";
import { useLive } from "./connection";
import classes from "./LiveDot.module.css";

/** Green while changes arrive by themselves; brass with a countdown while they do not. */
export function LiveDot() {
  const { t } = useTranslation();
  const live = useLive();
  const now = useNow(1000);
  if (live.kind === "reconnecting") {
    const seconds = Math.max(0, Math.ceil((live.retryAt - now) / 1000));
    return (
      <span className={classes.live} data-lost="">
        <span className={classes.dot} />
        {t("shell.reconnecting", { seconds })}
      </span>
    );
  }
  return (
    <span className={classes.live}>
      <span className={classes.dot} />
      {t(live.kind === "live" ? "shell.live" : "shell.connecting")}
    </span>
  );
}
