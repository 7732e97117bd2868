import { expect, test } from "vitest";
import "../i18n";
import type { EmailRow, FeedEntry, FeedKind, FeedPage, Verdict } from "../api/types";
import { sayNotification, worthTelling } from "./notify";

const email = {
  id: "a",
  subject: "Pricing",
  to_address: "marta@x.example",
  person: { name: "Marta Silva" },
} as EmailRow;

const entry = (kind: FeedKind, shown_at: string, verdict?: Verdict, isNew = true): FeedEntry => ({
  kind,
  email_id: "a",
  shown_at,
  new: isNew,
  place: null,
  event: {
    id: `${kind} ${shown_at}`,
    at: shown_at,
    kind,
    data: { ...(verdict ? { verdict } : {}), ...(kind === "replied" ? { detail: "Thursday works" } : {}) },
  },
});

const page = (...items: FeedEntry[]): FeedPage => ({
  items,
  emails: [],
  as_of: "2026-04-14T15:00:00Z",
  next_cursor: null,
});
const worth = (toldUntil: string | null, ...items: FeedEntry[]) =>
  worthTelling(page(...items), toldUntil).map(({ kind }) => kind);

test("the desktop is told of people's views, clicks and replies only", () => {
  const at = "2026-04-14T14:00:00Z";
  expect(
    worth(
      null,
      entry("viewed", at, "human"),
      entry("clicked", at, "machine"),
      entry("auto_replied", at),
      entry("bounced", at),
      entry("replied", at),
    ),
  ).toEqual(["viewed", "replied"]);
});

test("it is told once, and not of what was looked at", () => {
  const told = "2026-04-14T14:00:00Z";
  expect(worth(told, entry("viewed", told, "human"))).toEqual([]);
  expect(worth(told, entry("viewed", "2026-04-14T14:00:01Z", "human", false))).toEqual([]);
  expect(worth(told, entry("viewed", "2026-04-14T14:00:01Z", "human"))).toEqual(["viewed"]);
});

test("a notification says who, what, and with which email", () => {
  expect(sayNotification(entry("replied", "2026-04-14T14:00:00Z"), email, 0)).toEqual({
    title: "Marta Silva",
    body: "Replied · “Thursday works”\nPricing",
  });
});
