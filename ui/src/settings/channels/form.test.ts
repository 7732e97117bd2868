import { describe, expect, it } from "vitest";
import {
  checkedInput,
  fieldsOf,
  inputOf,
  letsNothingLeave,
  withPreset,
  withSecurity,
  wrongFigures,
} from "./form";

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
      connections: 4,
      batch_size: null,
      batch_pause_s: null,
      per_minute: null,
      per_day: 500,
      day_reset: null,
      domain_rules: [],
    });
  });

  it("sends the day of the provider and the rules of domains as they were typed", () => {
    const rules = [{ domain: " gmail.com ", per_minute: 5, per_day: "" }];
    const limits = inputOf({
      ...fields,
      resets: true,
      reset_time: "08:30",
      reset_zone: "Asia/Seoul",
      rules,
    }).limits;
    expect(limits.day_reset).toEqual({ minute_of_day: 510, zone: "Asia/Seoul" });
    expect(limits.domain_rules).toEqual([{ domain: "gmail.com", per_minute: 5, per_day: null }]);
  });

  it("takes what is known of a provider and keeps what was typed for the account", () => {
    const limits = { ...inputOf(fields).limits, connections: 3, per_minute: 30 };
    const preset = {
      provider: "microsoft_365" as const,
      host: "smtp.office365.com",
      port: 587,
      security: "starttls" as const,
      auth: "xoauth2" as const,
      username: "",
      limits,
      source: "https://example.com",
    };
    const filled = withPreset({ ...fields, password: "x" }, preset);
    expect(filled).toMatchObject({
      host: "smtp.office365.com",
      username: "elena",
      password: "x",
      per_minute: 30,
    });
    expect(inputOf(filled).limits).toEqual(limits);
  });

  it("knows a limit that lets nothing leave", () => {
    expect(letsNothingLeave(fields)).toBe(false);
    expect(letsNothingLeave({ ...fields, per_day: 0 })).toBe(true);
  });

  it("is called like its host when it has no name", () => {
    expect(inputOf(fields).name).toBe("smtp.northlight.example");
  });

  it("refuses a figure that cannot be, and makes no other one of it", () => {
    const wrong = (part: Partial<typeof fields>) => wrongFigures({ ...fields, ...part });
    expect(wrong({})).toEqual([]);
    expect(wrong({ per_minute: 0, per_day: "30" })).toEqual([]);
    expect(wrong({ per_minute: -3 })).toEqual([
      { field: "per_minute", code: "out_of_range", params: { min: 0, max: 1_000_000 } },
    ]);
    expect(wrong({ per_day: 2.5 })).toEqual([{ field: "per_day", code: "not_whole" }]);
    expect(wrong({ batch_size: "99999999999999999999" })[0]?.code).toBe("out_of_range");
    expect(wrong({ rules: [{ domain: "gmail.com", per_minute: -1, per_day: "" }] })[0]?.field).toBe(
      "domain_rules",
    );
    expect(() => checkedInput({ ...fields, per_minute: -3 })).toThrow();
  });
});
