import { Button, Checkbox, NumberInput, PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Mailbox, MailboxTest, Security } from "../../api/types";
import { useSubmit } from "../../api/useSubmit";
import { useSession } from "../../session/session";
import channels from "../channels/Channels.module.css";
import panel from "../Panel.module.css";
import { Fields, Form, Problem } from "../Section";
import { changeMailbox, createMailbox, testInput } from "./api";
import { fieldsOf, inputOf, type MailboxFields, withSecurity } from "./form";
import { MailboxSteps } from "./MailboxSteps";

type Props = { mailbox: Mailbox | null; onDone: () => void };

const securities: Security[] = ["tls", "starttls", "none"];

/** An IMAP account: where it is, how to sign in, and where sent mail stands in it. */
export function MailboxForm({ mailbox, onDone }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [fields, setFields] = useState<MailboxFields>(() => fieldsOf(mailbox, user.email));
  const [test, setTest] = useState<MailboxTest | null>(null);
  const saving = useSubmit();
  const testing = useSubmit();
  const errors = { ...testing.errors, ...saving.errors };
  const problem = saving.problem ?? testing.problem;
  const set = (part: Partial<MailboxFields>) => setFields({ ...fields, ...part });

  const save = async (): Promise<void> => {
    const kept = await saving.submit(async () => {
      await (mailbox ? changeMailbox(mailbox, inputOf(fields)) : createMailbox(inputOf(fields)));
      await Promise.all(
        ["mailboxes", "identities"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      );
    });
    if (kept) onDone();
  };
  const tryIt = async (): Promise<void> => {
    setTest(null);
    await testing.submit(async () => setTest(await testInput(inputOf(fields))));
  };

  return (
    <div className={panel.panel}>
      <Form
        onSubmit={() => void save()}
        buttons={
          <>
            <Button type="submit" loading={saving.busy}>
              {t(mailbox ? "settings.save" : "settings.mailboxes.create")}
            </Button>
            <Button variant="default" loading={testing.busy} onClick={() => void tryIt()}>
              {t("settings.channels.test")}
            </Button>
            <Button variant="subtle" color="gray" onClick={onDone}>
              {t("settings.cancel")}
            </Button>
          </>
        }
      >
        {problem && <Problem>{problem}</Problem>}
        <TextInput
          label={t("settings.mailboxes.name")}
          placeholder={fields.host}
          value={fields.name}
          error={errors.name}
          maxLength={100}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Fields>
          <TextInput
            label={t("settings.mailboxes.host")}
            placeholder="imap.example.com"
            value={fields.host}
            error={errors.host}
            maxLength={253}
            required
            withAsterisk={false}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => set({ host: event.currentTarget.value })}
          />
          <NumberInput
            label={t("settings.mailboxes.port")}
            value={fields.port}
            error={errors.port}
            min={1}
            max={65535}
            allowDecimal={false}
            hideControls
            onChange={(port) => set({ port })}
          />
        </Fields>
        <div>
          <div className={channels.label}>{t("settings.mailboxes.security")}</div>
          <SegmentedControl
            className={channels.segments}
            aria-label={t("settings.mailboxes.security")}
            data={securities.map((value) => ({ value, label: t(`settings.channels.securities.${value}`) }))}
            value={fields.security}
            onChange={(security) => setFields(withSecurity(fields, security as Security))}
          />
        </div>
        {fields.security === "none" && <Problem>{t("settings.channels.onlyLoopback")}</Problem>}
        <Fields>
          <TextInput
            label={t("settings.mailboxes.username")}
            autoComplete="off"
            spellCheck={false}
            value={fields.username}
            error={errors.username}
            onChange={(event) => set({ username: event.currentTarget.value })}
          />
          <PasswordInput
            label={t("settings.mailboxes.password")}
            placeholder={mailbox ? t("settings.channels.secretKept") : undefined}
            description={t("settings.mailboxes.passwordHint")}
            inputWrapperOrder={["label", "input", "error", "description"]}
            autoComplete="new-password"
            value={fields.password}
            error={errors.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
          />
        </Fields>
        <TextInput
          label={t("settings.mailboxes.sentFolder")}
          placeholder={t("settings.mailboxes.sentFolderFound")}
          autoComplete="off"
          spellCheck={false}
          value={fields.sent_folder}
          error={errors.sent_folder}
          onChange={(event) => set({ sent_folder: event.currentTarget.value })}
        />
        <Checkbox
          label={t("settings.mailboxes.appendSent")}
          description={t("settings.mailboxes.appendSentHint")}
          checked={fields.append_sent}
          onChange={(event) => set({ append_sent: event.currentTarget.checked })}
        />
        {test && <MailboxSteps test={test} />}
      </Form>
    </div>
  );
}
