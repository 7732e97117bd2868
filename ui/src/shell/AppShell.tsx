import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useDialog } from "../commands/dialogs";
import { KeyListener } from "../commands/KeyListener";
import { Opening } from "../compose/Opening";
import { useComposeRequest } from "../compose/open";
import { useRescuedDrafts } from "../compose/useRescuedDrafts";
import { FeedPlace } from "../feed/FeedPlace";
import { useFollowing } from "../live/following";
import classes from "./AppShell.module.css";
import { BottomBar } from "./BottomBar";
import { Navigation } from "./Navigation";
import { TopBar } from "./TopBar";
import { useShellCommands } from "./useShellCommands";
import { ViewAsBanner } from "./ViewAsBanner";
import { WarningsStrip } from "./WarningsStrip";

const CommandPalette = lazy(() => import("../commands/CommandPalette"));
const KeySheet = lazy(() => import("../commands/KeySheet"));
const ComposeWindow = lazy(() => import("../compose/ComposeWindow"));

/** What surrounds every page behind the sign-in. */
export function AppShell() {
  const { t } = useTranslation();
  const dialog = useDialog();
  const request = useComposeRequest();
  useFollowing();
  useRescuedDrafts();
  useShellCommands();

  return (
    <div className={classes.app}>
      <a className={classes.skip} href="#content">
        {t("shell.skip")}
      </a>
      <Navigation />
      <div className={classes.main}>
        <ViewAsBanner />
        <WarningsStrip />
        <TopBar />
        <main className={classes.content} id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <FeedPlace />
      <BottomBar />
      <KeyListener />
      <Suspense>
        {dialog === "palette" && <CommandPalette />}
        {dialog === "keys" && <KeySheet />}
      </Suspense>
      <Suspense fallback={<Opening />}>{request && <ComposeWindow request={request} />}</Suspense>
    </div>
  );
}
