import { IconAlertTriangle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Check } from "../../api/types";
import { resendVerification } from "../../settings/identities/api";
import { say, sayError } from "../../toasts/toasts";
import { sayCheck } from "../sayCheck";
import classes from "./Rows.module.css";

/** Something that stands in the way, said where it can be mended, with what mends it. */
export function Note({
  tone = "brass",
  text,
  children,
}: {
  tone?: "brass" | "coral";
  text: string;
  children?: React.ReactNode;
}) {
  return (
    <div className={classes.note} data-tone={tone} role="status">
      <IconAlertTriangle size={14} stroke={1.6} />
      <span>{text}</span>
      {children}
    </div>
  );
}

/** The checks of one place. What an empty window has not got yet is said beside Send, not here. */
export function CheckNotes({ checks, identityId }: { checks: Check[]; identityId?: string | null }) {
  return checks
    .filter(({ code }) => code !== "no_recipient" && code !== "no_subject")
    .map((check) => (
      <Note
        key={`${check.code} ${check.param}`}
        tone={check.blocking ? "coral" : "brass"}
        text={sayCheck(check)}
      >
        <Remedy code={check.code} identityId={identityId ?? null} />
      </Note>
    ));
}

function Remedy({ code, identityId }: { code: Check["code"]; identityId: string | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const act = (label: string, run: () => void) => (
    <button type="button" className={classes.act} onClick={run}>
      {label}
    </button>
  );
  switch (code) {
    case "no_identity":
      return act(t("compose.remedies.addIdentity"), () => void navigate({ to: "/settings/identities" }));
    case "no_channel":
    case "channel_paused":
      return act(t("compose.remedies.channels"), () => void navigate({ to: "/settings/channels" }));
    case "identity_unverified":
      return act(t("compose.remedies.verify"), () => {
        if (!identityId) return;
        resendVerification(identityId)
          .then(() => say(t("compose.remedies.verificationSent")))
          .catch(sayError);
      });
    default:
      return null;
  }
}
