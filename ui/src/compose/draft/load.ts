import type { EmailDetails, Identity } from "../../api/types";
import { createCopy, createFollowUp, createReply, readEmail } from "../api";
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
  const email = await load(subject);
  const server = asServerDraft(email);
  return { start: server.content, server, kept: around.shelf.get(server.id) };
}

function load(subject: Exclude<ComposeSubject, { kind: "new" }>): Promise<EmailDetails> {
  switch (subject.kind) {
    case "draft":
      return readEmail(subject.id);
    case "follow_up":
      return createFollowUp(subject.of);
    case "copy":
      return createCopy(subject.of);
    case "reply":
      return createReply(subject.to);
  }
}
