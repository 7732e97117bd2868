import { i18next } from "../../i18n";
import { locale } from "../../times/format";
import { dayNumber } from "./month";
import type { Preset } from "./presets";
import { toWall } from "./zoned";

const format = (at: Date, zone: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }).format(at);

/** "09:00". */
export function clock(at: Date, zone: string): string {
  return format(at, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "Wed 09:00", or "Today 15:31". */
export function shortTime(at: Date, zone: string, now: Date): string {
  const time = clock(at, zone);
  const today = dayNumber(toWall(at, zone)) === dayNumber(toWall(now, zone));
  return today
    ? i18next.t("compose.schedule.today", { time })
    : `${format(at, zone, { weekday: "short" })} ${time}`;
}

/** "Wed 15 April, 09:00"; with the year when it is another one. */
export function longTime(at: Date, zone: string, now: Date): string {
  const otherYear = toWall(at, zone).year !== toWall(now, zone).year;
  const day = format(at, zone, {
    weekday: "short",
    day: "numeric",
    month: "long",
    ...(otherYear && { year: "numeric" }),
  });
  return `${day}, ${clock(at, zone)}`;
}

/** "10:00 for you", with the weekday when it is another day. */
export function yourTime(at: Date, yours: string, theirs: string): string {
  const sameDay = dayNumber(toWall(at, yours)) === dayNumber(toWall(at, theirs));
  const time = sameDay ? clock(at, yours) : `${format(at, yours, { weekday: "short" })} ${clock(at, yours)}`;
  return i18next.t("times.forYou", { time });
}

/** "Tomorrow morning in Lisbon". */
export function sayPreset({ kind }: Preset, city: string | null): string {
  if (kind === "in_one_hour" || city === null) return i18next.t(`compose.schedule.${kind}`);
  return i18next.t(`compose.schedule.${kind}_in`, { city });
}
