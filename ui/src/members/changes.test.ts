import { describe, expect, it } from "vitest";
import { changesBetween } from "./changes";

describe("the audit record", () => {
  it("shows only what differs", () => {
    expect(changesBetween({ role: "member", name: "Ana" }, { role: "admin", name: "Ana" })).toEqual([
      { name: "role", before: "member", after: "admin" },
    ]);
  });

  it("names nested parts by their path", () => {
    expect(changesBetween({ limits: { per_day: null } }, { limits: { per_day: 500 } })).toEqual([
      { name: "limits.per_day", before: null, after: "500" },
    ]);
  });

  it("shows what was made and what was deleted", () => {
    expect(changesBetween(null, { host: "x" })).toEqual([{ name: "host", before: null, after: "x" }]);
    expect(changesBetween({ teams: ["a", "b"] }, null)).toEqual([
      { name: "teams", before: "a, b", after: null },
    ]);
  });

  it("has nothing to show for a sign-in", () => {
    expect(changesBetween(null, null)).toEqual([]);
  });
});
