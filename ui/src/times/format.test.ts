import { expect, test } from "vitest";
import "../i18n";
import {
  cityOf,
  clockIn,
  comingInSentence,
  dateOf,
  durationOf,
  momentOf,
  momentToCome,
  timeAgo,
  timeUntil,
} from "./format";

const rome = "Europe/Rome";
/** Tuesday, 14 April 2026, 14:31 in Rome. */
const now = Date.parse("2026-04-14T12:31:00Z");
const minute = 60_000;
const hour = 60 * minute;

test("under a day a time is relative", () => {
  expect(timeAgo(now - 20_000, now, rome)).toBe("now");
  expect(timeAgo(now - 6 * minute, now, rome)).toBe("6 min");
  expect(timeAgo(now - 23 * hour, now, rome)).toBe("23 h");
});

test("after a day a time is Yesterday, a weekday, a date, a date with its year", () => {
  expect(timeAgo(now - 25 * hour, now, rome)).toBe("Yesterday");
  expect(timeAgo(Date.parse("2026-04-11T08:00:00Z"), now, rome)).toBe("Sat");
  expect(timeAgo(Date.parse("2026-04-07T08:00:00Z"), now, rome)).toBe("7 Apr");
  expect(timeAgo(Date.parse("2025-04-09T08:00:00Z"), now, rome)).toBe("9 Apr 2025");
});

test("a clock that runs ahead does not give a negative age", () => {
  expect(timeAgo(now + hour, now, rome)).toBe("now");
});

test("a date of today is a clock time in the user's zone", () => {
  expect(dateOf(Date.parse("2026-04-14T07:02:00Z"), now, rome)).toBe("09:02");
  expect(dateOf(Date.parse("2026-04-13T21:59:00Z"), now, rome)).toBe("Yesterday");
  expect(dateOf(Date.parse("2026-04-13T22:01:00Z"), now, rome)).toBe("00:01");
});

test("a moment of a history carries its day unless it is today", () => {
  expect(momentOf(Date.parse("2026-04-14T12:22:00Z"), now, rome)).toBe("14:22");
  expect(momentOf(Date.parse("2026-04-13T14:20:00Z"), now, rome)).toBe("Yesterday 16:20");
  // A record of DNS is needed for a while yet, and clocks of other servers may go fast.
  expect(momentOf(Date.parse("2026-04-15T14:20:00Z"), now, rome)).toBe("Tomorrow 16:20");
});

test("a moment to come names tomorrow and later days", () => {
  expect(momentToCome(Date.parse("2026-04-14T12:32:00Z"), now, rome)).toBe("14:32");
  expect(momentToCome(Date.parse("2026-04-15T07:30:00Z"), now, rome)).toBe("Tomorrow 09:30");
  expect(comingInSentence(Date.parse("2026-04-15T07:30:00Z"), now, rome)).toBe("tomorrow 09:30");
  expect(momentToCome(Date.parse("2026-04-16T07:00:00Z"), now, rome)).toBe("Thu 16 Apr 09:00");
});

test("midnight is 00:00 and never 24:00", () => {
  expect(clockIn(Date.parse("2026-04-14T22:00:00Z"), rome)).toBe("00:00");
});

test("a duration is as precise as it is short", () => {
  expect(durationOf(40_000)).toBe("40 s");
  expect(durationOf(15 * minute)).toBe("15 min");
  expect(durationOf(89 * minute)).toBe("1 h 29 min");
  expect(durationOf(2 * hour)).toBe("2 h");
  expect(durationOf(50 * hour)).toBe("2 days");
  expect(timeUntil(now - 5, now)).toBe("in 0 s");
});

test("a zone is called by its city", () => {
  expect(cityOf("America/New_York")).toBe("New York");
  expect(cityOf("UTC")).toBe("UTC");
});
