import type { Check } from "../api/types";
import { i18next } from "../i18n";
import { labelOf } from "./fields/labels";

/** A check in the words of the catalogue. */
export function sayCheck({ code, field, params }: Check): string {
  const name = typeof params.name === "string" ? labelOf(params.name) : "";
  const place =
    field === "subject" ? i18next.t("compose.checks.inSubject") : i18next.t("compose.checks.inBody");
  return i18next.t(`compose.checks.${code}`, { ...params, name, place } as never) as unknown as string;
}
