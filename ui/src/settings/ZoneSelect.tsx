import { Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { allZones } from "../times/zones";

type Props = { value: string; error?: string | undefined; onChange: (zone: string) => void };

/** Any time zone of the world, found by typing its city. */
export function ZoneSelect({ value, error, onChange }: Props) {
  const { t } = useTranslation();
  const [zones] = useState(allZones);
  return (
    <Select
      label={t("settings.timeZone")}
      data={zones}
      value={value}
      error={error}
      searchable
      allowDeselect={false}
      limit={100}
      maxDropdownHeight={260}
      nothingFoundMessage={t("settings.noZone")}
      onChange={(zone) => zone && onChange(zone)}
    />
  );
}
