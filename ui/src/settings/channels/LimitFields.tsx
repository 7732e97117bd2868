import { NumberInput, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Fields } from "../Section";
import { ZoneSelect } from "../ZoneSelect";
import classes from "./Channels.module.css";
import { DomainRules } from "./DomainRules";
import { type Limit, type LimitFields as LimitValues, letsNothingLeave } from "./form";

type Props = {
  fields: LimitValues;
  errors: Record<string, string>;
  onChange: (part: Partial<LimitValues>) => void;
};

/** How much may leave; beyond it mail waits and says until when. */
export function LimitFields({ fields, errors, onChange }: Props) {
  const { t } = useTranslation();
  const limit = (field: Limit, description?: string) => (
    <NumberInput
      description={description}
      inputWrapperOrder={["label", "input", "error", "description"]}
      label={t(`settings.channels.limits.${field}`)}
      placeholder={t("settings.channels.limits.none")}
      value={fields[field]}
      error={errors[`limits.${field}`] ?? errors[field]}
      clampBehavior="none"
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
      {fields.per_day !== "" && (
        <Select
          label={t("settings.channels.limits.day")}
          data={[
            { value: "rolling", label: t("settings.channels.limits.days.rolling") },
            { value: "at", label: t("settings.channels.limits.days.at") },
          ]}
          value={fields.resets ? "at" : "rolling"}
          allowDeselect={false}
          onChange={(day) => onChange({ resets: day === "at" })}
        />
      )}
      {fields.per_day !== "" && fields.resets && (
        <Fields>
          <TextInput
            type="time"
            label={t("settings.channels.limits.resetTime")}
            value={fields.reset_time}
            required
            withAsterisk={false}
            onChange={(event) => onChange({ reset_time: event.currentTarget.value })}
          />
          <ZoneSelect
            value={fields.reset_zone}
            error={errors.day_reset}
            onChange={(reset_zone) => onChange({ reset_zone })}
          />
        </Fields>
      )}
      <Fields>
        {limit("batch_size")}
        {limit("batch_pause_s")}
      </Fields>
      {letsNothingLeave(fields) && (
        <p className={classes.zero} role="status">
          {t("settings.channels.limits.zero")}
        </p>
      )}
      <DomainRules
        rules={fields.rules}
        error={errors.domain_rules}
        onChange={(rules) => onChange({ rules })}
      />
      {limit("connections", t("settings.channels.limits.connectionsHint"))}
    </>
  );
}
