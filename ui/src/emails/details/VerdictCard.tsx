import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EmailDetails, EmailRow } from "../../api/types";
import { Keys } from "../../commands/Keys";
import { type ActionKind, actionIcons, actionKeys } from "../actionKinds";
import { failureLook } from "../tones";
import { sayFailure } from "../words";
import classes from "./Details.module.css";

type Props = { email: EmailDetails; onAct: ((kind: ActionKind, rows: EmailRow[]) => void) | null };

/** Why the email did not get through, in plain words, and what helps. */
export function VerdictCard({ email, onAct }: Props) {
  const { t } = useTranslation();
  const { title, text } = sayFailure(email);
  const { icon: Icon, tone } = failureLook(email);
  const RetryIcon = actionIcons.retry;
  const DeleteIcon = actionIcons.delete;
  return (
    <div className={classes.section}>
      <div className={classes.verdict} data-tone={tone}>
        <Icon size={20} stroke={1.6} />
        <div>
          <b>{title}</b>
          <p>{text}</p>
        </div>
      </div>
      {onAct && (
        <div className={classes.actions}>
          <Button
            variant={email.failure?.retry_may_help ? "filled" : "default"}
            leftSection={<RetryIcon stroke={1.6} />}
            rightSection={
              <Keys of={actionKeys.retry} tone={email.failure?.retry_may_help ? "filled" : "plain"} />
            }
            onClick={() => onAct("retry", [email])}
          >
            {t("emails.actions.retry")}
          </Button>
          <span className={classes.grow} />
          <Button
            variant="subtle"
            color="coral"
            leftSection={<DeleteIcon stroke={1.6} />}
            onClick={() => onAct("delete", [email])}
          >
            {t("emails.actions.delete")}
          </Button>
        </div>
      )}
    </div>
  );
}
