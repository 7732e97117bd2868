import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../api/useSubmit";
import { requestReset } from "./api";
import { Gate, GateProblem } from "./Gate";
import classes from "./Gate.module.css";

/** Asks for a link by mail. The answer is the same whether the address is known or not. */
export default function ForgottenPage() {
  const { t } = useTranslation();
  const { busy, errors, problem, submit } = useSubmit();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const back = <Link to="/sign-in">{t("signin.toSignIn")}</Link>;

  if (sent)
    return (
      <Gate title={t("signin.forgotten.sent")} hint={t("signin.forgotten.sentHint", { email })} foot={back} />
    );

  const onSubmit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    setSent(await submit(() => requestReset(email.trim())));
  };
  return (
    <Gate title={t("signin.forgotten.title")} hint={t("signin.forgotten.hint")} foot={back}>
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
        <Button type="submit" size="md" fullWidth loading={busy}>
          {t("signin.forgotten.submit")}
        </Button>
      </form>
    </Gate>
  );
}
