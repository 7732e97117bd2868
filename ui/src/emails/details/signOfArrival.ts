import type { EmailDetails, EmailEvent } from "../../api/types";

type Sign = { kind: "viewed" | "clicked"; at: string };
type Seen = EmailEvent & { kind: Sign["kind"] };

/** What becomes of a copy that nobody can have read. */
const unread = new Set(["waiting", "deferred", "refused", "left_out"]);

/**
 * The first thing that shows that an uncertain email arrived: a person opened it or followed a link, and that is settled. Where
 * somebody else may have a copy, or it was sent before, it shows nothing.
 */
export function signOfArrival({
  events,
  recipients,
}: Pick<EmailDetails, "events" | "recipients">): Sign | null {
  const copied = recipients.some(({ kind, outcome }) => kind !== "to" && !unread.has(outcome));
  if (copied || events.some(({ kind }) => kind === "retried")) return null;
  return events.findLast(isByPerson) ?? null;
}

function isByPerson(event: EmailEvent): event is Seen {
  const { kind, data } = event;
  return (kind === "viewed" || kind === "clicked") && data.verdict === "human" && !data.visit?.settles_at;
}
