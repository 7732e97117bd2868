import { describe, expect, it } from "vitest";
import type { ProviderView } from "../../api/types";
import { fieldsOf, inputOf, isElsewhere } from "./form";

const provider: ProviderView = {
  provider: "google",
  published: { authorization_url: "a", token_url: "t", scopes: "s", host: "h", port: 993 },
  registration: null,
};

describe("the registration at a provider", () => {
  it("begins empty, which is what the provider publishes", () => {
    expect(isElsewhere(fieldsOf(provider))).toBe(false);
  });

  it("sends nothing for what was left empty, so that the kept secret stays", () => {
    const input = inputOf({ ...fieldsOf(provider), client_id: " desk ", host: "imap.example.us" }, provider);
    expect(input).toMatchObject({
      client_id: "desk",
      client_secret: null,
      host: "imap.example.us",
      port: null,
    });
  });
});
