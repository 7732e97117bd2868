import { plusDays, type WallTime, weekday } from "./zoned";

/** The six weeks that a month is drawn in, each day at midnight. `firstDay` is 1 for Monday, 7 for Sunday. */
export function weeksOf(year: number, month: number, firstDay: number): WallTime[][] {
  const first = { year, month, day: 1, hour: 0, minute: 0 };
  const start = plusDays(first, -((weekday(first) - firstDay + 7) % 7));
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => plusDays(start, week * 7 + day)),
  );
}

/** The weekday a week begins with where the language is spoken. */
export function firstDayOf(language: string): number {
  const locale = new Intl.Locale(language) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}

/** Comparable as a number: 20260415. */
export function dayNumber(wall: WallTime): number {
  return (wall.year * 100 + wall.month) * 100 + wall.day;
}

/** Reads "9", "9:30", "0930", "9.30", "9:30 pm"; null when it is no time of day. */
export function parseTime(text: string): { hour: number; minute: number } | null {
  const match = /^(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm)?$/iu.exec(text.trim());
  if (!match) return null;
  const half = match[3]?.toLowerCase();
  const written = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  if (half && (written < 1 || written > 12)) return null;
  const hour = half ? (written % 12) + (half === "pm" ? 12 : 0) : written;
  return hour < 24 && minute < 60 ? { hour, minute } : null;
}

/** "09:05". */
export function formatTime({ hour, minute }: { hour: number; minute: number }): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
