import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/problem";
import { sayProblem } from "../api/words";
import { RoughBoat } from "./Boat";
import classes from "./States.module.css";

type Props = { title: string; error: unknown; hint?: string; onRetry?: () => void };

/** Something failed here: what happened, what is safe, what helps; details for the administrator last. */
export function ErrorState({ title, error, hint, onRetry }: Props) {
  const { t } = useTranslation();
  const details = detailsOf(error);
  return (
    <div className={classes.state} role="alert">
      <RoughBoat />
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.hint}>{hint ?? sayProblem(error)}</p>
      {onRetry && (
        <div className={classes.actions}>
          <Button leftSection={<IconRefresh stroke={1.6} />} onClick={onRetry}>
            {t("states.loadAgain")}
          </Button>
        </div>
      )}
      {details && (
        <div className={classes.details}>
          {t("states.forAdministrator")}
          <code className="qd-mono">{details}</code>
          <CopyButton value={details}>
            {({ copied, copy }) => (
              <button
                type="button"
                className={classes.copy}
                onClick={copy}
                aria-label={t(copied ? "states.copied" : "states.copy")}
              >
                {copied ? <IconCheck size={14} stroke={1.6} /> : <IconCopy size={14} stroke={1.6} />}
              </button>
            )}
          </CopyButton>
        </div>
      )}
    </div>
  );
}

function detailsOf(error: unknown): string | null {
  if (error instanceof ApiError)
    return [error.slug, error.problem.status, error.problem.detail].filter(Boolean).join(" · ");
  return error instanceof Error ? error.message : null;
}
