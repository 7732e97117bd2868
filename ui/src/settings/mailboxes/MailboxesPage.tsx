import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mailboxesQuery } from "../../mailboxes/mailboxes";
import { EmptyState } from "../../states/EmptyState";
import { Loaded } from "../Loaded";
import { Rows } from "../Rows";
import { Section } from "../Section";
import { ConnectButtons } from "./ConnectButtons";
import { MailboxForm } from "./MailboxForm";
import { MailboxRow } from "./MailboxRow";

/** Where mail comes back to and sent mail is kept: one's own mailboxes. */
export default function MailboxesPage() {
  const { t } = useTranslation();
  const query = useQuery(mailboxesQuery);
  const [adding, setAdding] = useState(false);
  const addByPassword = (): void => setAdding(true);
  return (
    <Section
      title={t("settings.mailboxes.title")}
      hint={t("settings.mailboxes.hint")}
      action={!adding && (query.data?.items.length ?? 0) > 0 && <ConnectButtons onPassword={addByPassword} />}
    >
      {adding && <MailboxForm mailbox={null} onDone={() => setAdding(false)} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            <Rows label={t("settings.mailboxes.title")}>
              {items.map((mailbox) => (
                <MailboxRow key={mailbox.id} mailbox={mailbox} />
              ))}
            </Rows>
          ) : (
            !adding && (
              <EmptyState title={t("settings.mailboxes.empty")} hint={t("settings.mailboxes.emptyHint")}>
                <ConnectButtons onPassword={addByPassword} isFirst />
              </EmptyState>
            )
          )
        }
      </Loaded>
    </Section>
  );
}
