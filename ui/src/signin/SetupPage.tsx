import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../api/useSubmit";
import { keepSession } from "../session/session";
import { ZoneSelect } from "../settings/ZoneSelect";
import { setUp } from "./api";
import { Gate, GateProblem } from "./Gate";
import classes from "./Gate.module.css";
import { NewPassword } from "./NewPassword";
import { tokenIn } from "./token";

/** The first administrator, let in by the token that the terminal printed. */
export default function SetupPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { busy, errors, problem, submit } = useSubmit();
  const [form, setForm] = useState(() => ({
    token: tokenIn(window.location.hash) ?? "",
    workspace_name: "",
    name: "",
    email: "",
    password: "",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }));
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const text = (field: "token" | "workspace_name" | "name" | "email") => ({
    label: t(`signin.setup.${field}`),
    value: form[field],
    error: errors[field],
    required: true,
    withAsterisk: false,
    maxLength: 200,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [field]: event.currentTarget.value }),
  });

  const onSubmit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    await submit(async () => {
      keepSession(await setUp({ ...form, token: form.token.trim(), email: form.email.trim() }));
      await navigate({ to: "/", replace: true });
    });
  };

  return (
    <Gate title={t("signin.setup.title")} hint={t("signin.setup.hint")}>
      <form className={classes.form} onSubmit={(event) => void onSubmit(event)}>
        {problem && <GateProblem>{problem}</GateProblem>}
        <TextInput
          {...text("token")}
          autoFocus={form.token === ""}
          autoComplete="off"
          spellCheck={false}
          description={t("signin.setup.tokenHint")}
        />
        <TextInput {...text("workspace_name")} autoComplete="organization" autoFocus={form.token !== ""} />
        <TextInput {...text("name")} autoComplete="name" />
        <TextInput {...text("email")} type="email" autoComplete="username" />
        <NewPassword
          value={form.password}
          error={errors.password}
          onChange={(password) => set({ password })}
        />
        <ZoneSelect
          value={form.time_zone}
          error={errors.time_zone}
          onChange={(time_zone) => set({ time_zone })}
        />
        <Button type="submit" size="md" fullWidth loading={busy}>
          {t("signin.setup.submit")}
        </Button>
      </form>
    </Gate>
  );
}
