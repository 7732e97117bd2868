import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Channels.module.css";
import type { RuleFields } from "./form";

type Props = {
  rules: RuleFields[];
  error: string | undefined;
  onChange: (rules: RuleFields[]) => void;
};

const empty: RuleFields = { domain: "", per_minute: "", per_day: "" };

/** What single recipient domains may get; `*` is every other one, each for itself. */
export function DomainRules({ rules, error, onChange }: Props) {
  const { t } = useTranslation();
  const change = (index: number, part: Partial<RuleFields>): void =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  const figure = (index: number, rule: RuleFields, field: "per_minute" | "per_day") => (
    <NumberInput
      aria-label={`${t(`settings.channels.limits.${field}`)}: ${rule.domain}`}
      placeholder={t(`settings.channels.limits.rule.${field}`)}
      suffix={` ${t(`settings.channels.limits.rule.${field}`)}`}
      value={rule[field]}
      clampBehavior="none"
      hideControls
      onChange={(value) => change(index, { [field]: value })}
    />
  );
  return (
    <div>
      <div className={classes.label}>{t("settings.channels.limits.rules")}</div>
      {rules.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name until its domain is typed
        <div key={index} className={classes.rule}>
          <TextInput
            aria-label={t("settings.channels.limits.rule.domain")}
            placeholder="gmail.com"
            value={rule.domain}
            required
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change(index, { domain: event.currentTarget.value })}
          />
          {figure(index, rule, "per_minute")}
          {figure(index, rule, "per_day")}
          <ActionIcon
            aria-label={t("settings.channels.limits.rule.remove", { domain: rule.domain })}
            onClick={() => onChange(rules.filter((_, at) => at !== index))}
          >
            <IconX size={16} stroke={1.6} />
          </ActionIcon>
        </div>
      ))}
      {error && (
        <p className={classes.wrong} role="alert">
          {error}
        </p>
      )}
      <Button
        size="xs"
        variant="subtle"
        leftSection={<IconPlus size={14} stroke={1.6} />}
        onClick={() => onChange([...rules, empty])}
      >
        {t("settings.channels.limits.addRule")}
      </Button>
      <p className={classes.below}>{t("settings.channels.limits.rulesHint")}</p>
    </div>
  );
}
