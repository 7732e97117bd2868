import { readEmail } from "../api";
import { asServerDraft } from "../content";
import { saveDraft } from "./save";
import { Shelf } from "./shelf";

/** Brings words that a closed or crashed page left behind to the server. What was changed elsewhere since stays in the
 *  browser until the draft is opened, which shows both. */
export async function rescueDrafts(userId: string): Promise<void> {
  const shelf = new Shelf(userId);
  for (const { id, isNew } of shelf.waiting()) {
    const kept = shelf.get(id);
    if (!kept) continue;
    const base = isNew ? null : asServerDraft(await readEmail(id));
    if (base && base.version !== kept.version) continue;
    const outcome = await saveDraft(kept.content, base);
    if (outcome.kind === "saved") shelf.drop(id);
  }
}
