import { i18next } from "../i18n";

/** What was tried: the words for some problems differ. */
export type Kind = "channels" | "mailboxes" | "trackingDomain" | "feedback";

/** What went wrong with a server or with a call, by its stable code. */
export function sayProblem(kind: Kind, code: string): string {
  const known = [kind, "channels"]
    .map((of) => `settings.${of}.problems.${code}`)
    .find((key) => i18next.exists(key));
  return known ? String(i18next.t(known as never)) : i18next.t("settings.channels.problems.other");
}
