import { expect, test } from "vitest";
import type { EmailRow, FailureReason, Limits, WaitReason } from "../api/types";
import { sayFailure, sayWait } from "./words";
import { zoneTold } from "./zoneTold";

const at = "2026-04-14T12:00:00Z";
const limits: Limits = {
  connections: 4,
  per_minute: 30,
  per_day: 1500,
  batch_size: 50,
  batch_pause_s: 60,
  day_reset: null,
  domain_rules: [],
};

const waiting = (reason: WaitReason, until: string | null = at) =>
  ({
    person: null,
    to_address: "marta@brisamar.example",
    channel: { id: "c", name: "Mail" },
    due_at: at,
    wait: { reason, until, server_text: null, attempt: 0 },
  }) as EmailRow;
const hint = (row: EmailRow, known: Limits | null = limits) => sayWait(row, "UTC", known).hint;

test("an email that waits for a limit says its figure", () => {
  expect(hint(waiting("limit_per_minute"))).toBe("30 a minute through Mail");
  expect(hint(waiting("limit_per_day"))).toBe("1,500 a day through Mail");
  expect(hint(waiting("batch_pause"))).toBe("After every 50, Mail rests");
});

const rules = (per_minute: number | null, per_day: number | null): Limits => ({
  ...limits,
  domain_rules: [{ domain: "brisamar.example", per_minute, per_day }],
});

test("an email that waits for the limit of its recipient domain says the figures of the rule", () => {
  const row = waiting("limit_per_domain");
  expect(hint(row, rules(5, null))).toBe("5 a minute to brisamar.example");
  expect(hint(row, rules(null, 1000))).toBe("1,000 a day to brisamar.example");
  expect(hint(row, rules(5, 100))).toBe("5 a minute, 100 a day to brisamar.example");
  expect(hint(waiting("limit_per_domain", null), rules(0, null))).toBe(
    "The limit is 0: nothing goes to brisamar.example until it is raised",
  );
});

test("in the room of one line, a limit is said by its figure, and everything else with its title", () => {
  const short = (row: EmailRow) => sayWait(row, "Europe/Lisbon", limits).short;
  expect(short(waiting("limit_per_minute"))).toBe("30 a minute through Mail");
  expect(short(waiting("your_time"))).toBe("Your time");
  expect(short(waiting("channel_paused"))).toBe("Channel is paused · Resume Mail in Settings");
  expect(short({ ...waiting("your_time"), wait: null })).toBe("Next in line · Leaves in a moment");
});

test("a chosen time says the recipient's clock where that is another than the one beside it, and no clock twice", () => {
  const seoul = {
    ...waiting("your_time"),
    person: { id: "p", name: "Kim", time_zone: "Asia/Seoul" } as EmailRow["person"],
  };
  const inLisbon = sayWait(seoul, "Europe/Lisbon", limits);
  expect(inLisbon).toMatchObject({ hint: "21:00 in Seoul", short: "Your time · 21:00 in Seoul" });
  const now = Date.parse(at);
  expect(zoneTold(seoul, now, "Europe/Lisbon")).toBe("Europe/Lisbon");
  // A list tells a time of another day in their zone already.
  const told = zoneTold(seoul, now - 24 * 3_600_000, "Europe/Lisbon");
  expect(told).toBe("Asia/Seoul");
  expect(sayWait(seoul, told, limits).hint).toBe("Leaves by itself then");
  expect(zoneTold({ ...seoul, wait: null }, now - 24 * 3_600_000, "Europe/Lisbon")).toBe("Europe/Lisbon");
});

test("what is held back for another matter says that beside its own reason", () => {
  const said = (reason: FailureReason, held_back: FailureReason | null) =>
    sayFailure({
      status: "bounced",
      to_address: "marta@brisamar.example",
      person: null,
      identity: null,
      failure: { reason, param: null, code: null, server_text: null, retry_may_help: false, held_back },
    });
  expect(said("refused_by_policy", null)).toMatchObject({
    hint: "Their server does not take this mail",
    held: null,
  });
  expect(said("refused_by_policy", "unsubscribed")).toMatchObject({
    title: "Refused by their rules",
    hint: "They have unsubscribed",
    held: "It cannot be sent again: this person has unsubscribed.",
  });
  expect(said("mailbox_full", "blocked_domain").held).toBe(
    "It cannot be sent again: an administrator blocked brisamar.example.",
  );
  for (const [reason, held] of [
    ["no_such_mailbox", "address_bounced"],
    ["spam_complaint", "complained"],
    ["blocked_domain", "blocked_domain"],
  ] as const)
    expect(said(reason, held).held).toBeNull();
});

test("the line of a list and the sentence of the details say the same of a full mailbox", () => {
  const { hint, text } = sayFailure({
    status: "bounced",
    to_address: "marta@brisamar.example",
    person: null,
    identity: null,
    failure: {
      reason: "mailbox_full",
      param: null,
      code: null,
      server_text: null,
      retry_may_help: true,
      held_back: null,
    },
  });
  expect(text).toContain(hint);
});

test("without the figure, or without a limit of the channel, the reason is said in words", () => {
  expect(hint(waiting("limit_per_minute"), null)).toBe("Mail sends the next ones then");
  expect(hint(waiting("limit_per_day"), { ...limits, per_day: null })).toBe(
    "Mail has sent its share of today",
  );
  expect(hint(waiting("limit_per_domain"))).toBe("brisamar.example has its share for now");
  expect(hint(waiting("limit_per_domain"), rules(null, null))).toBe("brisamar.example has its share for now");
  expect(hint(waiting("limit_per_day", null))).toBe(
    "The limit is 0: nothing leaves through Mail until it is raised",
  );
});

test("an empty field says where it is filled in", () => {
  const failed = (param: string, person: EmailRow["person"]) =>
    sayFailure({
      status: "failed",
      to_address: "marta@brisamar.example",
      person,
      identity: { id: "i", name: "Elena", address: "elena@northlight.example" },
      failure: {
        reason: "unresolved_field",
        param,
        code: null,
        server_text: null,
        retry_may_help: false,
        held_back: null,
      },
    });
  const marta = { id: "p", name: "Marta Silva" } as EmailRow["person"];
  expect(failed("company", marta).hint).toBe("Fill it in, then retry");
  expect(failed("sender_name", marta).hint).toBe("Complete the identity, then retry");
  expect(failed("company", null)).toMatchObject({
    title: "A field has no value: company",
    hint: "Write it to a person, or without the field",
  });
});
