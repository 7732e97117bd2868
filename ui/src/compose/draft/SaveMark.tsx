import { IconAlertTriangle, IconCheck, IconCloudOff, IconGitMerge } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { isOffline } from "../../api/problem";
import classes from "../TitleBar.module.css";
import type { Draft } from "./useDraft";

/** Whether the words are kept, and where. */
export function SaveMark({ state }: { state: Draft["state"] }) {
  const { t } = useTranslation();
  const { phase, server, problem } = state;
  if (phase === "saved" && !server) return null;
  if (phase === "failed") {
    const Icon = isOffline(problem) ? IconCloudOff : IconAlertTriangle;
    return (
      <span className={classes.save} data-tone="brass" role="status">
        <Icon size={14} stroke={1.6} />
        {t("compose.save.here")}
      </span>
    );
  }
  if (phase === "conflict") {
    return (
      <span className={classes.save} data-tone="brass">
        <IconGitMerge size={14} stroke={1.6} />
        {t("compose.save.conflict")}
      </span>
    );
  }
  return (
    <span className={classes.save}>
      {phase === "saved" && <IconCheck size={14} stroke={1.6} />}
      {t(phase === "saved" ? "compose.save.saved" : "compose.save.saving")}
    </span>
  );
}
