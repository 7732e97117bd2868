import { describe, expect, it } from "vitest";
import { asUrl } from "./links";

describe("a link as people type it", () => {
  it.each([
    ["northlight.example/pricing", "https://northlight.example/pricing"],
    ["http://x.example", "http://x.example"],
    ["marta@x.example", "mailto:marta@x.example"],
    ["tel:+3912345", "tel:+3912345"],
    ["localhost:4080/x", "https://localhost:4080/x"],
    ["https://x.example/?n={{first_name}}", "https://x.example/?n={{first_name}}"],
  ])("%s becomes %s", (typed, expected) => expect(asUrl(typed)).toBe(expected));

  it.each(["", "javascript:alert(1)", "data:text/html,x", "nonsense", "a b"])("%j leads nowhere", (typed) =>
    expect(asUrl(typed)).toBeNull(),
  );
});
