import { Button, Popover } from "@mantine/core";
import { IconCalendarTime } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./ScheduleButton.module.css";
import { ScheduleForm } from "./ScheduleForm";

type Props = {
  opened: boolean;
  onOpen: (opened: boolean) => void;
  disabled: boolean;
  busy: boolean;
  yourZone: string;
  recipient: { zone: string; name: string } | null;
  onConfirm: (at: Date, said: string) => void;
};

/** Opens the times. */
export function ScheduleButton({ opened, onOpen, disabled, busy, yourZone, recipient, onConfirm }: Props) {
  const { t } = useTranslation();
  return (
    <Popover opened={opened} onChange={onOpen} position="top-end" width={316} trapFocus zIndex={400}>
      <Popover.Target>
        <Button
          size="md"
          variant={opened ? "light" : "default"}
          disabled={disabled}
          leftSection={<IconCalendarTime stroke={1.6} />}
          aria-expanded={opened}
          onClick={() => onOpen(!opened)}
        >
          {t("compose.schedule.open")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown
        className={classes.dropdown}
        aria-label={t("compose.schedule.open")}
        onKeyDown={(event) => event.key === "Escape" && event.preventDefault()}
      >
        <ScheduleForm yourZone={yourZone} recipient={recipient} busy={busy} onConfirm={onConfirm} />
      </Popover.Dropdown>
    </Popover>
  );
}
