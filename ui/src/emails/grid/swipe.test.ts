import { expect, test } from "vitest";
import { pullOf, swipeOf } from "./swipe";

test("a short movement and a downward one are no swipe", () => {
  expect(swipeOf(-40, 0)).toBeNull();
  expect(swipeOf(-120, 90)).toBeNull();
});

test("far enough sideways is a swipe", () => {
  expect(swipeOf(-110, 10)).toBe("left");
  expect(swipeOf(140, -20)).toBe("right");
});

test("the row follows the finger and resists past the threshold", () => {
  expect(pullOf(-50)).toBe(-50);
  expect(pullOf(126)).toBe(106);
});
