import { ActionIcon, Button, Popover, Tooltip } from "@mantine/core";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./ConfirmButton.module.css";

type ConfirmProps = {
  question: string;
  verb: string;
  /** What the button says that changes nothing. */
  back?: string;
  /** Whether what is asked about destroys something. */
  isGrave?: boolean;
  onConfirm: () => void;
  children: (ask: () => void, isAsking: boolean) => ReactElement;
};

/** For what cannot be undone: asks first, and the button repeats the verb. */
export function Confirm({ question, verb, back, isGrave = false, onConfirm, children }: ConfirmProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <Popover opened={asking} onChange={setAsking} position="bottom-end" width={280} trapFocus>
      <Popover.Target>{children(() => setAsking(true), asking)}</Popover.Target>
      <Popover.Dropdown>
        <p className={classes.question}>{question}</p>
        <div className={classes.buttons}>
          {/* What destroys something is not confirmed by the key that asked for it, pressed twice. */}
          <Button
            size="xs"
            variant="default"
            data-autofocus={isGrave || undefined}
            onClick={() => setAsking(false)}
          >
            {back ?? t("settings.keep")}
          </Button>
          <Button
            size="xs"
            {...(isGrave && { color: "coral" })}
            variant="light"
            data-autofocus={!isGrave || undefined}
            onClick={() => {
              setAsking(false);
              onConfirm();
            }}
          >
            {verb}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

type Props = { label: string; icon: ReactNode; question: string; verb: string; onConfirm: () => void };

/** Deletes or ends something, once that is confirmed. */
export function ConfirmButton({ label, icon, ...asked }: Props) {
  return (
    <Confirm {...asked} isGrave>
      {(ask, isAsking) => (
        <Tooltip label={label} disabled={isAsking}>
          <ActionIcon aria-label={label} onClick={ask}>
            {icon}
          </ActionIcon>
        </Tooltip>
      )}
    </Confirm>
  );
}
