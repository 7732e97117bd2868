import { expect, test } from "vitest";
import type { ConversationPart, Received } from "../api/types";
import { inOrder, isConversation, openAtFirst } from "./parts";

const sent = (id: string): ConversationPart => ({
  id,
  at: "2026-04-14T12:00:00Z",
  sent: null,
  received: null,
});

const received = (id: string, email_id: string, more: Partial<Received> = {}): ConversationPart => ({
  ...sent(id),
  received: {
    id,
    kind: "reply",
    by_person: true,
    from: { name: "Marta", address: "marta@brisamar.example" },
    subject: "",
    snippet: "",
    readable: true,
    email_id,
    back_on: null,
    has_left: false,
    code: null,
    server_text: null,
    via: "mailbox",
    mailbox: null,
    channel: null,
    facts: [],
    ...more,
  },
});

test("what the server tells newest first is read newest last, also over pages", () => {
  const pages = [{ items: [sent("d"), sent("c")] }, { items: [sent("b"), sent("a")] }];
  expect(inOrder(pages).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
});

test("the email that is looked at is open, and so is the last answer to it", () => {
  const parts = [
    sent("one"),
    received("first", "one"),
    received("last", "one"),
    received("bounce", "one", { readable: false }),
    sent("two"),
    received("other", "two"),
  ];
  expect([...openAtFirst(parts, "one")]).toEqual(["one", "last"]);
  expect([...openAtFirst(parts, "none")]).toEqual(["none"]);
});

test("one email alone is no conversation", () => {
  expect(isConversation([sent("one")], "one")).toBe(false);
  expect(isConversation([sent("one"), received("reply", "one")], "one")).toBe(true);
});
