import type { LiveTopic } from "../api/types";

/** What a change of each topic makes stale. */
export const queryKeys: Record<LiveTopic, string[][]> = {
  // What came back to an email may have stopped its person.
  emails: [["emails"], ["stops", "person"]],
  counts: [["emails", "counts"]],
  // Another limit or a pause is another time for everything that waits.
  channels: [["channels"], ["emails", "list", "scheduled"], ["emails", "details"]],
  // A mailbox that is not read any more is one of the warnings.
  mailboxes: [["mailboxes"], ["session"]],
  identities: [["identities"]],
  feed: [["feed"]],
  // Where links lead is among the warnings, too.
  domains: [["domains"], ["session"]],
  // Whom mail goes to again, or no more, is told beside what was undelivered.
  stops: [
    ["stops"],
    ["emails", "list", "undelivered"],
    ["emails", "list", "failed"],
    ["emails", "list", "bounced"],
    ["emails", "list", "spam"],
    ["emails", "details"],
  ],
  session: [["session"]],
};

/** Figures that change with nearly everything, and need not be of this very moment: fetched no oftener than that. */
export const slowKeys: Partial<Record<LiveTopic, string[][]>> = {
  // What each channel has used of today, and what waits for it.
  emails: [["channels"]],
};

export const everyTopic = Object.keys(queryKeys) as LiveTopic[];
