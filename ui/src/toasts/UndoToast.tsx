import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Keys } from "../commands/Keys";
import { useNow } from "../times/now";
import classes from "./Toasts.module.css";
import { type Offer, takeBack } from "./undo";

/** "3 archived · Undo Z". A send also shows the seconds that are left. */
export function UndoToast({ offer, message }: { offer: Offer; message: string }) {
  return (
    <span className={classes.toast}>
      <span className={classes.message}>{message}</span>
      <UndoButton offer={offer} />
    </span>
  );
}

function UndoButton({ offer }: { offer: Offer }) {
  const { t } = useTranslation();
  return (
    <button type="button" className={classes.undo} onClick={() => void takeBack(offer)}>
      {t("states.undo")}
      {offer.until !== null && <SecondsLeft id={offer.id} until={offer.until} />}
      <Keys of="z" tone="inverse" />
    </button>
  );
}

function SecondsLeft({ id, until }: { id: string; until: number }) {
  const { t } = useTranslation();
  const seconds = Math.max(0, Math.ceil((until - useNow(250)) / 1000));
  useEffect(() => {
    if (seconds === 0) notifications.hide(id);
  }, [seconds, id]);
  return <span className="qd-figures">{t("times.seconds", { count: seconds })}</span>;
}
