import { describe, expect, it } from "vitest";
import { presets } from "./presets";

const times = (now: string, zone: string) =>
  Object.fromEntries(presets(new Date(now), zone).map((preset) => [preset.kind, preset.at.toISOString()]));

describe("suggested times", () => {
  it("are mornings where the recipient is", () => {
    expect(times("2026-04-14T12:31:00Z", "Europe/Lisbon")).toEqual({
      tomorrow_morning: "2026-04-15T08:00:00.000Z",
      in_one_hour: "2026-04-14T13:31:00.000Z",
      monday_morning: "2026-04-20T08:00:00.000Z",
    });
  });

  it("take the recipient's tomorrow, which may be today for the sender", () => {
    // 23:30 on the 14th in Rome is already the 15th in Seoul.
    expect(times("2026-04-14T21:30:00Z", "Asia/Seoul").tomorrow_morning).toBe("2026-04-16T00:00:00.000Z");
  });

  it("stay at nine o'clock when the clocks change overnight", () => {
    expect(times("2026-03-28T12:00:00Z", "Europe/Rome").tomorrow_morning).toBe("2026-03-29T07:00:00.000Z");
    expect(times("2026-10-24T12:00:00Z", "Europe/Rome").tomorrow_morning).toBe("2026-10-25T08:00:00.000Z");
  });

  it("do not offer Monday twice on a Sunday", () => {
    expect(times("2026-04-19T12:00:00Z", "Europe/Rome")).not.toHaveProperty("monday_morning");
    expect(times("2026-04-20T12:00:00Z", "Europe/Rome").monday_morning).toBe("2026-04-27T07:00:00.000Z");
  });

  it("are whole minutes, never sooner than promised", () => {
    expect(times("2026-04-14T12:31:20Z", "Europe/Rome").in_one_hour).toBe("2026-04-14T13:32:00.000Z");
  });
});
