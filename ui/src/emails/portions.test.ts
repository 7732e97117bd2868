import { expect, test } from "vitest";
import { portionsOf } from "./portions";

test("few emails are one portion, many are portions of nearly the same size", () => {
  expect(portionsOf([], 500)).toEqual([]);
  expect(portionsOf([1, 2, 3], 3)).toEqual([[1, 2, 3]]);
  expect(portionsOf([1, 2, 3, 4], 3)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  const sizes = portionsOf([...Array(1001).keys()]).map((portion) => portion.length);
  expect(sizes).toEqual([333, 334, 334]);
});

test("each email is in one portion, in order", () => {
  const emails = [...Array(1234).keys()];
  expect(portionsOf(emails, 100).flat()).toEqual(emails);
});
