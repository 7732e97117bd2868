import { describe, expect, it } from "vitest";
import { cityOf, plusDays, toInstant, toWall, weekday } from "./zoned";

const at = (year: number, month: number, day: number, hour: number, minute = 0) => ({
  year,
  month,
  day,
  hour,
  minute,
});

describe("time zones", () => {
  it.each([
    ["Europe/Rome", at(2026, 4, 15, 9), "2026-04-15T07:00:00.000Z"],
    ["Asia/Seoul", at(2026, 4, 15, 9), "2026-04-15T00:00:00.000Z"],
    ["Asia/Kathmandu", at(2026, 4, 15, 9), "2026-04-15T03:15:00.000Z"],
    ["Pacific/Kiritimati", at(2026, 1, 1, 0), "2025-12-31T10:00:00.000Z"],
    ["UTC", at(2026, 12, 31, 23, 59), "2026-12-31T23:59:00.000Z"],
  ])("knows the instant of a time in %s", (zone, wall, expected) => {
    expect(toInstant(wall, zone).toISOString()).toBe(expected);
    expect(toWall(new Date(expected), zone)).toEqual(wall);
  });

  it("moves a time in the skipped hour on with the clock", () => {
    expect(toInstant(at(2026, 3, 29, 2, 30), "Europe/Rome").toISOString()).toBe("2026-03-29T01:30:00.000Z");
    expect(toInstant(at(2026, 3, 8, 2, 30), "America/New_York").toISOString()).toBe(
      "2026-03-08T07:30:00.000Z",
    );
  });

  it("takes the first of an hour that happens twice", () => {
    expect(toInstant(at(2026, 10, 25, 2, 30), "Europe/Rome").toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(toInstant(at(2026, 11, 1, 1, 30), "America/New_York").toISOString()).toBe(
      "2026-11-01T05:30:00.000Z",
    );
  });

  it("counts days over months and years", () => {
    expect(plusDays(at(2026, 12, 31, 9), 1)).toEqual(at(2027, 1, 1, 9));
    expect(weekday(at(2026, 4, 12, 9))).toBe(7);
    expect(weekday(at(2026, 4, 13, 9))).toBe(1);
  });

  it("names the city", () => {
    expect(cityOf("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
    expect(cityOf("UTC")).toBe("UTC");
  });
});
