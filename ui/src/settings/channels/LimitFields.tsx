import { NumberInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fields } from "../Section";
import classes from "./Channels.module.css";
import type { ChannelFields } from "./form";

type Limit = "per_minute" | "per_day" | "batch_size" | "batch_pause_s";
type Props = {
  fields: ChannelFields;
  errors: Record<string, string>;
  onChange: (part: Partial<ChannelFields>) => void;
};

/** How much may leave; beyond it mail waits and says until when. */
export function LimitFields({ fields, errors, onChange }: Props) {
  const { t } = useTranslation();
  const limit = (field: Limit) => (
    <NumberInput
      label={t(`settings.channels.limits.${field}`)}
      placeholder={t("settings.channels.limits.none")}
      value={fields[field]}
      error={errors[`limits.${field}`] ?? errors[field]}
      min={1}
      max={1_000_000}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      onChange={(value) => onChange({ [field]: value })}
    />
  );
  return (
    <>
      <h3 className={classes.legend}>{t("settings.channels.limits.title")}</h3>
      <p className={classes.hint}>{t("settings.channels.limits.hint")}</p>
      <Fields>
        {limit("per_minute")}
        {limit("per_day")}
      </Fields>
      <Fields>
        {limit("batch_size")}
        {limit("batch_pause_s")}
      </Fields>
    </>
  );
}
