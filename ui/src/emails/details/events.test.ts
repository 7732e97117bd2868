import { expect, test } from "vitest";
import type { EmailEvent } from "../../api/types";
import { failureLooks } from "../tones";
import { eventLook, sayEvent } from "./events";

const now = Date.parse("2026-04-14T12:00:00Z");
const queued = (data: EmailEvent["data"]): EmailEvent => ({
  id: "queued",
  at: "2026-04-14T12:00:00Z",
  kind: "queued",
  data: { by: "Elena Marchetti", ...data },
});

test("what leaves at a time that somebody chose is scheduled, what leaves at once is sent", () => {
  const later = sayEvent(queued({ wait: "your_time", until: "2026-04-15T09:00:00Z" }), now, "UTC", false);
  expect(later.title).toBe("Scheduled by Elena Marchetti");
  expect(later.evidence).toBe("Leaves tomorrow 09:00");
  const atOnce = sayEvent(queued({ wait: "undo_window", until: "2026-04-14T12:00:10Z" }), now, "UTC", false);
  expect(atOnce.title).toBe("Sent by Elena Marchetti");
  expect(atOnce.evidence).toBe("");
});

test("what went wrong looks in the history as it does beside the row", () => {
  const failed = (data: EmailEvent["data"]): EmailEvent => ({ ...queued(data), kind: "failed" });
  expect(eventLook(failed({ failure: "unresolved_field" }))).toEqual(failureLooks.unresolved_field);
  expect(eventLook(failed({})).tone).toBe("coral");
});
