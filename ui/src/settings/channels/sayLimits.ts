import type { Limits } from "../../api/types";
import { i18next } from "../../i18n";

/** The limits that are set, each in a few words. */
export function sayLimits({ batch_size, batch_pause_s, per_minute, domain_rules }: Limits): string[] {
  const words: string[] = [];
  if (per_minute !== null) words.push(i18next.t("settings.channels.perMinute", { count: per_minute }));
  if (batch_size !== null && batch_pause_s !== null)
    words.push(i18next.t("settings.channels.batches", { size: batch_size, pause: batch_pause_s }));
  if (domain_rules.length > 0)
    words.push(i18next.t("settings.channels.domainRules", { count: domain_rules.length }));
  return words;
}
