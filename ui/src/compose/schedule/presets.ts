import { plusDays, toInstant, toWall, weekday } from "./zoned";

/** A suggested time. `zone` is the one it was thought of in, so that it is shown there. */
export type Preset = { kind: "in_one_hour" | "tomorrow_morning" | "monday_morning"; at: Date; zone: string };

const MORNING = { hour: 9, minute: 0 };

/** The three times worth one click. Mornings are the recipient's, when their zone is known. */
export function presets(now: Date, zone: string): Preset[] {
  const today = { ...toWall(now, zone), ...MORNING };
  const tomorrow = plusDays(today, 1);
  const monday = plusDays(today, 8 - weekday(today));
  const list: Preset[] = [
    { kind: "tomorrow_morning", at: toInstant(tomorrow, zone), zone },
    { kind: "in_one_hour", at: inOneHour(now), zone },
  ];
  if (weekday(tomorrow) !== 1) {
    list.push({ kind: "monday_morning", at: toInstant(monday, zone), zone });
  }
  return list;
}

/** A whole minute, so that what is shown is what happens. */
function inOneHour(now: Date): Date {
  return new Date(Math.ceil((now.getTime() + 3_600_000) / 60_000) * 60_000);
}
