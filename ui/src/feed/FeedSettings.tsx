import { ActionIcon, Popover, Switch, Tooltip } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./FeedPanel.module.css";
import { askToNotify, noteTold, type Permission, permission } from "./notify";
import { changeFeed, useFeedPreferences } from "./preferences";

/** The switches of the feed: machines as well, and the desktop. */
export function FeedSettings() {
  const { t } = useTranslation();
  const { automatic, notify } = useFeedPreferences();
  const [opened, setOpened] = useState(false);
  const [answer, setAnswer] = useState<Permission | null>(null);
  // What was allowed once may have been taken back in the browser's settings.
  const said = answer ?? (notify ? permission() : "granted");

  const choose = async (wanted: boolean): Promise<void> => {
    const given = wanted ? await askToNotify() : null;
    setAnswer(given);
    if (given === "granted") noteTold(new Date().toISOString());
    changeFeed({ notify: given === "granted" });
  };

  return (
    <Popover
      position="bottom-end"
      width={280}
      shadow="lg"
      radius="lg"
      trapFocus
      opened={opened}
      onChange={setOpened}
    >
      <Popover.Target>
        <Tooltip label={t("feed.settings")} disabled={opened}>
          <ActionIcon
            className={classes.headButton}
            aria-label={t("feed.settings")}
            onClick={() => setOpened(!opened)}
          >
            <IconAdjustmentsHorizontal size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.settings} aria-label={t("feed.settings")}>
        <Switch
          label={t("feed.showAutomatic")}
          checked={automatic}
          onChange={(event) => changeFeed({ automatic: event.currentTarget.checked })}
        />
        <Switch
          label={t("feed.notify")}
          description={t("feed.notifyHint")}
          error={said === "granted" ? undefined : t(`feed.notifyRefused.${said}`)}
          checked={notify && said === "granted"}
          onChange={(event) => void choose(event.currentTarget.checked)}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
