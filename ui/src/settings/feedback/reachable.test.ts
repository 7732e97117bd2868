import { expect, test } from "vitest";
import { obstacleOf } from "./reachable";

test.each([
  "http://127.0.0.1:4080/hooks/x",
  "https://localhost/hooks/x",
  "https://deck/hooks/x",
  "https://deck.local/hooks/x",
  "http://10.1.2.3/hooks/x",
  "https://192.168.0.4/hooks/x",
  "https://172.20.0.1/hooks/x",
  "https://169.254.1.1/hooks/x",
  "https://100.64.0.1/hooks/x",
  "https://[::1]/hooks/x",
  "https://[fd00::1]/hooks/x",
])("nobody elsewhere can call %s", (url) => {
  expect(obstacleOf(url)).toBe("urlUnreachable");
});

test("an address of the internet can be called, best by https", () => {
  for (const host of ["deck.example.com", "172.32.0.1", "100.128.0.1", "11.0.0.1", "[2001:db8::1]"])
    expect(obstacleOf(`https://${host}/hooks/x`)).toBeNull();
  expect(obstacleOf("http://deck.example.com/hooks/x")).toBe("urlPlain");
});
