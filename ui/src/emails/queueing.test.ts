import { describe, expect, it } from "vitest";
import { sayForecast } from "./queueing";

const now = Date.parse("2026-04-14T12:00:00Z");
const say = (forecast: Partial<Parameters<typeof sayForecast>[0]>) =>
  sayForecast({ count: 1000, skipped: 0, last_at: null, reason: null, limit: null, ...forecast }, now, "UTC");

describe("what is said before many emails are queued", () => {
  it("names the last and the limit that holds it", () => {
    expect(say({ last_at: "2026-04-14T14:32:00Z", reason: "limit_per_minute", limit: 30 })).toBe(
      "1,000 emails, the last at 14:32. Limit: 30 a minute.",
    );
  });

  it("says no more than the time where nothing holds them, and what is left out", () => {
    expect(say({ count: 3, last_at: "2026-04-15T09:00:00Z", skipped: 1 })).toBe(
      "3 emails, tomorrow 09:00. 1 is left as it is.",
    );
  });

  it("says that nothing leaves under a limit of zero", () => {
    expect(say({ count: 3, reason: "limit_per_day", limit: 0 })).toBe(
      "3 emails, and not all of them would leave. A limit is 0: what it holds waits until it is raised.",
    );
  });
});
