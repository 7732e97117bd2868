import { Button, PasswordInput, TextInput } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../api/useSubmit";
import { keepSession } from "../session/session";
import { signIn } from "./api";
import { Gate, GateProblem } from "./Gate";
import classes from "./Gate.module.css";
import { safeReturn } from "./token";

const route = getRouteApi("/sign-in");

export default function SignInPage() {
  const { t } = useTranslation();
  const { back } = route.useSearch();
  const navigate = useNavigate();
  const { busy, errors, problem, submit } = useSubmit();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  const onSubmit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    await submit(async () => {
      keepSession(await signIn({ email: email.trim(), password }));
      await navigate({ href: safeReturn(back), replace: true });
    });
  };

  return (
    <Gate
      title={t("signin.signIn.title")}
      foot={<Link to="/forgotten-password">{t("signin.signIn.forgotten")}</Link>}
    >
      <form className={classes.form} onSubmit={(event) => void onSubmit(event)}>
        {problem && <GateProblem>{problem}</GateProblem>}
        <TextInput
          autoFocus
          type="email"
          autoComplete="username"
          label={t("signin.email")}
          value={email}
          error={errors.email}
          required
          withAsterisk={false}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          autoComplete="current-password"
          label={t("signin.password")}
          value={password}
          error={errors.password}
          required
          withAsterisk={false}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" fullWidth loading={busy}>
          {t("signin.signIn.submit")}
        </Button>
      </form>
    </Gate>
  );
}
