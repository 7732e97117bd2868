import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../states/EmptyState";
import { changeFeed, useFeedPreferences } from "./preferences";

/** Nothing yet, or nothing that the filter lets through. */
export function FeedEmpty() {
  const { t } = useTranslation();
  const { kinds } = useFeedPreferences();
  if (kinds.length === 0) return <EmptyState title={t("feed.empty.title")} hint={t("feed.empty.hint")} />;
  return (
    <EmptyState title={t("feed.nothingLeft.title")} hint={t("feed.nothingLeft.hint")}>
      <Button onClick={() => changeFeed({ kinds: [] })}>{t("feed.nothingLeft.action")}</Button>
    </EmptyState>
  );
}
