import { ActionIcon, Button } from "@mantine/core";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Warning } from "../api/types";
import { confirmClock, useSession } from "../session/session";
import { sayError } from "../toasts/toasts";
import classes from "./Strips.module.css";

/** What the server finds amiss with its own set-up, one sentence each, until hidden; first what stops the mail. */
export function WarningsStrip() {
  const { t } = useTranslation();
  const { warnings, role } = useSession();
  const [hidden, setHidden] = useState<Warning[]>([]);
  const warning = warnings.includes("clock_jumped")
    ? "clock_jumped"
    : warnings.find((one) => !hidden.includes(one));
  if (warning === undefined) return null;
  return (
    <div className={classes.strip} data-tone="brass" role="status">
      <IconAlertTriangle size={16} stroke={1.6} />
      <span className={classes.words}>{t(`shell.warnings.${warning}`)}</span>
      {warning === "mailbox_lapsed" && (
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => <Link to="/settings/mailboxes" {...props} />}
        >
          {t("shell.toMailboxes")}
        </Button>
      )}
      {(warning === "tracking_domain_fails" || warning === "tracking_certificate_ends") && (
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => <Link to="/settings/tracking-domain" {...props} />}
        >
          {t("shell.toTrackingDomain")}
        </Button>
      )}
      {warning !== "clock_jumped" && (
        <ActionIcon aria-label={t("shell.hideWarning")} onClick={() => setHidden([...hidden, warning])}>
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
      )}
      {warning === "clock_jumped" && role === "admin" && (
        <Button size="xs" variant="default" onClick={() => void confirmClock().catch(sayError)}>
          {t("shell.confirmClock")}
        </Button>
      )}
    </div>
  );
}
