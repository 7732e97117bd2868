import { expect, test } from "vitest";
import { framed } from "./frame";

const page = { getPropertyValue: () => "#123456" };

test("a message runs no scripts and sends no forms", () => {
  const html = framed("<p>Hello</p>", page);
  expect(html).toContain("default-src 'none'");
  expect(html).not.toContain("script-src");
  expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<p>Hello</p>"));
});

test("links of a message open elsewhere and tell nobody from where", () => {
  const html = framed("", page);
  expect(html).toContain('<base target="_blank">');
  expect(html).toContain('content="no-referrer"');
});
