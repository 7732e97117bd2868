import { useTranslation } from "react-i18next";
import type { EmailRow } from "../../api/types";
import { cityOf, clockIn, fullTime, momentToCome, timeUntil } from "../../times/format";
import { useNow } from "../../times/now";
import { expectedAt } from "../words";
import { zoneTold } from "../zoneTold";
import classes from "./WhenCell.module.css";

type Props = { row: EmailRow; now: number; timeZone: string; onUndo: (row: EmailRow) => void };

/** When an email leaves: the seconds in which it can be taken back, or a moment with how far it is. */
export function WhenCell({ row, now, timeZone, onUndo }: Props) {
  const { t } = useTranslation();
  const at = expectedAt(row);
  if (at === null) return <span className={classes.first}>{t("emails.noTime")}</span>;
  if (row.wait?.reason === "undo_window") return <UndoCountdown row={row} until={at} onUndo={onUndo} />;
  if (at <= now) return <span className={classes.first}>{t("emails.now")}</span>;
  const { first, second } = twoTimes(at, now, timeZone, zoneTold(row, now, timeZone));
  return (
    <time className={classes.when} dateTime={new Date(at).toISOString()} title={fullTime(at, timeZone)}>
      <span className={classes.first}>{first}</span>
      <span className={classes.second}>{second}</span>
    </time>
  );
}

/** A time chosen for somebody far away is told in their zone first: "Tomorrow 09:00 (Seoul)". */
function twoTimes(at: number, now: number, mine: string, told: string) {
  return told === mine
    ? { first: momentToCome(at, now, mine), second: timeUntil(at, now) }
    : timesElsewhere(at, now, mine, told);
}

function timesElsewhere(at: number, now: number, mine: string, theirs: string) {
  return {
    first: `${momentToCome(at, now, theirs)} (${cityOf(theirs)})`,
    second: `${clockIn(at, mine)} · ${timeUntil(at, now)}`,
  };
}

const circumference = 2 * Math.PI * 7;

function UndoCountdown({
  row,
  until,
  onUndo,
}: {
  row: EmailRow;
  until: number;
  onUndo: (row: EmailRow) => void;
}) {
  const { t } = useTranslation();
  const now = useNow(250);
  const left = Math.max(0, until - now);
  const whole = Math.max(1, until - Date.parse(row.updated_at));
  if (left === 0) return <span className={classes.first}>{t("emails.sendingNow")}</span>;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.undo}
      onClick={(event) => {
        event.stopPropagation();
        onUndo(row);
      }}
    >
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <circle cx="9" cy="9" r="7" className={classes.ring} />
        <circle
          cx="9"
          cy="9"
          r="7"
          className={classes.left}
          strokeDasharray={circumference}
          strokeDashoffset={circumference * (1 - Math.min(1, left / whole))}
          transform="rotate(-90 9 9)"
        />
      </svg>
      {t("emails.undoLeft", { seconds: Math.ceil(left / 1000) })}
    </button>
  );
}
