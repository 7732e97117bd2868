/** A wall-clock time, without a zone. Months count from 1. */
export type WallTime = { year: number; month: number; day: number; hour: number; minute: number };

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  formatters.set(zone, made);
  return made;
}

/** What the clock on the wall shows in the zone at that instant. */
export function toWall(instant: Date, zone: string): WallTime {
  const parts = formatter(zone).formatToParts(instant);
  const read = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: read("year"),
    month: read("month"),
    day: read("day"),
    hour: read("hour"),
    minute: read("minute"),
  };
}

/** The instant at which the clock in the zone shows that time.
 *  In the hour that happens twice it is the first; in the hour that is skipped the time moves on with the clock. */
export function toInstant(wall: WallTime, zone: string): Date {
  const asUtc = utc(wall);
  const day = 86_400_000;
  const candidates = [asUtc - day, asUtc + day]
    .map((around) => asUtc - offset(new Date(around), zone))
    .sort((a, b) => a - b);
  const exact = candidates.find((at) => utc(toWall(new Date(at), zone)) === asUtc);
  return new Date(exact ?? candidates.at(-1) ?? asUtc);
}

/** The day that many days later; the time of day stays. */
export function plusDays(wall: WallTime, days: number): WallTime {
  const moved = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return {
    ...wall,
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(wall: WallTime): number {
  return new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay() || 7;
}

/** The city of an IANA name, for people: `America/Sao_Paulo` is "Sao Paulo". */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** Milliseconds that the zone's wall clock is ahead of UTC at that instant. */
function offset(instant: Date, zone: string): number {
  const minutes = Math.floor(instant.getTime() / 60_000) * 60_000;
  return utc(toWall(instant, zone)) - minutes;
}

function utc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
}
