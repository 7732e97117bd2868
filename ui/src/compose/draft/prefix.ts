/** The beginning of every key under which unsaved words of a user are kept in this browser. */
export function shelfPrefix(userId: string): string {
  return `quarterdeck.draft.${userId}.`;
}
