import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconKeyboard, IconPencil } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { showDialog } from "../commands/dialogs";
import { Keys } from "../commands/Keys";
import { openCompose } from "../compose/open";
import { FeedButton } from "../feed/FeedButton";
import { useFeedNews } from "../feed/useFeedNews";
import { useOpensEmail } from "../feed/useOpensEmail";
import { LiveDot } from "../live/LiveDot";
import { useSession } from "../session/session";
import { PageTitle } from "./PageTitle";
import classes from "./TopBar.module.css";

/** What is the same above every page: the live dot, the keys, and Compose. */
export function TopBar() {
  const { t } = useTranslation();
  const readOnly = useSession().view_as !== null;
  const news = useFeedNews(useOpensEmail());
  const inSettings = useLocation({ select: ({ pathname }) => pathname.startsWith("/settings") });
  const compose = (): void => openCompose({ kind: "new" });
  return (
    <header className={classes.top}>
      <PageTitle className={classes.title} />
      <LiveDot />
      <FeedButton count={news} />
      <Tooltip label={t("shell.keys")}>
        <ActionIcon className={classes.keys} aria-label={t("shell.keys")} onClick={() => showDialog("keys")}>
          <IconKeyboard size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Button
        className={classes.compose}
        variant="light"
        size="md"
        disabled={readOnly}
        leftSection={<IconPencil stroke={1.6} />}
        rightSection={<Keys of="c" tone="soft" />}
        onClick={compose}
      >
        {t("shell.compose")}
      </Button>
      {!readOnly && !inSettings && (
        <button type="button" className={classes.floating} aria-label={t("shell.compose")} onClick={compose}>
          <IconPencil size={22} stroke={1.6} />
        </button>
      )}
    </header>
  );
}
