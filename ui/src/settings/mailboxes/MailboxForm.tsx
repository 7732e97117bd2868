import { Checkbox, PasswordInput, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../../api/queries";
import type { Mailbox } from "../../api/types";
import { useSession } from "../../session/session";
import { Fields } from "../Section";
import { ServerFields } from "../server/ServerFields";
import { ServerForm } from "../server/ServerForm";
import { changeMailbox, createMailbox, testInput, testMailbox } from "./api";
import { fieldsOf, inputOf, type MailboxFields, withSecurity } from "./form";
import { MailboxSteps } from "./MailboxSteps";

type Props = { mailbox: Mailbox | null; onDone: () => void };

/** An IMAP account: where it is, how to sign in, what is read in it, and where sent mail stands. */
export function MailboxForm({ mailbox, onDone }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [fields, setFields] = useState<MailboxFields>(() => fieldsOf(mailbox, user.email));

  const keep = async (): Promise<void> => {
    await (mailbox ? changeMailbox(mailbox, inputOf(fields)) : createMailbox(inputOf(fields)));
    await Promise.all(
      ["mailboxes", "identities"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
    );
  };

  return (
    <ServerForm
      fields={fields}
      onChange={setFields}
      keepLabel={t(mailbox ? "settings.save" : "settings.mailboxes.create")}
      keep={keep}
      test={() => (mailbox ? testMailbox(mailbox.id, inputOf(fields)) : testInput(inputOf(fields)))}
      onDone={onDone}
      outcome={(test) => <MailboxSteps test={test} />}
    >
      {(errors, set) => (
        <>
          <ServerFields
            fields={fields}
            errors={errors}
            example="imap.example.com"
            onChange={set}
            onSecurity={(security) => setFields(withSecurity(fields, security))}
          />
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
              description={
                mailbox?.provider
                  ? t("settings.mailboxes.consented", {
                      provider: t(`settings.providers.names.${mailbox.provider}`),
                    })
                  : t("settings.mailboxes.passwordHint")
              }
              inputWrapperOrder={["label", "input", "error", "description"]}
              autoComplete="new-password"
              value={fields.password}
              error={errors.password}
              onChange={(event) => set({ password: event.currentTarget.value })}
            />
          </Fields>
          <Checkbox
            label={t("settings.mailboxes.reads")}
            description={t("settings.mailboxes.readsHint")}
            checked={fields.reads}
            onChange={(event) => set({ reads: event.currentTarget.checked })}
          />
          {fields.reads && (
            <TagsInput
              label={t("settings.mailboxes.readFolders")}
              placeholder={fields.read_folders.length === 0 ? t("settings.mailboxes.readFoldersFound") : ""}
              description={t("settings.mailboxes.readFoldersHint")}
              inputWrapperOrder={["label", "input", "error", "description"]}
              maxTags={10}
              value={fields.read_folders}
              error={errors.read_folders}
              onChange={(read_folders) => set({ read_folders })}
            />
          )}
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
        </>
      )}
    </ServerForm>
  );
}
