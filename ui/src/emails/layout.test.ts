import { expect, test } from "vitest";
import { moveColumn, readLayout, usualLayout } from "./layout";

test("without anything kept a folder looks as usual", () => {
  expect(readLayout("delivered", null)).toEqual(usualLayout("delivered"));
  expect(readLayout("delivered", "not json")).toEqual(usualLayout("delivered"));
});

test("what was kept is kept, unknown columns are dropped, new ones come last", () => {
  const kept = JSON.stringify({ order: ["subject", "tides", "person"], shown: ["subject"], compact: true });
  const layout = readLayout("delivered", kept);
  expect(layout.order.slice(0, 2)).toEqual(["subject", "person"]);
  expect(layout.order).toHaveLength(usualLayout("delivered").order.length);
  expect(layout.shown).toEqual(["subject"]);
  expect(layout.compact).toBe(true);
});

test("a column moves one place and stops at the ends", () => {
  expect(moveColumn(["person", "subject", "sent"], "subject", -1)).toEqual(["subject", "person", "sent"]);
  expect(moveColumn(["person", "subject", "sent"], "sent", 1)).toEqual(["person", "subject", "sent"]);
});
