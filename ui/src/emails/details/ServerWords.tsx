import { CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EmailDetails } from "../../api/types";
import classes from "./Details.module.css";
import { sayWhose } from "./said";
import { Transcript, transcriptText } from "./Transcript";

/** What kept the email from getting through, in the words of who said so: the conversation, or a sentence. */
export function ServerWords({ email }: { email: EmailDetails }) {
  const { t } = useTranslation();
  const { transcript: conversation, server } =
    email.events.find((event) => (event.data.transcript?.length ?? 0) > 0)?.data ?? {};
  const said = email.failure?.server_text ?? email.wait?.server_text ?? null;
  const refused = email.failure !== null || email.uncertain || said !== null;
  if (!refused || (!conversation && !said)) return null;
  const text = conversation ? transcriptText(conversation) : (said ?? "");
  return (
    <div className={classes.section}>
      <h3 className={classes.title}>
        {conversation && server ? t("emails.details.conversationWith", { server }) : sayWhose(email)}
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <button type="button" className={classes.link} onClick={copy}>
              {copied ? <IconCheck size={14} stroke={1.6} /> : <IconCopy size={14} stroke={1.6} />}
              {t(copied ? "emails.details.copied" : "emails.details.copy")}
            </button>
          )}
        </CopyButton>
      </h3>
      {conversation ? (
        <Transcript lines={conversation} refused={email.failure !== null} />
      ) : (
        <pre className={classes.server}>{said}</pre>
      )}
    </div>
  );
}
