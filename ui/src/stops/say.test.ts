import { expect, test } from "vitest";
import "../i18n";
import type { StopChange } from "../api/types";
import { sayChange, sayHow } from "./say";

const change: StopChange = {
  id: "c",
  resumed: false,
  holds: true,
  address: "marta@x.example",
  cause: "unsubscribed",
  only_sender: "me",
  source: "link",
  motive: "not_relevant",
  resume_reason: null,
  note: null,
  by: null,
  email_id: null,
  subject: "Charts",
  at: "2026-04-14T12:00:00Z",
};

test("the history says whose mail somebody left, each thing in a sentence", () => {
  const how = "The recipient used the link in “Charts”. Reason: of no use to them.";
  expect(sayChange(change, "me").text).toBe(`${how} Only from you.`);
  expect(sayChange(change, "other").text).toBe(`${how} Only from one sender.`);
  expect(sayChange({ ...change, only_sender: null }, "me").text).toBe(how);
});

test("it says who lets mail go again, why, and what they wrote", () => {
  const resumed = { ...change, resumed: true, resume_reason: "consented", source: "by_hand" } as const;
  expect(sayChange({ ...resumed, by: "Ada", note: "A signed form" }, "me").text).toBe(
    "Ada: They agreed, on a form or in writing. “A signed form”.",
  );
  expect(sayChange({ ...resumed, by: "Ada", note: "They called." }, "me").text).toBe(
    "Ada: They agreed, on a form or in writing. “They called.”",
  );
});

test("an address whose person has left is told of by the program that answered, not asked for by anybody", () => {
  const left = { ...change, cause: "hard_bounce", source: "reply", only_sender: null, motive: null } as const;
  expect(sayChange(left, "me")).toEqual({
    title: "Address reaches nobody",
    text: "An automatic reply from marta@x.example to “Charts” says that they have left.",
  });
  expect(sayHow({ ...left, subject: null })).toBe(
    "An automatic reply from marta@x.example says that they have left.",
  );
  expect(sayHow({ ...left, cause: "unsubscribed" })).toBe(
    "The recipient asked for it in a reply to “Charts”.",
  );
});
