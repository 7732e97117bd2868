import { Switch, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = { on: boolean; onChange: (on: boolean) => void };

/** Whether the email may also reach people who unsubscribed. */
export function NonCommercialSwitch({ on, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t("stops.nonCommercial.hint")} multiline w={240}>
      <span>
        <Switch
          size="xs"
          labelPosition="left"
          label={t("stops.nonCommercial.label")}
          checked={on}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      </span>
    </Tooltip>
  );
}
