import type { EmailRow, FailureReason } from "../api/types";

/** What holds mail back from now on, with the reasons of an email that say so already. */
const saidBy = {
  unsubscribed: ["unsubscribed"],
  address_bounced: ["address_bounced", "no_such_mailbox", "no_such_domain"],
  complained: ["complained", "spam_complaint"],
  blocked_domain: ["blocked_domain"],
} as const satisfies Partial<Record<FailureReason, FailureReason[]>>;

type Hold = keyof typeof saidBy;

const isHold = (reason: FailureReason): reason is Hold => reason in saidBy;

/** Why nothing more goes to the recipient, where that is another matter than what this email failed for. */
export function heldOtherwise({ failure }: Pick<EmailRow, "failure">): Hold | null {
  if (!failure?.held_back || !isHold(failure.held_back)) return null;
  const said: readonly FailureReason[] = saidBy[failure.held_back];
  return said.includes(failure.reason) ? null : failure.held_back;
}

/** Who has a wish that a whole person has: no other address of theirs helps either. */
const wishes: ReadonlySet<FailureReason> = new Set(["unsubscribed", "complained"]);

/** Whether the recipient wants no more mail, whatever this email failed for. */
export function wantsNoMore({ failure }: Pick<EmailRow, "failure">): boolean {
  return failure?.held_back != null && wishes.has(failure.held_back);
}
