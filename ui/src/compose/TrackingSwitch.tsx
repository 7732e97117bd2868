import { Switch, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = { allowed: boolean; tracked: boolean; onChange: (tracked: boolean) => void };

/** Whether views and clicks of this email are recorded. The strictest setting wins. */
export function TrackingSwitch({ allowed, tracked, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t(allowed ? "compose.tracking.hint" : "compose.tracking.off")} multiline w={240}>
      <span>
        <Switch
          size="xs"
          labelPosition="left"
          label={t("compose.tracking.label")}
          disabled={!allowed}
          checked={allowed && tracked}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      </span>
    </Tooltip>
  );
}
