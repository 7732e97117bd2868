import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../api/problem";
import { queryClient } from "../../api/queries";
import { sayProblem } from "../../api/words";
import { Gate } from "../../signin/Gate";
import { say } from "../../toasts/toasts";
import { takeConsent } from "./api";

/** Where a provider sends people back to. */
export default function ConsentPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string | null>(null);
  const begun = useRef(false);

  useEffect(() => {
    // A code is good once.
    if (begun.current) return;
    begun.current = true;
    const said = new URLSearchParams(window.location.search);
    const [state, code] = [said.get("state"), said.get("code")];
    if (said.has("error")) return setProblem(t("settings.mailboxes.denied"));
    if (!state || !code) return setProblem(t("settings.mailboxes.incomplete"));
    takeConsent(state, code)
      .then(async ({ name }) => {
        await Promise.all(
          ["mailboxes", "identities"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
        );
        say(t("settings.mailboxes.connectedNow", { name }));
        await navigate({ to: "/settings/mailboxes", replace: true });
      })
      .catch((error) =>
        setProblem(isProblem(error, "token-expired") ? t("settings.mailboxes.expired") : sayProblem(error)),
      );
  }, [navigate, t]);

  if (problem === null) return <Gate title={t("settings.mailboxes.connecting")} />;
  const back = <Link to="/settings/mailboxes">{t("settings.mailboxes.toMailboxes")}</Link>;
  return <Gate title={t("settings.mailboxes.notConnected")} hint={problem} foot={back} />;
}
