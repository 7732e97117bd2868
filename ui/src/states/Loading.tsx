import { useTranslation } from "react-i18next";
import classes from "./States.module.css";
import { useLate } from "./useLate";

const widths = [38, 64, 46, 72, 30, 58];

/** Grey shapes where words are about to be, and nothing at all for the first 300 ms. */
export function Loading() {
  const { t } = useTranslation();
  const late = useLate(300);
  if (!late) return null;
  return (
    <div className={classes.loading} role="status" aria-label={t("states.loading")}>
      {widths.map((width, place) => (
        <i key={width} style={{ width: `${width}%`, opacity: 1 - place * 0.1 }} />
      ))}
    </div>
  );
}
