import { useTranslation } from "react-i18next";
import type { Received } from "../api/types";
import details from "../emails/details/Details.module.css";
import classes from "./Conversation.module.css";
import { sayServer, sayWay } from "./words";

/** What a server or a provider told: in plain words, unchanged, and how we know. */
export function Notice({ received }: { received: Received }) {
  const { t } = useTranslation();
  const { kind, code, server_text, facts } = received;
  const said = sayServer(code, server_text);
  return (
    <div className={classes.notice}>
      {kind !== "reply" && kind !== "auto_reply" && kind !== "other" && (
        <p>{t(`conversation.says.${kind}`)}</p>
      )}
      {said && <pre className={details.server}>{said}</pre>}
      <p className={details.evidence}>{sayWay(received)}</p>
      {facts.length > 0 && (
        <details>
          <summary className={details.link}>{t("conversation.why")}</summary>
          <ul className={details.evidence}>
            {facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
