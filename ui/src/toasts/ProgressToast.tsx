import { useTranslation } from "react-i18next";
import { Keys } from "../commands/Keys";
import classes from "./Toasts.module.css";
import { type Offer, takeBack } from "./undo";

type Props = { offer: Offer; message: string; done: number; total: number };

/** "Archive: 1,000 of 12,000 · Cancel Z". */
export function ProgressToast({ offer, message, done, total }: Props) {
  const { t } = useTranslation();
  return (
    <span className={classes.toast}>
      <span
        className={classes.message}
        role="progressbar"
        aria-label={message}
        aria-valuemin={0}
        aria-valuenow={done}
        aria-valuemax={total}
      >
        <span className="qd-figures">{message}</span>
        <progress className={classes.progress} value={done} max={total} aria-hidden="true" />
      </span>
      <button type="button" className={classes.undo} onClick={() => void takeBack(offer)}>
        {t("states.cancel")}
        <Keys of="z" tone="inverse" />
      </button>
    </span>
  );
}
