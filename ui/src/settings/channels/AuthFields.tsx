import { PasswordInput, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AuthMethod } from "../../api/types";
import { Fields } from "../Section";
import type { ChannelFields } from "./form";

type Props = {
  fields: ChannelFields;
  errors: Record<string, string>;
  /** The server has a secret already: empty fields leave it as it is. */
  kept: boolean;
  onChange: (part: Partial<ChannelFields>) => void;
};

const methods: AuthMethod[] = ["password", "xoauth2", "none"];

/** How the channel signs in. */
export function AuthFields({ fields, errors, kept, onChange }: Props) {
  const { t } = useTranslation();
  const keptHint = kept ? t("settings.channels.secretKept") : undefined;
  const secret = (field: "client_secret" | "refresh_token") => (
    <PasswordInput
      label={t(`settings.channels.${field}`)}
      placeholder={keptHint}
      autoComplete="off"
      value={fields[field]}
      error={errors[`oauth.${field}`] ?? errors[field]}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
    />
  );
  const plain = (field: "client_id" | "token_url") => (
    <TextInput
      label={t(`settings.channels.${field}`)}
      placeholder={field === "token_url" ? "https://" : undefined}
      autoComplete="off"
      spellCheck={false}
      value={fields[field]}
      error={errors[`oauth.${field}`] ?? errors[field]}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <Fields>
        <Select
          label={t("settings.channels.auth")}
          data={methods.map((value) => ({ value, label: t(`settings.channels.auths.${value}`) }))}
          value={fields.auth}
          error={errors.auth}
          allowDeselect={false}
          onChange={(auth) => auth && onChange({ auth: auth as AuthMethod })}
        />
        {fields.auth !== "none" && (
          <TextInput
            label={t("settings.channels.username")}
            autoComplete="off"
            spellCheck={false}
            value={fields.username}
            error={errors.username}
            onChange={(event) => onChange({ username: event.currentTarget.value })}
          />
        )}
      </Fields>
      {fields.auth === "password" && (
        <PasswordInput
          label={t("settings.channels.password")}
          placeholder={keptHint}
          autoComplete="new-password"
          value={fields.password}
          error={errors.password}
          onChange={(event) => onChange({ password: event.currentTarget.value })}
        />
      )}
      {fields.auth === "xoauth2" && (
        <>
          <Fields>
            {plain("client_id")}
            {secret("client_secret")}
          </Fields>
          {secret("refresh_token")}
          {plain("token_url")}
        </>
      )}
    </>
  );
}
