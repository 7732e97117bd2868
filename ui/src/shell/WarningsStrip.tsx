import { ActionIcon } from "@mantine/core";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Warning } from "../api/types";
import { useSession } from "../session/session";
import classes from "./Strips.module.css";

/** What the server finds amiss with its own set-up, one sentence each, until hidden. */
export function WarningsStrip() {
  const { t } = useTranslation();
  const { warnings } = useSession();
  const [hidden, setHidden] = useState<Warning[]>([]);
  return warnings
    .filter((warning) => !hidden.includes(warning))
    .slice(0, 1)
    .map((warning) => (
      <div key={warning} className={classes.strip} data-tone="brass" role="status">
        <IconAlertTriangle size={16} stroke={1.6} />
        <span className={classes.words}>{t(`shell.warnings.${warning}`)}</span>
        <ActionIcon aria-label={t("shell.hideWarning")} onClick={() => setHidden([...hidden, warning])}>
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
      </div>
    ));
}
