import { expect, test } from "vitest";
import { readPreferences } from "./preferences";

test("the desktop is told only if somebody asked for it", () => {
  expect(readPreferences(null)).toEqual({ open: false, kinds: [], automatic: false, notify: false });
  expect(readPreferences("{oops")).toEqual({ open: false, kinds: [], automatic: false, notify: false });
  expect(readPreferences('{"notify":"yes"}').notify).toBe(false);
  expect(readPreferences('{"notify":true}').notify).toBe(true);
});

test("kinds that are no longer known are left out", () => {
  expect(readPreferences('{"kinds":["clicked","sighted"],"open":true}')).toMatchObject({
    open: true,
    kinds: ["clicked"],
  });
});
