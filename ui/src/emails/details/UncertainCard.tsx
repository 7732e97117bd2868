import { Button } from "@mantine/core";
import { IconCheck, IconHelpCircle, IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import { momentOf } from "../../times/format";
import { sayError, sayWithUndo } from "../../toasts/toasts";
import { settleUncertain } from "../api";
import { refreshEmails } from "../cache";
import { undoParts } from "../undoing";
import classes from "./Details.module.css";
import { SentSearchNote } from "./SentSearchNote";
import { signOfArrival } from "./signOfArrival";

type Props = {
  email: EmailDetails;
  /** When this was what the server knew of it. */
  asOf: number;
  now: number;
  timeZone: string;
  readOnly: boolean;
};

/** Nobody knows whether it was sent: what happened, and the two ways to settle it. */
export function UncertainCard({ email, asOf, now, timeZone, readOnly }: Props) {
  const { t } = useTranslation();
  const sign = signOfArrival(email);
  const begun = useRef(false);
  const settle = useMutation({
    mutationFn: (outcome: "arrived" | "send_again") => settleUncertain(email.id, outcome),
    onSuccess: ({ action }, outcome) => {
      const again = outcome === "send_again";
      sayWithUndo({
        message: t(again ? "emails.done.settledAgain" : "emails.done.settledArrived"),
        deadline: again ? action.undo_until : null,
        emailId: again ? email.id : undefined,
        undo: () => undoParts(action.id === null ? [] : [{ id: action.id, count: 1 }]),
      });
      return refreshEmails();
    },
    onError: sayError,
    onSettled: () => {
      begun.current = false;
    },
  });
  // The second half of a double click comes before the buttons are off.
  const choose = (outcome: "arrived" | "send_again"): void => {
    if (begun.current) return;
    begun.current = true;
    settle.mutate(outcome);
  };
  return (
    <div className={classes.section}>
      <div className={classes.verdict} data-tone="brass">
        <IconHelpCircle size={20} stroke={1.6} />
        <div>
          <b>{t("emails.details.uncertainTitle")}</b>
          <p>{t("emails.details.uncertainText")}</p>
          <SentSearchNote id={email.id} asOf={asOf} now={now} timeZone={timeZone} />
          {sign && (
            <p>
              {t(`emails.details.arrivedAsShown.${sign.kind}`, {
                at: momentOf(Date.parse(sign.at), now, timeZone),
              })}
            </p>
          )}
        </div>
      </div>
      {!readOnly && (
        <div className={classes.actions}>
          <Button
            leftSection={<IconCheck stroke={1.6} />}
            loading={settle.isPending && settle.variables === "arrived"}
            disabled={settle.isPending}
            onClick={() => choose("arrived")}
          >
            {t("emails.details.arrived")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconSend stroke={1.6} />}
            disabled={settle.isPending}
            onClick={() => choose("send_again")}
          >
            {t("emails.details.sendAgain")}
          </Button>
        </div>
      )}
    </div>
  );
}
