import { Button } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { Trans, useTranslation } from "react-i18next";
import type { EmailRow } from "../api/types";
import classes from "./RetryHint.module.css";

/** Points at what is worth sending again, with the one button that does it. */
export function RetryHint({ rows, onRetry }: { rows: EmailRow[]; onRetry: (rows: EmailRow[]) => void }) {
  const { t } = useTranslation();
  const worth = rows.filter((row) => row.failure?.retry_may_help);
  if (worth.length === 0) return null;
  return (
    <div className={classes.hint}>
      <IconBulb size={16} stroke={1.6} />
      <span className={classes.words}>
        <Trans i18nKey="emails.retryHint" count={worth.length} components={{ b: <b /> }} />
      </span>
      <Button size="xs" variant="default" onClick={() => onRetry(worth)}>
        {t("emails.retryCount", { count: worth.length })}
      </Button>
    </div>
  );
}
