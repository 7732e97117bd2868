import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../api/queries";
import type { Identity } from "../api/types";
import { useSubmit } from "../api/useSubmit";
import { verifyIdentity } from "../settings/identities/api";
import { Gate, GateProblem } from "./Gate";
import classes from "./Gate.module.css";
import { tokenIn } from "./token";

/** The mailed link leads here. A press of the button confirms, so that a scanner that opens links confirms nothing. */
export default function VerifyPage() {
  const { t } = useTranslation();
  const [token] = useState(() => tokenIn(window.location.hash));
  const { busy, problem, submit } = useSubmit();
  const [verified, setVerified] = useState<Identity | null>(null);
  const on = <Link to="/">{t("signin.verify.on")}</Link>;

  if (token === null) return <Gate title={t("signin.verify.broken")} hint={t("signin.noToken")} foot={on} />;
  if (verified) {
    const hint = t("signin.verify.doneHint", { address: verified.address });
    return <Gate title={t("signin.verify.done")} hint={hint} foot={on} />;
  }

  const confirm = async (): Promise<void> => {
    await submit(async () => {
      setVerified(await verifyIdentity(token));
      await queryClient.invalidateQueries({ queryKey: ["identities"] });
    });
  };
  return (
    <Gate title={t("signin.verify.title")} hint={t("signin.verify.hint")}>
      <div className={classes.form}>
        {problem && <GateProblem>{problem}</GateProblem>}
        <Button size="md" fullWidth loading={busy} onClick={() => void confirm()}>
          {t("signin.verify.submit")}
        </Button>
      </div>
    </Gate>
  );
}
