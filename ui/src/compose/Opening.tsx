import { useTranslation } from "react-i18next";
import classes from "./Opening.module.css";
import { closeCompose } from "./open";

/** Stands where the window is about to be. It takes the focus, so that what is typed ahead is no command to the list. */
export function Opening() {
  const { t } = useTranslation();
  return (
    <section
      ref={(section) => section?.focus()}
      className={classes.opening}
      role="dialog"
      aria-modal="true"
      aria-busy="true"
      aria-label={t("compose.title")}
      tabIndex={-1}
      onKeyDown={(event) => event.key === "Escape" && closeCompose()}
    />
  );
}
