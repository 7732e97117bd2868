import { expect, test } from "vitest";
import { holdRows } from "./heldRows";

test("a new email above is counted and not shown", () => {
  const held = holdRows(["a", "b", "c"], ["n", "a", "b", "c"]);
  expect(held.ids).toEqual(["a", "b", "c"]);
  expect(held.newer).toBe(1);
});

test("an email that moved to the top counts once", () => {
  const held = holdRows(["a", "b", "c", "d"], ["d", "a", "b", "c"]);
  expect(held.ids).toEqual(["a", "b", "c", "d"]);
  expect(held.newer).toBe(1);
});

test("more of the list joins at the end", () => {
  const held = holdRows(["a", "b"], ["a", "b", "c", "d"]);
  expect(held.ids).toEqual(["a", "b", "c", "d"]);
  expect(held.newer).toBe(0);
});

test("an email that left keeps its place and is marked", () => {
  const held = holdRows(["a", "b", "c"], ["a", "c"]);
  expect(held.ids).toEqual(["a", "b", "c"]);
  expect([...held.gone]).toEqual(["b"]);
  expect(held.newer).toBe(0);
});

test("another list altogether is shown at once", () => {
  expect(holdRows([], ["a"]).ids).toEqual(["a"]);
  expect(holdRows(["x", "y"], ["a", "b"]).ids).toEqual(["a", "b"]);
});

test("the same order holds nothing back", () => {
  expect(holdRows(["a", "b"], ["a", "b"])).toEqual({ ids: ["a", "b"], newer: 0, gone: new Set() });
});
