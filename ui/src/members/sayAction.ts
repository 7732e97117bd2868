import { i18next } from "../i18n";

/** What was done, in the words of the catalogue; a word that is not in there is shown as it is. */
export function sayAction(action: string): string {
  const key = `members.audit.actions.${action}`;
  return i18next.exists(key) ? String(i18next.t(key as never)) : action.replaceAll("_", " ");
}
