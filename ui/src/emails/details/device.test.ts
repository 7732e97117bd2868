import { expect, test } from "vitest";
import { deviceOf } from "./device";

test("a user agent tells program and system", () => {
  expect(deviceOf("Mozilla/5.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328)")).toBe("Outlook · Windows");
  expect(deviceOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15")).toBe(
    "Apple Mail · iPhone",
  );
  expect(
    deviceOf("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"),
  ).toBe("Gmail · Windows");
});

test("what tells nothing is left out", () => {
  expect(deviceOf("")).toBeNull();
  expect(deviceOf("curl/8")).toBeNull();
});
