import { ApiError, isOffline, isProblem } from "../api/problem";
import type { EmailAction, EmailActionName, EmailRow, SkipReason } from "../api/types";
import { i18next } from "../i18n";
import { liveState } from "../live/connection";
import { say, sayError, sayWithUndo } from "../toasts/toasts";
import * as server from "./api";
import { destinationOf, moveCounts, patchRows, refreshEmails } from "./cache";
import { comeBack, leave } from "./leaving";
import { keepForLater } from "./waitingActions";

/** What leaves at the end of a window that only the server knows. */
const sends = new Set<EmailActionName>(["retry", "send_now"]);

/** What became of an action: done, kept until there is a connection, or refused (which was said). */
type Asked = { done: EmailAction } | { forget: () => void } | null;

/**
 * Does something to emails: shows its effect at once, tells the server, offers to undo, and corrects
 * what is shown when the server refuses.
 */
export async function act(
  action: EmailActionName,
  rows: EmailRow[],
  at?: string,
): Promise<EmailAction | null> {
  if (rows.length === 0) return null;
  anticipate(action, rows, at);
  const asking = ask(action, rows, at);
  if (!sends.has(action) && action !== "seen")
    sayWithUndo({ message: sayDone(action, rows.length), undo: async () => takeBack(await asking, rows) });

  const asked = await asking;
  if (asked === null || !("done" in asked)) return null;
  const { done } = asked;
  if (sends.has(action) && done.changed.length > 0)
    sayWithUndo({
      message: sayDone(action, done.changed.length),
      deadline: done.undo_until,
      undo: () => takeBack(asked, rows),
    });
  return done;
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

async function ask(action: EmailActionName, rows: EmailRow[], at?: string): Promise<Asked> {
  const ids = rows.map((row) => row.id);
  try {
    const done = await server.actOn(action, ids, at);
    if (done.skipped.length > 0) {
      comeBack(done.skipped.map(({ id }) => id));
      if (action !== "seen") saySkipped(done.skipped);
    }
    if (action !== "seen") void refreshEmails();
    return { done };
  } catch (error) {
    if (isOffline(error) || isDown(error))
      return { forget: keepForLater(async () => void (await ask(action, rows, at))) };
    comeBack(ids);
    void refreshEmails();
    sayError(error);
    return null;
  }
}

/** The server was reached and could not answer, which the page knows of: the change waits like any other. */
function isDown(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status >= 500 && liveState().kind === "reconnecting";
}

/** Takes an action back; rows that changed since stay as they are, and that is said. */
async function takeBack(asked: Asked, rows: EmailRow[]): Promise<void> {
  comeBack(rows.map(({ id }) => id));
  if (asked === null) return;
  if ("done" in asked) {
    if (asked.done.id) await undoAction(asked.done.id);
    return;
  }
  asked.forget();
  await refreshEmails();
}

export async function undoAction(id: string): Promise<void> {
  try {
    const undone = await server.undoAction(id);
    comeBack(undone.restored);
    if (undone.skipped.length > 0) saySkipped(undone.skipped);
    else say(i18next.t("emails.done.undone"));
  } catch (error) {
    if (isProblem(error, "conflict") || isProblem(error, "too-late")) say(i18next.t("states.tooLate"));
    else sayError(error);
  }
  void refreshEmails();
}

function sayDone(action: EmailActionName, count: number): string {
  return action === "seen" ? "" : i18next.t(`emails.done.${action}`, { count });
}

function saySkipped(skipped: { reason: SkipReason }[]): void {
  const reasons = new Map<SkipReason, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of reasons) say(i18next.t(`emails.skipped.${reason}`, { count }));
}
