import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../api/useSubmit";
import { acceptReset } from "./api";
import { Gate, GateProblem } from "./Gate";
import classes from "./Gate.module.css";
import { NewPassword } from "./NewPassword";
import { tokenIn } from "./token";

/** A new password, by the link that was mailed. */
export default function ResetPage() {
  const { t } = useTranslation();
  const [token] = useState(() => tokenIn(window.location.hash));
  const { busy, errors, problem, submit } = useSubmit();
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const toSignIn = <Link to="/sign-in">{t("signin.toSignIn")}</Link>;

  if (token === null)
    return (
      <Gate
        title={t("signin.reset.broken")}
        hint={t("signin.noToken")}
        foot={<Link to="/forgotten-password">{t("signin.reset.again")}</Link>}
      />
    );
  if (done) return <Gate title={t("signin.reset.done")} hint={t("signin.reset.doneHint")} foot={toSignIn} />;

  const onSubmit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    setDone(await submit(() => acceptReset({ token, password })));
  };
  return (
    <Gate title={t("signin.reset.title")} hint={t("signin.reset.hint")} foot={toSignIn}>
      <form className={classes.form} onSubmit={(event) => void onSubmit(event)}>
        {problem && <GateProblem>{problem}</GateProblem>}
        <NewPassword
          label={t("signin.newPassword")}
          value={password}
          error={errors.password}
          onChange={setPassword}
        />
        <Button type="submit" size="md" fullWidth loading={busy}>
          {t("signin.reset.submit")}
        </Button>
      </form>
    </Gate>
  );
}
