import type { ConversationPart } from "../api/types";

/** The parts in the order in which they are read: the newest last. */
export function inOrder(pages: { items: ConversationPart[] }[]): ConversationPart[] {
  return pages.flatMap(({ items }) => items).reverse();
}

/** What is open at first: the email that is looked at, and the last answer to it. */
export function openAtFirst(parts: ConversationPart[], emailId: string): Set<string> {
  const answer = parts.findLast(({ received }) => received?.readable && received.email_id === emailId);
  return new Set([emailId, ...(answer ? [answer.id] : [])]);
}

/** Whether there is more to show than the one email. */
export function isConversation(parts: ConversationPart[], emailId: string): boolean {
  return parts.some(({ id }) => id !== emailId);
}
