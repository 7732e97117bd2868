import { expect, test } from "vitest";
import { extendTo, howMany, keepOnly, nothingSelected, selectWhole, toggle, toggleAll } from "./selection";

const order = ["a", "b", "c", "d", "e"];
const checked = (...ids: string[]) => new Set(ids);

test("checking twice unchecks", () => {
  const once = toggle(nothingSelected, "b");
  expect(once.ids).toEqual(checked("b"));
  expect(toggle(once, "b").ids).toEqual(checked());
});

test("shift checks everything from the anchor, in both directions", () => {
  const from = toggle(nothingSelected, "c");
  expect(extendTo(from, "e", order).ids).toEqual(checked("c", "d", "e"));
  expect(extendTo(from, "a", order).ids).toEqual(checked("a", "b", "c"));
});

test("shift without an anchor checks the one", () => {
  expect(extendTo(nothingSelected, "d", order)).toEqual({ ids: checked("d"), anchor: "d", whole: false });
});

test("all, then none", () => {
  const all = toggleAll(nothingSelected, order);
  expect(all.ids.size).toBe(5);
  expect(toggleAll(all, order).ids.size).toBe(0);
});

test("all is what the folder holds, not what is loaded of it", () => {
  const loaded = toggleAll(nothingSelected, order);
  expect(howMany(loaded, 300)).toBe("some");
  expect(howMany(loaded, order.length)).toBe("all");
  expect(howMany(nothingSelected, 300)).toBe("none");
});

test("an email that left the list is not checked any more", () => {
  const both = toggle(toggle(nothingSelected, "a"), "b");
  expect(keepOnly(both, ["a"]).ids).toEqual(checked("a"));
  expect(keepOnly(both, order)).toBe(both);
});

test("of a whole folder emails that are not loaded stay checked, and single ones can be left out", () => {
  const whole = selectWhole(["a", "b", "x", "y"]);
  expect(keepOnly(whole, order).ids).toEqual(checked("a", "b", "x", "y"));
  const without = toggle(whole, "b");
  expect(keepOnly(without, order).ids).toEqual(checked("a", "x", "y"));
  expect(howMany(without, 4)).toBe("some");
  expect(toggleAll(toggleAll(whole, order), order).ids.size).toBe(0);
});
