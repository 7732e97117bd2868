import { i18next } from "../../i18n";

/** What a field is called for people; a field without an entry in the catalogue reads as its own words. */
export function labelOf(name: string): string {
  const key = `compose.fields.names.${name}`;
  if (i18next.exists(key)) return i18next.t(key as never);
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
