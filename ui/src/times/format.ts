import { i18next } from "../i18n";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** English is written the day first, as the design has it. */
export function locale(): string {
  return i18next.language === "en" ? "en-GB" : i18next.language;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale()} ${timeZone} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale(), { ...options, timeZone });
    formats.set(key, made);
  }
  return made.format(at);
}

/** Clock time in a zone: "14:32". */
export function clockIn(at: number, timeZone: string): string {
  return format(at, timeZone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Everything, for the title of a shortened time: "Thursday, 9 April 2026 at 14:32:05". */
export function fullTime(at: number, timeZone: string): string {
  return format(at, timeZone, { dateStyle: "full", timeStyle: "medium" });
}

/** How many midnights lie between two moments in a zone; negative when the first is earlier. */
export function daysApart(at: number, now: number, timeZone: string): number {
  return Math.round((dayNumber(at, timeZone) - dayNumber(now, timeZone)) / day);
}

function dayNumber(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);
  return Date.parse(`${parts}T00:00:00Z`);
}

/** "9 Apr", with the year when it is another one. */
function shortDate(at: number, now: number, timeZone: string): string {
  const year = (moment: number) => format(moment, timeZone, { year: "numeric" });
  return format(at, timeZone, {
    day: "numeric",
    month: "short",
    ...(year(at) === year(now) ? {} : { year: "numeric" }),
  });
}

/** A moment of the past in a list: "6 min", "3 h", Yesterday, "Mon", "9 Apr", "9 Apr 2025". */
export function timeAgo(at: number, now: number, timeZone: string): string {
  const age = Math.max(0, now - at);
  if (age < minute) return i18next.t("times.justNow");
  if (age < hour) return i18next.t("times.minutes", { count: Math.floor(age / minute) });
  if (age < day) return i18next.t("times.hours", { count: Math.floor(age / hour) });
  return dayName(at, now, timeZone);
}

/** A date in a list: clock time today, then Yesterday, "Mon", "9 Apr", "9 Apr 2025". */
export function dateOf(at: number, now: number, timeZone: string): string {
  return daysApart(at, now, timeZone) === 0 ? clockIn(at, timeZone) : dayName(at, now, timeZone);
}

function dayName(at: number, now: number, timeZone: string): string {
  const days = daysApart(at, now, timeZone);
  // An age of just over a day may still be two midnights away, but never none.
  if (days >= -1) return i18next.t("times.yesterday");
  if (days > -7) return format(at, timeZone, { weekday: "short" });
  return shortDate(at, now, timeZone);
}

/** A moment with its day, in a history: "14:22", "Yesterday 16:20", "Mon 18:02", "9 Apr 10:00"; one to come, as below. */
export function momentOf(at: number, now: number, timeZone: string): string {
  const days = daysApart(at, now, timeZone);
  if (days > 0) return momentToCome(at, now, timeZone);
  const clock = clockIn(at, timeZone);
  return days === 0 ? clock : `${dayName(at, now, timeZone)} ${clock}`;
}

/** A moment to come: "14:32", "Tomorrow 09:30", "Thu 16 Apr 09:00". */
export function momentToCome(at: number, now: number, timeZone: string): string {
  return comingMoment(at, now, timeZone, (time) => i18next.t("times.tomorrowAt", { time }));
}

/** The same, to stand within a sentence. */
export function comingInSentence(at: number, now: number, timeZone: string): string {
  return comingMoment(at, now, timeZone, (time) => i18next.t("times.tomorrowInSentence", { time }));
}

function comingMoment(
  at: number,
  now: number,
  timeZone: string,
  tomorrow: (clock: string) => string,
): string {
  const clock = clockIn(at, timeZone);
  const days = daysApart(at, now, timeZone);
  if (days <= 0) return clock;
  if (days === 1) return tomorrow(clock);
  const year = days > 300 ? ({ year: "numeric" } as const) : {};
  return `${format(at, timeZone, { weekday: "short", day: "numeric", month: "short", ...year }).replace(",", "")} ${clock}`;
}

/** How long until a moment: "in 40 s", "in 1 h 29 min", "in 3 days". */
export function timeUntil(at: number, now: number): string {
  return i18next.t("times.in", { duration: durationOf(Math.max(0, at - now)) });
}

export function durationOf(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / second);
  if (seconds < 60) return i18next.t("times.seconds", { count: seconds });
  const minutes = Math.round(milliseconds / minute);
  if (minutes < 60) return i18next.t("times.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    const rest = minutes % 60;
    return rest === 0
      ? i18next.t("times.hours", { count: hours })
      : i18next.t("times.hoursMinutes", { hours, minutes: rest });
  }
  return i18next.t("times.days", { count: Math.round(hours / 24) });
}

/** The city of a zone, as people say it: "Europe/Lisbon" is Lisbon. */
export function cityOf(timeZone: string): string {
  return timeZone.replace(/^.*\//, "").replaceAll("_", " ");
}
