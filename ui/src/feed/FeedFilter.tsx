import { useTranslation } from "react-i18next";
import type { FeedKind } from "../api/types";
import { feedKinds } from "./api";
import classes from "./FeedFilter.module.css";
import { changeFeed, useFeedPreferences } from "./preferences";

/** Which kinds are shown; none chosen is all of them. */
export function FeedFilter() {
  const { t } = useTranslation();
  const { kinds } = useFeedPreferences();
  const toggle = (kind: FeedKind): void =>
    changeFeed({ kinds: kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind] });
  return (
    <fieldset className={classes.filter}>
      <legend className="qd-hidden">{t("feed.filter")}</legend>
      <button
        type="button"
        className={classes.chip}
        aria-pressed={kinds.length === 0}
        onClick={() => changeFeed({ kinds: [] })}
      >
        {t("feed.all")}
      </button>
      {feedKinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className={classes.chip}
          aria-pressed={kinds.includes(kind)}
          onClick={() => toggle(kind)}
        >
          {t(`feed.kinds.${kind}`)}
        </button>
      ))}
    </fieldset>
  );
}
