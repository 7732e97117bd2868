import { ActionIcon, Tooltip } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { MAX_NEW } from "./api";
import classes from "./FeedButton.module.css";
import { toggleFeed, useFeedPreferences } from "./preferences";

const name = "feed-button";

/** Where the focus goes when the feed closes that had it. */
export const focusFeedButton = (): void => document.getElementById(name)?.focus();

/** Opens and closes the feed; says how much is new in it. */
export function FeedButton({ count }: { count: number }) {
  const { t } = useTranslation();
  const { open } = useFeedPreferences();
  const label = t(open ? "feed.close" : "feed.open");
  return (
    <Tooltip label={label}>
      <ActionIcon
        id={name}
        className={classes.button}
        aria-label={count > 0 ? `${label} · ${t("feed.new", { count })}` : label}
        aria-expanded={open}
        onClick={toggleFeed}
      >
        <IconActivity size={17} stroke={1.6} />
        {count > 0 && (
          <span className={classes.count} aria-hidden="true">
            {count >= MAX_NEW ? t("feed.many") : count}
          </span>
        )}
      </ActionIcon>
    </Tooltip>
  );
}
