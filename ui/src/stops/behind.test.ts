import { expect, test } from "vitest";
import type { EmailRow, Stop } from "../api/types";
import { stopBehind } from "./behind";

const stop = (cause: Stop["cause"], more: Partial<Stop> = {}): Stop => ({
  id: cause,
  address: "marta@brisamar.example",
  person_id: "p",
  person_name: "Marta Silva",
  cause,
  whole_person: false,
  only_sender: null,
  source: "bounce",
  motive: null,
  note: null,
  by: null,
  subject: null,
  at: "2026-04-14T12:00:00Z",
  ...more,
});

const email = (
  reason: NonNullable<EmailRow["failure"]>["reason"],
  to_address = "Marta@brisamar.example",
) => ({
  status: "bounced" as const,
  to_address,
  failure: { reason, code: null, server_text: null, param: null, retry_may_help: false, held_back: null },
});

test("a bounce and the stop it made are one matter, another address is not", () => {
  const stops = [stop("complaint"), stop("hard_bounce")];
  expect(stopBehind(email("no_such_mailbox"), stops)?.id).toBe("hard_bounce");
  expect(stopBehind(email("address_bounced"), stops)?.id).toBe("hard_bounce");
  expect(stopBehind(email("no_such_mailbox", "marta@elsewhere.example"), stops)).toBeNull();
});

test("what stops a person stops all of their addresses", () => {
  const stops = [stop("unsubscribed", { whole_person: true })];
  expect(stopBehind(email("unsubscribed", "marta@elsewhere.example"), stops)?.id).toBe("unsubscribed");
  expect(stopBehind(email("mailbox_full"), stops)).toBeNull();
});

test("a complaint stands behind what lies in Spam", () => {
  const spam = { status: "spam" as const, to_address: "marta@brisamar.example", failure: null };
  expect(stopBehind(spam, [stop("complaint")])?.id).toBe("complaint");
});
