import { useTranslation } from "react-i18next";
import type { Mailbox } from "../../api/types";
import { useSession } from "../../session/session";
import { momentOf } from "../../times/format";
import { useNow } from "../../times/now";

/** How the reading of a mailbox stands, and what it found lately. */
export function Reading({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const now = useNow(60_000);
  const { reads, reading, last_checked_at } = mailbox;
  const at = (moment: string) => momentOf(Date.parse(moment), now, user.time_zone);
  const state: string[] = [];
  if (!reads) state.push(t("settings.mailboxes.notRead"));
  else if (reading.looked_at === null) state.push(t("settings.mailboxes.notYet"));
  else {
    if (reading.connected_at) state.push(t("settings.mailboxes.watching", { at: at(reading.connected_at) }));
    state.push(t("settings.mailboxes.looked", { at: at(reading.looked_at) }));
    state.push(t("settings.mailboxes.folders", { folders: reading.folders.join(", ") }));
  }
  if (last_checked_at) state.push(t("settings.mailboxes.checked", { at: at(last_checked_at) }));
  const found = reading.found.map(({ kind, messages }) =>
    t(`settings.mailboxes.found.${kind}`, { count: messages }),
  );
  return (
    <>
      <div>{state.join(" · ")}</div>
      {reads && reading.looked_at !== null && (
        <div>
          {found.length > 0
            ? `${t("settings.mailboxes.foundLately")} ${found.join(", ")}`
            : t("settings.mailboxes.foundNone")}
        </div>
      )}
      {reading.stepped_over > 0 && (
        <div>{t("settings.mailboxes.steppedOver", { count: reading.stepped_over })}</div>
      )}
    </>
  );
}
