import type { Stop, StopChange } from "../api/types";
import { i18next } from "../i18n";
import { dateOf } from "../times/format";

type Told = Pick<Stop, "cause" | "source" | "address" | "by" | "subject">;

/** How it came about, in a sentence. Nobody asks in a reply that their address be gone: a program says there that they are. */
export function sayHow({ cause, source, address, by, subject }: Told): string {
  const words = { address, by: by ?? i18next.t("stops.somebody"), subject: subject ?? "" };
  const how = cause === "hard_bounce" && source === "reply" ? "left" : source;
  return i18next.t(`stops.how.${how}${subject ? "In" : ""}`, words);
}

/** What is said of a stop, one sentence after the other, each with its full stop. */
export function sentences(...said: (string | null)[]): string {
  return said
    .filter((one): one is string => Boolean(one))
    .map((one) => (/[.!?。？！]”?$/.test(one) ? one : `${one}.`))
    .join(" ");
}

/** Reason and remark, as far as there are any. */
export function sayWhy({ motive, note }: Pick<Stop, "motive" | "note">): string[] {
  const { t } = i18next;
  return [motive && t("stops.motive", { motive: t(`stops.motives.${motive}`) }), note && `“${note}”`].filter(
    (said): said is string => Boolean(said),
  );
}

/** Whose mail, or which address alone, is meant; nothing when it is everything. */
export function sayScope(stop: Pick<Stop, "only_sender" | "whole_person">, me: string): string | null {
  const { t } = i18next;
  if (stop.only_sender !== null) return t(stop.only_sender === me ? "stops.onlyYou" : "stops.onlySender");
  return stop.whole_person ? null : t("stops.onlyAddress");
}

/** What follows from a stop for the next email. */
export function sayHeld(stop: Stop, now: number, timeZone: string): string {
  const date = dateOf(Date.parse(stop.at), now, timeZone);
  if (!stop.whole_person) return i18next.t("stops.heldSince", { address: stop.address, date });
  return i18next.t("stops.heldPersonSince", { name: stop.person_name ?? stop.address, date });
}

/** A line of the history: what happened, and how. */
export function sayChange(change: StopChange, me: string): { title: string; text: string } {
  const { t } = i18next;
  if (change.resumed)
    return {
      title: t(`stops.history.resumed.${change.cause}`),
      text: sentences(sayResumed(change), change.note && `“${change.note}”`),
    };
  const scope = change.cause === "unsubscribed" ? sayScope({ ...change, whole_person: true }, me) : null;
  return {
    title: t(`stops.history.stopped.${change.cause}`),
    text: sentences(sayHow(change), ...sayWhy(change), scope),
  };
}

function sayResumed({ by, source, resume_reason }: StopChange): string {
  const { t } = i18next;
  if (source === "link") return t("stops.history.resumedByRecipient");
  if (source === "reply") return t("stops.history.resumedByReply");
  const reason = resume_reason ? t(`stops.reasons.${resume_reason}`) : "";
  return t("stops.history.resumedBy", { by: by ?? t("stops.somebody"), reason });
}
