import { describe, expect, it } from "vitest";
import { dayNumber, firstDayOf, formatTime, parseTime, weeksOf } from "./month";

describe("a month on the calendar", () => {
  it("begins with the days of the month before", () => {
    const weeks = weeksOf(2026, 4, 1);
    expect(weeks[0]?.map((day) => day.day)).toEqual([30, 31, 1, 2, 3, 4, 5]);
    expect(weeks.flat()).toHaveLength(42);
    expect(weeksOf(2026, 4, 7)[0]?.[0]).toMatchObject({ month: 3, day: 29 });
  });

  it("begins its week as the language does", () => {
    expect(firstDayOf("de")).toBe(1);
    expect(firstDayOf("en-US")).toBe(7);
  });

  it("orders days over years", () => {
    const day = { year: 2026, month: 12, day: 31, hour: 0, minute: 0 };
    expect(dayNumber(day)).toBeLessThan(dayNumber({ ...day, year: 2027, month: 1, day: 1 }));
  });
});

describe("a time as people type it", () => {
  it.each([
    ["9", "09:00"],
    ["9:30", "09:30"],
    ["0930", "09:30"],
    ["9.30", "09:30"],
    ["12 am", "00:00"],
    ["9:30pm", "21:30"],
    ["23:59", "23:59"],
  ])("reads %s as %s", (text, expected) => {
    const time = parseTime(text);
    expect(time && formatTime(time)).toBe(expected);
  });

  it.each(["", "24:00", "9:60", "13pm", "noon", "12345"])("refuses %j", (text) => {
    expect(parseTime(text)).toBeNull();
  });
});
