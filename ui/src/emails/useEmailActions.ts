import { useCallback, useState } from "react";
import type { EmailActionName, EmailRow } from "../api/types";
import { openCompose } from "../compose/open";
import { unsubscribe } from "../stops/unsubscribe";
import { type ActionKind, cannotBeRetried, isPossible } from "./actionKinds";
import { act } from "./actions";
import { destinationOf } from "./cache";
import { type Chosen, countOfChosen, theseRows } from "./chosen";
import { sayNotRetried } from "./notRetried";
import { isQueueKind, type Queueing } from "./queueing";

/** What the buttons and keys of the Command Center do; `goOn` hears of emails that leave the list. */
export function useEmailActions(goOn: (left: EmailRow[]) => void) {
  const [rescheduling, setRescheduling] = useState<Chosen | null>(null);
  const [queueing, setQueueing] = useState<Queueing | null>(null);
  const [filling, setFilling] = useState<EmailRow | null>(null);

  const actOn = useCallback(
    (kind: EmailActionName, chosen: Chosen, at?: Date): void => {
      if (destinationOf(kind) !== null) goOn(chosen.rows);
      void act(kind, chosen, at?.toISOString());
    },
    [goOn],
  );

  const perform = useCallback(
    (kind: ActionKind, chosen: Chosen): void => {
      const [first] = chosen.rows;
      if (first === undefined) return;
      switch (kind) {
        case "reply":
          openCompose({ kind: "reply", to: { email: first.id } });
          break;
        case "follow_up":
          openCompose({ kind: "follow_up", of: first.id });
          break;
        case "elsewhere":
        case "write_again":
          openCompose({ kind: "copy", of: first.id });
          break;
        case "fill_in":
          setFilling(first);
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
          setRescheduling(chosen);
          break;
        case "edit":
          void edit(chosen, goOn);
          break;
        default: {
          // Mail that nobody knows the fate of goes along: the server leaves it, and that is said.
          const rows = chosen.rows.filter((row) => row.uncertain || isPossible(kind, row));
          const possible = { ...chosen, rows };
          if (kind === "retry") sayNotRetried(chosen.rows.filter(cannotBeRetried));
          if (isQueueKind(kind) && countOfChosen(possible) > 1) setQueueing({ kind, chosen: possible });
          else actOn(kind satisfies EmailActionName, possible);
        }
      }
    },
    [goOn, actOn],
  );

  const chooseTime = (at: Date): void => {
    setRescheduling(null);
    if (rescheduling === null) return;
    if (countOfChosen(rescheduling) > 1) setQueueing({ kind: "reschedule", chosen: rescheduling, at });
    else actOn("reschedule", rescheduling, at);
  };
  const queue = (): void => {
    setQueueing(null);
    if (queueing !== null) actOn(queueing.kind, queueing.chosen, queueing.at);
  };

  const retryFilled = (): void => {
    setFilling(null);
    if (filling !== null) actOn("retry", theseRows([filling]));
  };

  return {
    perform,
    rescheduling,
    chooseTime,
    cancelTime: () => setRescheduling(null),
    queueing,
    queue,
    cancelQueue: () => setQueueing(null),
    filling,
    retryFilled,
    cancelFilling: () => setFilling(null),
  };
}

/** A draft is opened; what is scheduled becomes a draft first. One is opened, several only come back. */
async function edit(chosen: Chosen, goOn: (left: EmailRow[]) => void): Promise<void> {
  const [first] = chosen.rows;
  if (first === undefined) return;
  if (first.status !== "draft") {
    goOn(chosen.rows);
    const changed = await act("edit", chosen);
    if (!changed.includes(first.id)) return;
  }
  if (countOfChosen(chosen) === 1) openCompose({ kind: "draft", id: first.id });
}

function openElsewhere(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  if (/^https?:/.test(url)) link.target = "_blank";
  link.rel = "noreferrer";
  link.click();
}
