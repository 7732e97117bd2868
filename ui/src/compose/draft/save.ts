import { ApiError, isOffline, isProblem } from "../../api/problem";
import type { EmailDetails } from "../../api/types";
import { createDraft, updateDraft } from "../api";
import { asServerDraft, type DraftContent, type ServerDraft } from "../content";
import type { Outcome } from "./autosave";

/** The most that a browser sends for a page that is going away. */
const KEEPALIVE_LIMIT = 60_000;

/** Writes the words to the server and says how that ended. */
export async function saveDraft(
  content: DraftContent,
  base: ServerDraft | null,
): Promise<Outcome<ServerDraft>> {
  try {
    const leaving = document.visibilityState === "hidden" && JSON.stringify(content).length < KEEPALIVE_LIMIT;
    const email = base
      ? await updateDraft(base.id, base.version, content, leaving)
      : await createDraft(content);
    return { kind: "saved", server: asServerDraft(email) };
  } catch (problem) {
    if (isProblem(problem, "version-conflict") && problem.problem.current) {
      return { kind: "conflict", current: asServerDraft(problem.problem.current as EmailDetails) };
    }
    return { kind: "failed", again: mayWorkLater(problem), problem };
  }
}

function mayWorkLater(problem: unknown): boolean {
  if (isOffline(problem)) return true;
  const status = problem instanceof ApiError ? problem.problem.status : 500;
  return status >= 500 || status === 401 || status === 429;
}
