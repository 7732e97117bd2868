import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmit } from "../api/useSubmit";
import { sayProblem } from "../api/words";
import { keepSession } from "../session/session";
import { ZoneSelect } from "../settings/ZoneSelect";
import { acceptInvitation, lookUpInvitation } from "./api";
import { Gate, GateProblem } from "./Gate";
import classes from "./Gate.module.css";
import { NewPassword } from "./NewPassword";
import { tokenIn } from "./token";

/** Somebody was invited: a name and a password, and they are in. */
export default function InvitationPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [token] = useState(() => tokenIn(window.location.hash));
  const { data, error } = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => lookUpInvitation(token ?? ""),
    enabled: token !== null,
    retry: false,
  });
  const { busy, errors, problem, submit } = useSubmit();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);

  if (token === null || error) {
    return (
      <Gate
        title={t("signin.invitation.broken")}
        hint={error ? sayProblem(error) : t("signin.noToken")}
        foot={<Link to="/sign-in">{t("signin.toSignIn")}</Link>}
      />
    );
  }
  if (!data) return null;

  const onSubmit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    await submit(async () => {
      keepSession(await acceptInvitation({ token, name: name.trim(), password, time_zone: zone }));
      await navigate({ to: "/", replace: true });
    });
  };
  return (
    <Gate
      title={t("signin.invitation.title", { workspace: data.workspace_name })}
      hint={t("signin.invitation.hint", { email: data.email })}
    >
      <form className={classes.form} onSubmit={(event) => void onSubmit(event)}>
        {problem && <GateProblem>{problem}</GateProblem>}
        <input type="hidden" autoComplete="username" value={data.email} readOnly />
        <TextInput
          autoFocus
          autoComplete="name"
          label={t("signin.yourName")}
          value={name}
          error={errors.name}
          required
          withAsterisk={false}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NewPassword value={password} error={errors.password} onChange={setPassword} />
        <ZoneSelect value={zone} error={errors.time_zone} onChange={setZone} />
        <Button type="submit" size="md" fullWidth loading={busy}>
          {t("signin.invitation.submit")}
        </Button>
      </form>
    </Gate>
  );
}
