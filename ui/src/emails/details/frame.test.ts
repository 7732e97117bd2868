import { expect, test } from "vitest";
import { framed } from "./frame";

const page = { getPropertyValue: () => "#123456" };

test("a message runs no scripts and sends no forms", () => {
  const html = framed("<p>Hello</p>", page, "all");
  expect(html).toContain("default-src 'none'");
  expect(html).not.toContain("script-src");
  expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<p>Hello</p>"));
});

test("links of a message open elsewhere and tell nobody from where", () => {
  const html = framed("", page, "all");
  expect(html).toContain('<base target="_blank">');
  expect(html).toContain('content="no-referrer"');
});

test("images of others are asked for only when that is wanted", () => {
  expect(framed("", page, "own")).toContain("img-src 'self' data:;");
  expect(framed("", page, "all")).toContain("img-src 'self' data: https: http:;");
});
