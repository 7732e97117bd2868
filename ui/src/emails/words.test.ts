import { expect, test } from "vitest";
import type { EmailRow, Limits, WaitReason } from "../api/types";
import { sayFailure, sayWait } from "./words";

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
  expect(hint(waiting("limit_per_minute"))).toBe("Mail sends 30 a minute");
  expect(hint(waiting("limit_per_day"))).toBe("Mail sends 1,500 a day");
  expect(hint(waiting("batch_pause"))).toBe("Mail rests after every 50");
});

test("without the figure, or without a limit of the channel, the reason is said in words", () => {
  expect(hint(waiting("limit_per_minute"), null)).toBe("Mail sends the next ones then");
  expect(hint(waiting("limit_per_day"), { ...limits, per_day: null })).toBe(
    "Mail has sent its share of today",
  );
  expect(hint(waiting("limit_per_domain"))).toBe("brisamar.example has its share for now");
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
