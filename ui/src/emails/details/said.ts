import type { EmailDetails, EmailEvent, EmailEventKind } from "../../api/types";
import { i18next } from "../../i18n";

const setbacks: ReadonlySet<EmailEventKind> = new Set([
  "deferred",
  "uncertain",
  "failed",
  "bounced",
  "copy_refused",
]);

/** The last thing that kept the email from getting through. */
function lastSetback({ events }: Pick<EmailDetails, "events">): EmailEvent | undefined {
  return events.find(({ kind }) => setbacks.has(kind));
}

/** Whose words stand below: those of the server that we spoke with, of one that wrote later, or our own on what broke. */
export function sayWhose(email: Pick<EmailDetails, "events" | "wait">): string {
  const { t } = i18next;
  const { reply, detail, server } = lastSetback(email)?.data ?? {};
  if (reply && server) return t("emails.details.serverSaid", { server });
  const isOurs = email.wait?.reason === "unreachable" || (!reply && Boolean(detail));
  return t(isOurs ? "emails.details.whatBroke" : "emails.details.someServerSaid");
}
