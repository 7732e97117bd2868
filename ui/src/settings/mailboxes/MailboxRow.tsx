import { Button } from "@mantine/core";
import { IconAlertTriangle, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Mailbox, MailboxTest } from "../../api/types";
import { useSession } from "../../session/session";
import { momentOf } from "../../times/format";
import { useNow } from "../../times/now";
import { sayError } from "../../toasts/toasts";
import { ConfirmButton } from "../ConfirmButton";
import channels from "../channels/Channels.module.css";
import { Badge, Row } from "../Rows";
import { sayProblem } from "../sayProblem";
import { deleteMailbox, testMailbox } from "./api";
import { MailboxForm } from "./MailboxForm";
import { MailboxSteps } from "./MailboxSteps";

/** One mailbox: where it is, which identities name it, and whether the last look into it went well. */
export function MailboxRow({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const now = useNow(60_000);
  const [editing, setEditing] = useState(false);
  const [testing, setTesting] = useState(false);
  const [test, setTest] = useState<MailboxTest | null>(null);
  const { addresses, last_checked_at, problem } = mailbox;
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
  const checked = last_checked_at
    ? t("settings.mailboxes.checked", { at: momentOf(Date.parse(last_checked_at), now, user.time_zone) })
    : t("settings.mailboxes.unchecked");
  return (
    <Row
      title={
        <>
          {mailbox.name}
          {problem && <Badge tone="coral">{t("settings.mailboxes.trouble")}</Badge>}
          {!problem && last_checked_at && <Badge tone="green">{t("settings.mailboxes.connected")}</Badge>}
        </>
      }
      detail={
        <>
          <span className="qd-mono">
            {mailbox.host}:{mailbox.port}
          </span>{" "}
          · {t(`settings.channels.securities.${mailbox.security}`)} · {mailbox.username}
          <div>
            {addresses.length > 0
              ? t("settings.mailboxes.named", { addresses: addresses.join(", ") })
              : t("settings.mailboxes.namedNone")}{" "}
            · {checked}
          </div>
        </>
      }
      actions={
        <>
          <Button size="xs" variant="default" loading={testing} onClick={runTest}>
            {t("settings.channels.test")}
          </Button>
          <Button size="xs" variant="default" aria-expanded={editing} onClick={() => setEditing(!editing)}>
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
