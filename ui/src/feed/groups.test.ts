import { expect, test } from "vitest";
import type { EmailRow, FeedEntry, FeedKind, FeedPage } from "../api/types";
import { groupFeed } from "./groups";

const now = Date.parse("2026-04-14T14:00:00Z");

const email = (id: string, person: string): EmailRow =>
  ({ id, to_address: `${person}@x.example`, person: { id: person, name: person } }) as EmailRow;

let made = 0;
const entry = (email_id: string, kind: FeedKind, at: string, more: Partial<FeedEntry> = {}): FeedEntry => {
  made += 1;
  return {
    kind,
    email_id,
    shown_at: at,
    new: false,
    place: null,
    event: { id: `event-${made}`, at, kind, data: { verdict: "human" } },
    ...more,
  };
};

const page = (items: FeedEntry[], emails: EmailRow[]): FeedPage => ({
  items,
  emails,
  as_of: "2026-04-14T14:00:00Z",
  next_cursor: null,
});

const shape = (pages: FeedPage[], fresh: ReadonlySet<string> = new Set()) =>
  groupFeed(pages, now, "UTC", fresh).map((day) =>
    day.groups.map((group) => [
      group.email.person?.name,
      ...group.lines.map((line) => `${line.latest.kind} ${line.count}${line.isNew ? " new" : ""}`),
    ]),
  );

test("a day lists people by the latest thing they did, and counts what they did again", () => {
  const emails = [email("a", "Marta"), email("b", "Kim")];
  const items = [
    entry("a", "viewed", "2026-04-14T13:00:00Z"),
    entry("b", "clicked", "2026-04-14T12:00:00Z"),
    entry("a", "viewed", "2026-04-14T11:00:00Z", { new: true }),
    entry("a", "replied", "2026-04-14T10:00:00Z"),
    entry("a", "replied", "2026-04-14T09:00:00Z"),
    entry("a", "viewed", "2026-04-13T23:00:00Z"),
  ];
  expect(shape([page(items, emails)])).toEqual([
    [
      ["Marta", "viewed 2 new", "replied 1", "replied 1"],
      ["Kim", "clicked 1"],
    ],
    [["Marta", "viewed 1"]],
  ]);
});

test("views from two places are two lines, and so are machines of two kinds", () => {
  const emails = [email("a", "Marta")];
  const at = "2026-04-14T13:00:00Z";
  const machine = (why: string) => {
    const made = entry("a", "viewed", at);
    return { ...made, event: { ...made.event, data: { verdict: "machine", why } } } as FeedEntry;
  };
  const items = [
    entry("a", "viewed", at, { place: "Lyon, France" }),
    entry("a", "viewed", at, { place: "Lyon, France" }),
    entry("a", "viewed", at, { place: "Oslo, Norway" }),
    machine("robot"),
    machine("apple_mail_privacy"),
  ];
  expect(shape([page(items, emails)])).toEqual([[["Marta", "viewed 2", "viewed 1", "viewed 1", "viewed 1"]]]);
});

test("what stands on one page stays there when the next is loaded", () => {
  const emails = [email("a", "Marta")];
  const first = page([entry("a", "viewed", "2026-04-14T13:00:00Z")], emails);
  const second = page([entry("a", "viewed", "2026-04-14T12:00:00Z")], emails);
  expect(shape([first])).toEqual([[["Marta", "viewed 1"]]]);
  expect(shape([first, second])).toEqual([
    [
      ["Marta", "viewed 1"],
      ["Marta", "viewed 1"],
    ],
  ]);
});

test("machines and other links are lines of their own, and what was new stays marked", () => {
  const emails = [email("a", "Marta")];
  const click = (url: string, verdict: "human" | "machine") =>
    entry("a", "clicked", "2026-04-14T13:00:00Z", {
      event: {
        id: `click-${url}-${verdict}`,
        at: "2026-04-14T13:00:00Z",
        kind: "clicked",
        data: { verdict, url },
      },
    });
  const items = [click("x", "human"), click("y", "human"), click("x", "machine"), click("x", "human")];
  expect(shape([page(items, emails)], new Set(["click-y-human"]))).toEqual([
    [["Marta", "clicked 2", "clicked 1 new", "clicked 1"]],
  ]);
});
