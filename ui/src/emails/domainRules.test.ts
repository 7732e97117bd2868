import { expect, test } from "vitest";
import { ruleFor } from "./domainRules";

const rule = (domain: string) => ({ domain, per_minute: 5, per_day: null });
const named = (domain: string, ...rules: string[]) => ruleFor(domain, rules.map(rule))?.domain ?? null;

test("a recipient domain has the rule with its name, before the one for every other", () => {
  expect(named("gmail.com", "*", "gmail.com")).toBe("gmail.com");
  expect(named("mail.gmail.com", "gmail.com", "*")).toBe("*");
  expect(named("gmail.com", "outlook.com")).toBeNull();
  expect(named("", "gmail.com")).toBeNull();
});

test("it is the same domain however it is spelled", () => {
  expect(named("GMail.com", "gmail.com")).toBe("gmail.com");
  expect(named("xn--bcher-kva.example", "bücher.example")).toBe("bücher.example");
  expect(named("bücher.example", "*", "xn--bcher-kva.example")).toBe("xn--bcher-kva.example");
});
