import { expect, test } from "vitest";
import { readSearch } from "./listSearch";

test("an address is read back", () => {
  expect(readSearch({ sort: "sent", order: "asc", email: "1" })).toEqual({
    sort: "sent",
    order: "asc",
    email: "1",
  });
});

test("what makes no sense in an address is left out", () => {
  expect(readSearch({ sort: "colour", order: 3, email: "", other: "x" })).toEqual({});
});
