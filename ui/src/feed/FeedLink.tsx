import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import classes from "../shell/Navigation.module.css";
import { newsQuery } from "./api";
import { toggleFeed, useFeedPreferences } from "./preferences";

/** The feed's line in the navigation; a dot when something is new. */
export function FeedLink() {
  const { t } = useTranslation();
  const { open } = useFeedPreferences();
  const count = useQuery(newsQuery).data?.count ?? 0;
  return (
    <button type="button" className={classes.place} data-sub="" aria-expanded={open} onClick={toggleFeed}>
      <span className={classes.label}>{t("feed.title")}</span>
      {count > 0 && <span className={classes.news} role="img" aria-label={t("feed.new", { count })} />}
    </button>
  );
}
