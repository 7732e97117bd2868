import { isProblem } from "../api/problem";
import type { EmailRow, SkippedEmail } from "../api/types";
import { openCompose } from "../compose/open";
import { i18next } from "../i18n";
import { beginProgress } from "../toasts/progress";
import { say, sayError } from "../toasts/toasts";
import { undoAction, unsendEmail } from "./api";
import { refreshEmails } from "./cache";
import { comeBack, leave } from "./leaving";
import { saySkipped } from "./skipped";

/** An action as the server keeps it, and how many emails it changed. */
export type Part = { id: string; count: number };

/** Takes back what was done, the latest first; emails that changed since stay as they are, and that is said. */
export async function undoParts(parts: Part[]): Promise<void> {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const progress = parts.length > 1 ? beginProgress() : null;
  const skipped: SkippedEmail[] = [];
  let past = 0;
  let restored = 0;
  let late = 0;
  let failed = false;
  for (const part of parts.toReversed()) {
    if (progress?.isCancelled()) break;
    const figures = { done: past.toLocaleString(), total: total.toLocaleString() };
    progress?.show(i18next.t("emails.progress.undoing", figures), past, total);
    try {
      const undone = await undoAction(part.id);
      comeBack(undone.restored);
      restored += undone.restored.length;
      skipped.push(...undone.skipped);
    } catch (error) {
      if (!isProblem(error, "conflict") && !isProblem(error, "too-late")) {
        sayError(error);
        failed = true;
        break;
      }
      late += part.count;
    }
    past += part.count;
  }
  progress?.end();
  if (late > 0)
    say(restored > 0 ? i18next.t("emails.progress.late", { count: late }) : i18next.t("states.tooLate"));
  else if (restored > 0 && skipped.length === 0 && !failed) say(i18next.t("emails.done.undone"));
  saySkipped(skipped);
  void refreshEmails();
}

/** Takes back what sends one email, whoever's page has done it: it is what it was before. What was a draft is opened. */
export async function unsend(row: EmailRow): Promise<void> {
  const { id } = row;
  leave([row]);
  try {
    const { status } = await unsendEmail(id);
    if (status === "draft") openCompose({ kind: "draft", id });
    else say(i18next.t("emails.done.undone"));
  } catch (error) {
    comeBack([id]);
    sayError(error);
  }
  void refreshEmails();
}
