import type { Identity } from "../../api/types";
import { createFollowUp, readEmail } from "../api";
import { asServerDraft, type DraftContent, emptyContent, type ServerDraft } from "../content";
import type { ComposeSubject } from "../open";
import type { Shelf, Shelved } from "./shelf";

/** Where a window starts: what the server holds, and what this browser kept beyond it. */
export type LoadedDraft = { start: DraftContent; server: ServerDraft | null; kept: Shelved | null };

type Surroundings = { shelf: Shelf; identities: Identity[]; tracked: boolean };

export async function loadDraft(subject: ComposeSubject, around: Surroundings): Promise<LoadedDraft> {
  if (subject.kind === "new") {
    const start = emptyContent(around.identities, around.tracked);
    return { start: { ...start, to: subject.to ?? null }, server: null, kept: null };
  }
  const email = await (subject.kind === "draft" ? readEmail(subject.id) : createFollowUp(subject.of));
  const server = asServerDraft(email);
  return { start: server.content, server, kept: around.shelf.get(server.id) };
}
