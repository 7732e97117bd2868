import type { EmailActionForecast } from "../api/types";
import { i18next } from "../i18n";
import { comingInSentence, daysApart } from "../times/format";
import type { ActionKind } from "./actionKinds";
import type { Chosen } from "./chosen";
import { isLimit } from "./words";

/** The actions that put emails in the queue. */
export type QueueKind = "send_now" | "retry" | "reschedule";

/** Several emails that are about to be queued. */
export type Queueing = { kind: QueueKind; chosen: Chosen; at?: Date };

/** More than the server foretells together. */
export const mostForetold = 10_000;

const kinds: ReadonlySet<ActionKind> = new Set<QueueKind>(["send_now", "retry", "reschedule"]);

export function isQueueKind(kind: ActionKind): kind is QueueKind {
  return kinds.has(kind);
}

/** When the emails of an action leave, and what holds the last: "1,000 emails, the last at 14:32. Limit: 30 a minute." */
export function sayForecast(forecast: EmailActionForecast, now: number, timeZone: string): string {
  const { count, skipped } = forecast;
  const said = [sayLast(forecast, now, timeZone), sayBecause(forecast)];
  if (skipped > 0) said.push(i18next.t("emails.queue.skipped", { count: skipped }));
  return said.filter((sentence) => sentence !== null && count + skipped > 0).join(" ");
}

function sayLast(
  { count, last_at, reason }: EmailActionForecast,
  now: number,
  timeZone: string,
): string | null {
  if (count === 0) return null;
  if (last_at === null) return i18next.t("emails.queue.never", { count });
  const at = Date.parse(last_at);
  const words = { count, time: comingInSentence(at, now, timeZone) };
  const today = daysApart(at, now, timeZone) <= 0;
  if (reason === null) return i18next.t(today ? "emails.queue.together" : "emails.queue.togetherOn", words);
  return i18next.t(today ? "emails.queue.last" : "emails.queue.lastOn", words);
}

function sayBecause({ last_at, reason, limit }: EmailActionForecast): string | null {
  if (last_at === null && isLimit(reason)) return i18next.t("emails.queue.zero");
  const key = `emails.queue.because.${reason}`;
  return reason !== null && i18next.exists(key) ? String(i18next.t(key as never, { limit } as never)) : null;
}
