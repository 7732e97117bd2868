import { useCallback, useState } from "react";
import type { EmailActionName, EmailRow } from "../api/types";
import { openCompose } from "../compose/open";
import { type ActionKind, isPossible } from "./actionKinds";
import { act } from "./actions";
import { destinationOf } from "./cache";

/** What the buttons and keys of the Command Center do; `goOn` hears of emails that leave the list. */
export function useEmailActions(goOn: (left: EmailRow[]) => void) {
  const [rescheduling, setRescheduling] = useState<EmailRow[]>([]);

  const perform = useCallback(
    (kind: ActionKind, rows: EmailRow[]): void => {
      const [first] = rows;
      if (first === undefined) return;
      switch (kind) {
        case "follow_up":
          openCompose({ kind: "follow_up", of: first.id });
          break;
        case "call":
          openElsewhere(`tel:${first.person?.phone?.replace(/[^\d+]/g, "")}`);
          break;
        case "profile":
          openElsewhere(first.person?.linkedin_url ?? "");
          break;
        case "reschedule":
          setRescheduling(rows);
          break;
        case "edit":
          void edit(rows, goOn);
          break;
        default:
          if (destinationOf(kind) !== null) goOn(rows);
          // Mail that nobody knows the fate of goes along: the server leaves it, and that is said.
          void act(
            kind satisfies EmailActionName,
            rows.filter((row) => row.uncertain || isPossible(kind, row)),
          );
      }
    },
    [goOn],
  );

  const chooseTime = (at: Date): void => {
    setRescheduling([]);
    void act("reschedule", rescheduling, at.toISOString());
  };

  return { perform, rescheduling, chooseTime, cancelTime: () => setRescheduling([]) };
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
