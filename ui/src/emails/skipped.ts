import type { SkippedEmail, SkipReason } from "../api/types";
import { i18next } from "../i18n";
import { say } from "../toasts/toasts";

/** Says how many emails were left as they are, and why: one sentence for each reason. */
export function saySkipped(skipped: Pick<SkippedEmail, "reason">[]): void {
  const reasons = new Map<SkipReason, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of reasons) say(i18next.t(`emails.skipped.${reason}`, { count }));
}
