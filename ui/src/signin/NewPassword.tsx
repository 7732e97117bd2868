import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The fewest characters of a password; the server has the last word. */
export const SHORTEST_PASSWORD = 10;

type Props = {
  label?: string;
  value: string;
  error?: string | undefined;
  onChange: (password: string) => void;
};

/** A password to be chosen. */
export function NewPassword({ label, value, error, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      autoComplete="new-password"
      label={label ?? t("signin.password")}
      description={t("signin.passwordHint", { min: SHORTEST_PASSWORD })}
      value={value}
      error={error}
      required
      withAsterisk={false}
      minLength={SHORTEST_PASSWORD}
      maxLength={200}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
