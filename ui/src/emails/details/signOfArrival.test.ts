import { expect, test } from "vitest";
import type { EmailEvent, EmailEventKind, Recipient } from "../../api/types";
import { signOfArrival } from "./signOfArrival";

const event = (kind: EmailEventKind, minute: number, data: EmailEvent["data"] = {}): EmailEvent => ({
  id: `${kind} ${minute}`,
  at: `2026-04-14T12:0${minute}:00Z`,
  kind,
  data,
});
const recipient = (kind: Recipient["kind"], outcome: Recipient["outcome"]): Recipient => ({
  kind,
  outcome,
  name: "",
  address: `${kind}@brisamar.example`,
  reply: null,
  at: null,
});
const visit = (settles_at: string | null) => ({ first_verdict: null, requests: 1, place: null, settles_at });

const to = recipient("to", "uncertain");
const human = (kind: "viewed" | "clicked", minute: number, settles: string | null = null) =>
  event(kind, minute, { verdict: "human", visit: visit(settles) });
const lost = [event("uncertain", 1), event("attempted", 1), event("queued", 0), event("created", 0)];

test("the first thing that a person did with it shows that it arrived", () => {
  const events = [human("viewed", 4), human("clicked", 3), ...lost];
  expect(signOfArrival({ events, recipients: [to] })).toMatchObject({
    kind: "clicked",
    at: "2026-04-14T12:03:00Z",
  });
  expect(signOfArrival({ events: lost, recipients: [to] })).toBeNull();
});

test("machines, the sender, and what may still be judged otherwise show nothing", () => {
  const others = (["machine", "self", "unknown"] as const).map((verdict) => event("viewed", 3, { verdict }));
  const unsettled = human("viewed", 4, "2026-04-14T12:09:00Z");
  expect(signOfArrival({ events: [unsettled, ...others, ...lost], recipients: [to] })).toBeNull();
});

test("somebody else's copy, or a sending before, may be what was opened", () => {
  const opened = [human("viewed", 4), ...lost];
  for (const outcome of ["accepted", "uncertain", "attempting"] as const)
    expect(signOfArrival({ events: opened, recipients: [to, recipient("bcc", outcome)] })).toBeNull();
  expect(signOfArrival({ events: opened, recipients: [to, recipient("cc", "refused")] })).not.toBeNull();
  const again = [human("viewed", 4), event("retried", 2), ...lost];
  expect(signOfArrival({ events: again, recipients: [to] })).toBeNull();
});
