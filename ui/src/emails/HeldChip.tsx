import { useTranslation } from "react-i18next";
import { Keys } from "../commands/Keys";
import classes from "./HeldChip.module.css";

type Props = { newer: number; gone: number; selecting: boolean; onShow: () => void };

/** What is held back so that nothing moves under the hand, and how to let it in. */
export function HeldChip({ newer, gone, selecting, onShow }: Props) {
  const { t } = useTranslation();
  if (newer + gone === 0) return null;
  return (
    <span className={classes.held}>
      <span>
        <b>
          {gone === 0
            ? t("emails.held.newer", { count: newer })
            : t("emails.held.changed", { count: newer + gone })}
        </b>
        {selecting && <span className={classes.why}> {t("emails.held.select")}</span>}
      </span>
      <button type="button" className={classes.show} onClick={onShow}>
        {t("emails.held.show")}
        <Keys of="." />
      </button>
    </span>
  );
}
