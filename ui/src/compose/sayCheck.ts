import type { Check } from "../api/types";
import { i18next } from "../i18n";
import { labelOf } from "./fields/labels";

/** A check at its place: what is wrong and what mends it. */
export function sayCheck(check: Check): string {
  const place = i18next.t(check.field === "subject" ? "compose.checks.inSubject" : "compose.checks.inBody");
  return say("checks", check, place);
}

/** A check beside Send, in a few words. */
export function sayStop(check: Check): string {
  return say("stops", check, "");
}

function say(list: "checks" | "stops", { code, param }: Check, place: string): string {
  const words = { address: param ?? "", name: labelOf(param ?? ""), place };
  return i18next.t(`compose.${list}.${code}` as never, words as never) as unknown as string;
}
