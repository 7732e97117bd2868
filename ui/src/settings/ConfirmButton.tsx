import { ActionIcon, Button, Popover, Tooltip } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./ConfirmButton.module.css";

type Props = { label: string; icon: ReactNode; question: string; verb: string; onConfirm: () => void };

/** For what cannot be undone: asks first, and the button repeats the verb. */
export function ConfirmButton({ label, icon, question, verb, onConfirm }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <Popover opened={asking} onChange={setAsking} position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <Tooltip label={label}>
          <ActionIcon aria-label={label} onClick={() => setAsking(true)}>
            {icon}
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes.question}>{question}</p>
        <div className={classes.buttons}>
          <Button size="xs" variant="default" onClick={() => setAsking(false)}>
            {t("settings.keep")}
          </Button>
          <Button
            size="xs"
            color="coral"
            variant="light"
            data-autofocus
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
