import { ApiError, isOffline } from "../api/problem";
import type { EmailActionName, EmailRow, SkippedEmail } from "../api/types";
import { i18next } from "../i18n";
import { doubtLive, liveState } from "../live/connection";
import { beginProgress, type Progress } from "../toasts/progress";
import { say, sayError, sayWithUndo } from "../toasts/toasts";
import * as server from "./api";
import { destinationOf, moveCounts, patchRows, refreshEmails } from "./cache";
import { type Chosen, idsOf } from "./chosen";
import { comeBack, leave } from "./leaving";
import { portionsOf } from "./portions";
import { saySkipped } from "./skipped";
import { type Part, undoParts } from "./undoing";
import { keepForLater } from "./waitingActions";

/** What leaves at the end of a window that only the server knows. */
const sends = new Set<EmailActionName>(["retry", "send_now"]);

/** What was done of an action, portion after portion; `forget` forgets what waits for a connection. */
type Done = {
  parts: Part[];
  changed: string[];
  skipped: SkippedEmail[];
  undoUntil: string | null;
  forget: (() => void) | null;
};

/**
 * Does something to emails: shows its effect at once, tells the server, offers to undo, and corrects
 * what is shown when the server refuses. Many emails are done in portions, with their progress. Gives the
 * emails that were changed.
 */
export async function act(action: EmailActionName, chosen: Chosen, at?: string): Promise<string[]> {
  const ids = idsOf(chosen);
  if (ids.length === 0) return [];
  anticipate(action, chosen.rows, at);
  const portions = portionsOf(ids);
  const atOnce = portions.length === 1;
  const asking = ask(action, portions, chosen.folder, at);
  const known = action !== "seen" && !sends.has(action) && atOnce;
  if (known)
    sayWithUndo({ message: sayDone(action, ids.length), undo: async () => takeBack(await asking, ids) });

  const done = await asking;
  if (!known && action !== "seen" && done.changed.length > 0)
    sayWithUndo({
      message: sayDone(action, done.changed.length),
      deadline: sends.has(action) ? done.undoUntil : null,
      emailId: sends.has(action) && ids.length === 1 ? ids[0] : undefined,
      undo: () => takeBack(done, ids),
    });
  return done.changed;
}

/** Shows what the action will do before the server has answered. */
function anticipate(action: EmailActionName, rows: EmailRow[], at: string | undefined): void {
  const ids = new Set(rows.map((row) => row.id));
  const to = destinationOf(action);
  if (to !== null) {
    leave(rows);
    moveCounts(rows, to);
  } else if (action === "success") patchRows(ids, () => ({ success_at: new Date().toISOString() }));
  else if (action === "withdraw_success") patchRows(ids, () => ({ success_at: null }));
  else if (action === "seen") patchRows(ids, () => ({ unseen: false }));
  else if (action === "reschedule" && at) patchRows(ids, () => ({ due_at: at }));
}

async function ask(
  action: EmailActionName,
  portions: string[][],
  folder: Chosen["folder"],
  at: string | undefined,
  done: Done = { parts: [], changed: [], skipped: [], undoUntil: null, forget: null },
): Promise<Done> {
  const progress = portions.length > 1 ? beginProgress() : null;
  const total = portions.flat().length;
  for (const [place, ids] of portions.entries()) {
    const left = portions.slice(place);
    if (progress?.isCancelled()) {
      comeBack(left.flat());
      say(i18next.t("emails.progress.left", { count: left.flat().length }));
      break;
    }
    showProgress(progress, action, total - left.flat().length, total);
    try {
      add(done, await server.actOn(action, ids, { at, folder }));
    } catch (error) {
      if (isOffline(error) || isDown(error)) {
        // What is done later is a part of the same, and taken back with it.
        done.forget = keepForLater(async () => void (await ask(action, left, folder, at, done)));
        // The stream may still stand: it is made anew, and what waits is sent on when it is there.
        void doubtLive({ unavailable: true });
      } else {
        comeBack(left.flat());
        sayError(error);
      }
      break;
    }
  }
  progress?.end();
  comeBack(done.skipped.map(({ id }) => id));
  if (action !== "seen") {
    saySkipped(done.skipped);
    void refreshEmails();
  }
  return done;
}

function add(
  done: Done,
  { id, changed, skipped, undo_until }: Awaited<ReturnType<typeof server.actOn>>,
): void {
  if (id !== null) done.parts.push({ id, count: changed.length });
  done.changed.push(...changed);
  done.skipped.push(...skipped);
  done.undoUntil = undo_until ?? done.undoUntil;
}

function showProgress(progress: Progress | null, action: EmailActionName, done: number, total: number): void {
  if (action === "seen") return;
  const figures = { done: done.toLocaleString(), total: total.toLocaleString() };
  const words = { ...figures, action: i18next.t(`emails.actions.${action}`) };
  progress?.show(i18next.t("emails.progress.doing", words), done, total);
}

/** The server was reached and could not answer, which the page knows of: the change waits like any other. */
function isDown(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status >= 500 && liveState().kind === "reconnecting";
}

/** Takes an action back, and what of it still waits. */
async function takeBack(done: Done, ids: string[]): Promise<void> {
  comeBack(ids);
  done.forget?.();
  if (done.parts.length > 0) await undoParts(done.parts);
  else await refreshEmails();
}

function sayDone(action: EmailActionName, count: number): string {
  return action === "seen" ? "" : i18next.t(`emails.done.${action}`, { count });
}
