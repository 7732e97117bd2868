import { describe, expect, it } from "vitest";
import type { ProviderView } from "../../api/types";
import { fieldsOf, inputOf, isElsewhere, withSecurity } from "./form";

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
    const input = inputOf({ ...fieldsOf(provider), client_id: " desk ", host: "imap.example.us" });
    expect(input).toMatchObject({
      client_id: "desk",
      client_secret: null,
      host: "imap.example.us",
      port: null,
      security: null,
    });
  });

  it("speaks as it was said, with the usual port unless somebody chose one", () => {
    const plain = withSecurity(fieldsOf(provider), "starttls");
    expect(inputOf(plain)).toMatchObject({ port: 143, security: "starttls" });
    expect(isElsewhere(plain)).toBe(true);
    expect(withSecurity(plain, "tls")).toEqual(fieldsOf(provider));
    expect(withSecurity({ ...plain, port: 1143 }, "tls").port).toBe(1143);
  });
});
