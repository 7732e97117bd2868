import { useCallback, useState } from "react";
import type { EmailActionName, EmailRow } from "../api/types";
import { openCompose } from "../compose/open";
import { unsubscribe } from "../stops/unsubscribe";
import { type ActionKind, isPossible } from "./actionKinds";
import { act } from "./actions";
import { destinationOf } from "./cache";
import { isQueueKind, type Queueing } from "./queueing";

/** What the buttons and keys of the Command Center do; `goOn` hears of emails that leave the list. */
export function useEmailActions(goOn: (left: EmailRow[]) => void) {
  const [rescheduling, setRescheduling] = useState<EmailRow[]>([]);
  const [queueing, setQueueing] = useState<Queueing | null>(null);

  const actOn = useCallback(
    (kind: EmailActionName, rows: EmailRow[], at?: Date): void => {
      if (destinationOf(kind) !== null) goOn(rows);
      void act(kind, rows, at?.toISOString());
    },
    [goOn],
  );

  const perform = useCallback(
    (kind: ActionKind, rows: EmailRow[]): void => {
      const [first] = rows;
      if (first === undefined) return;
      switch (kind) {
        case "reply":
          openCompose({ kind: "reply", to: { email: first.id } });
          break;
        case "follow_up":
          openCompose({ kind: "follow_up", of: first.id });
          break;
        case "elsewhere":
          openCompose({ kind: "copy", of: first.id });
          break;
        case "call":
          openElsewhere(`tel:${first.person?.phone?.replace(/[^\d+]/g, "")}`);
          break;
        case "profile":
          openElsewhere(first.person?.linkedin_url ?? "");
          break;
        case "unsubscribe":
          if (first.person) void unsubscribe(first.person, first.id);
          break;
        case "reschedule":
          setRescheduling(rows);
          break;
        case "edit":
          void edit(rows, goOn);
          break;
        default: {
          // Mail that nobody knows the fate of goes along: the server leaves it, and that is said.
          const possible = rows.filter((row) => row.uncertain || isPossible(kind, row));
          if (isQueueKind(kind) && possible.length > 1) setQueueing({ kind, rows: possible });
          else actOn(kind satisfies EmailActionName, possible);
        }
      }
    },
    [goOn, actOn],
  );

  const chooseTime = (at: Date): void => {
    setRescheduling([]);
    if (rescheduling.length > 1) setQueueing({ kind: "reschedule", rows: rescheduling, at });
    else actOn("reschedule", rescheduling, at);
  };
  const queue = (): void => {
    setQueueing(null);
    if (queueing !== null) actOn(queueing.kind, queueing.rows, queueing.at);
  };

  return {
    perform,
    rescheduling,
    chooseTime,
    cancelTime: () => setRescheduling([]),
    queueing,
    queue,
    cancelQueue: () => setQueueing(null),
  };
}

/** A draft is opened; what is scheduled becomes a draft first. One is opened, several only come back. */
async function edit(rows: EmailRow[], goOn: (left: EmailRow[]) => void): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  if (first.status !== "draft") {
    goOn(rows);
    const done = await act("edit", rows);
    if (done === null || !done.changed.includes(first.id)) return;
  }
  if (rows.length === 1) openCompose({ kind: "draft", id: first.id });
}

function openElsewhere(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  if (/^https?:/.test(url)) link.target = "_blank";
  link.rel = "noreferrer";
  link.click();
}
