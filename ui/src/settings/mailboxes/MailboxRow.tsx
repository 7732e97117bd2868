import { Button } from "@mantine/core";
import { IconAlertTriangle, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Mailbox, MailboxTest } from "../../api/types";
import { sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import channels from "../channels/Channels.module.css";
import { Badge, Row } from "../Rows";
import { sayProblem } from "../sayProblem";
import { deleteMailbox, testMailbox } from "./api";
import { ConsentButton } from "./ConnectButtons";
import { MailboxForm } from "./MailboxForm";
import { MailboxSteps } from "./MailboxSteps";
import { Reading } from "./Reading";

/** What the provider has to be asked about again. */
const lapsed = ["consent_withdrawn", "token_refused", "credentials_refused", "secret_unreadable"];

/** One mailbox: where it is, which identities name it, how its reading stands, and what is wrong with it. */
export function MailboxRow({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const [testing, setTesting] = useState(false);
  const [test, setTest] = useState<MailboxTest | null>(null);
  const { addresses, last_checked_at, problem, provider, reading } = mailbox;
  const runTest = (): void => {
    setTesting(true);
    setTest(null);
    testMailbox(mailbox.id)
      .then(setTest)
      .then(() => queryClient.invalidateQueries({ queryKey: ["mailboxes"] }))
      .catch(sayError)
      .finally(() => setTesting(false));
  };
  const remove = (): void => {
    deleteMailbox(mailbox.id)
      .then(() =>
        Promise.all(
          ["mailboxes", "identities"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
        ),
      )
      .catch(sayError);
  };
  return (
    <Row
      title={
        <>
          {mailbox.name}
          {problem && <Badge tone="coral">{t("settings.mailboxes.trouble")}</Badge>}
          {!problem && reading.connected_at && (
            <Badge tone="green">{t("settings.mailboxes.connected")}</Badge>
          )}
          {!problem && !reading.connected_at && last_checked_at && (
            <Badge tone="green">{t("settings.mailboxes.works")}</Badge>
          )}
        </>
      }
      detail={
        <>
          <span className="qd-mono">
            {mailbox.host}:{mailbox.port}
          </span>{" "}
          · {t(`settings.channels.securities.${mailbox.security}`)} · {mailbox.username}
          {provider && ` · ${t(`settings.providers.names.${provider}`)}`}
          <div>
            {addresses.length > 0
              ? t("settings.mailboxes.named", { addresses: addresses.join(", ") })
              : t("settings.mailboxes.namedNone")}
          </div>
          <Reading mailbox={mailbox} />
        </>
      }
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            loading={testing}
            aria-label={t("settings.channels.testOne", { name: mailbox.name })}
            onClick={runTest}
          >
            {t("settings.channels.test")}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-expanded={editing}
            aria-label={t("settings.editOne", { name: mailbox.name })}
            onClick={() => setEditing(!editing)}
          >
            {t("settings.edit")}
          </Button>
          <ConfirmButton
            label={t("settings.mailboxes.delete", { name: mailbox.name })}
            icon={<IconTrash size={16} stroke={1.6} />}
            question={t("settings.mailboxes.deleteQuestion", { name: mailbox.name })}
            verb={t("settings.delete")}
            onConfirm={remove}
          />
        </>
      }
    >
      {problem && (
        <div className={channels.paused} role="status">
          <IconAlertTriangle size={16} stroke={1.6} />
          <div>
            <b>{sayProblem("mailboxes", problem.code)}</b> {t("settings.mailboxes.mailIsSafe")}
            <div className="qd-mono">{problem.detail}</div>
            {provider && lapsed.includes(problem.code) && (
              <ConsentButton provider={provider} mailbox={mailbox.id} size="xs">
                {t("settings.mailboxes.connectAgain")}
              </ConsentButton>
            )}
          </div>
        </div>
      )}
      {test && (
        <div className={channels.test}>
          <MailboxSteps test={test} />
          <Button size="xs" variant="subtle" color="gray" onClick={() => setTest(null)}>
            {t("settings.channels.hideTest")}
          </Button>
        </div>
      )}
      {editing && <MailboxForm mailbox={mailbox} onDone={() => setEditing(false)} />}
    </Row>
  );
}
