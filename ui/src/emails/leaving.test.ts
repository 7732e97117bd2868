import { expect, test } from "vitest";
import { hasLeft } from "./leaving";

test("an email that was put away stays hidden until a newer version of it is seen", () => {
  const leaving = new Map([["a", 3]]);
  expect(hasLeft({ id: "a", version: 3 }, leaving)).toBe(true);
  expect(hasLeft({ id: "a", version: 4 }, leaving)).toBe(false);
  expect(hasLeft({ id: "b", version: 1 }, leaving)).toBe(false);
});
