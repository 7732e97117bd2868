import { describe, expect, it } from "vitest";
import { safeReturn, tokenIn } from "./token";

describe("a mailed link", () => {
  it("carries its token behind the #", () => {
    expect(tokenIn("#token=abc-123_x")).toBe("abc-123_x");
    expect(tokenIn("#token=")).toBeNull();
    expect(tokenIn("")).toBeNull();
  });
});

describe("the way back after signing in", () => {
  it("leads to a place of this site", () => {
    expect(safeReturn("/emails/draft?open=1")).toBe("/emails/draft?open=1");
  });

  it.each([
    undefined,
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/sign-in?back=/",
    "javascript:x",
  ])("never leads to %s", (back) => expect(safeReturn(back)).toBe("/"));
});
