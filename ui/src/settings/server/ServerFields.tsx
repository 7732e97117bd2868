import { NumberInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Security } from "../../api/types";
import { Fields } from "../Section";
import { SecurityField } from "./SecurityField";

type Server = { name: string; host: string; port: number | string; security: Security };

type Props = {
  fields: Server;
  errors: Record<string, string>;
  /** A host as it may look. */
  example: string;
  onChange: (part: Partial<Omit<Server, "security">>) => void;
  /** Apart, since another security may bring another port. */
  onSecurity: (security: Security) => void;
};

/** What a server is called, where it is, and how the conversation with it is protected. */
export function ServerFields({ fields, errors, example, onChange, onSecurity }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t("settings.channels.name")}
        placeholder={fields.host}
        value={fields.name}
        error={errors.name}
        maxLength={100}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Fields>
        <TextInput
          label={t("settings.channels.host")}
          placeholder={example}
          value={fields.host}
          error={errors.host}
          maxLength={253}
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ host: event.currentTarget.value })}
        />
        <NumberInput
          label={t("settings.channels.port")}
          value={fields.port}
          error={errors.port}
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          onChange={(port) => onChange({ port })}
        />
      </Fields>
      <SecurityField value={fields.security} onChange={onSecurity} />
    </>
  );
}
