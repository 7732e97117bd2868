import { IconCornerUpLeft, IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EmailRow } from "../api/types";
import classes from "./StatusBadge.module.css";
import { statusTones } from "./tones";

type Props = { row: Pick<EmailRow, "status" | "uncertain">; short?: boolean };

/** The status of an email in a word; an uncertain one says so. */
export function StatusBadge({ row, short = false }: Props) {
  const { t } = useTranslation();
  if (row.uncertain)
    return (
      <span className={classes.badge} data-tone="brass">
        <IconHelpCircle size={14} stroke={1.6} />
        {t(short ? "emails.statuses.uncertainShort" : "emails.statuses.uncertain")}
      </span>
    );
  return (
    <span className={classes.badge} data-tone={statusTones[row.status]}>
      {t(`emails.statuses.${row.status}`)}
    </span>
  );
}

/** That a person answered; better news than that it was delivered. */
export function RepliedBadge() {
  const { t } = useTranslation();
  return (
    <span className={classes.badge} data-tone="green">
      <IconCornerUpLeft size={14} stroke={1.6} />
      {t("emails.statuses.replied")}
    </span>
  );
}
