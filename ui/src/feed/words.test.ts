import { expect, test } from "vitest";
import type { FeedEntry } from "../api/types";
import { failureLooks } from "../emails/tones";
import { feedLook } from "./words";

const entry = (kind: FeedEntry["kind"], data: object) => ({ kind, event: { kind, data } }) as FeedEntry;

test("what bounced looks in the feed as it does in its folder, and a machine like a machine", () => {
  expect(feedLook(entry("bounced", { failure: "mailbox_full" }))).toEqual(failureLooks.mailbox_full);
  expect(feedLook(entry("bounced", {})).tone).toBe("coral");
  expect(feedLook(entry("viewed", { verdict: "machine" })).tone).toBe("quiet");
});
