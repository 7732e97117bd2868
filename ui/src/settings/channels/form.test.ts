import { describe, expect, it } from "vitest";
import { fieldsOf, inputOf, withSecurity } from "./form";

const fields = { ...fieldsOf(null, false), host: " smtp.northlight.example ", username: "elena" };

describe("the form of a channel", () => {
  it("changes the usual port with the security, and leaves a chosen one", () => {
    expect(withSecurity(fields, "tls").port).toBe(465);
    expect(withSecurity({ ...fields, port: 2525 }, "tls").port).toBe(2525);
  });

  it("leaves out secrets that were not typed, so that the kept ones stay", () => {
    expect(inputOf(fields)).not.toHaveProperty("password");
    expect(inputOf({ ...fields, password: "x" })).toMatchObject({ username: "elena", password: "x" });
    expect(inputOf({ ...fields, auth: "none", password: "x" })).not.toHaveProperty("username");
  });

  it("sends the parts of the token grant together", () => {
    const oauth = { ...fields, auth: "xoauth2" as const, refresh_token: "r" };
    expect(inputOf(oauth).oauth).toEqual({
      client_id: "",
      client_secret: "",
      refresh_token: "r",
      token_url: "",
    });
  });

  it("reads an empty limit as none", () => {
    expect(inputOf({ ...fields, per_day: 500 }).limits).toEqual({
      batch_size: null,
      batch_pause_s: null,
      per_minute: null,
      per_day: 500,
    });
  });

  it("is called like its host when it has no name", () => {
    expect(inputOf(fields).name).toBe("smtp.northlight.example");
  });
});
