import { useSyncExternalStore } from "react";
import type { EmailPerson } from "../api/types";

/** What a reply answers: a received message, or the latest reply to an email. */
export type Answered = { received: string } | { email: string };

/** What to write: a new email (to somebody), a kept draft, a follow-up to an email that was sent, the same words to somebody
 * else, or a reply. */
export type ComposeSubject =
  | { kind: "new"; to?: EmailPerson & { address: string } }
  | { kind: "draft"; id: string }
  | { kind: "follow_up"; of: string }
  | { kind: "copy"; of: string }
  | { kind: "reply"; to: Answered };

/** One opening of the window; `serial` tells two of them apart. */
export type ComposeRequest = ComposeSubject & { serial: number };

const listeners = new Set<() => void>();
let current: ComposeRequest | null = null;
let serial = 0;
let opener: Element | null = null;

/** Opens the compose window; the shell loads it when it is first needed. What was open there is saved and makes room. */
export function openCompose(subject: ComposeSubject = { kind: "new" }): void {
  if (subject.kind === "draft" && current?.kind === "draft" && current.id === subject.id) return;
  if (current === null) opener = document.activeElement;
  serial += 1;
  become({ ...subject, serial });
}

/** Closes the window; the draft stays, and who had the focus before gets it back. */
export function closeCompose(): void {
  become(null);
  setTimeout(() => {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  });
}

export function useComposeRequest(): ComposeRequest | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

function become(request: ComposeRequest | null): void {
  current = request;
  for (const listener of listeners) listener();
}
