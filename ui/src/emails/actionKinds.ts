import {
  IconArchive,
  IconArchiveOff,
  IconBan,
  IconBrandLinkedin,
  IconCalendarTime,
  IconCornerUpLeft,
  IconFlag,
  IconMailForward,
  IconPencil,
  IconPhone,
  IconRefresh,
  IconSend,
  IconTrash,
  IconTrophy,
  IconTrophyOff,
  IconUserEdit,
} from "@tabler/icons-react";
import type { EmailRow, EmailStatus, FailureReason } from "../api/types";
import { emptyIn } from "./emptyFields";
import { wantsNoMore } from "./heldBack";
import { waitsForIdentity } from "./mending";

/** Everything that can be done with an email, or with its person. */
export type ActionKind =
  | "archive"
  | "unarchive"
  | "success"
  | "withdraw_success"
  | "report_spam"
  | "retry"
  | "send_now"
  | "reschedule"
  | "edit"
  | "delete"
  | "reply"
  | "follow_up"
  | "elsewhere"
  | "fill_in"
  | "write_again"
  | "call"
  | "profile"
  | "unsubscribe";

export const actionIcons = {
  archive: IconArchive,
  unarchive: IconArchiveOff,
  success: IconTrophy,
  withdraw_success: IconTrophyOff,
  report_spam: IconFlag,
  retry: IconRefresh,
  send_now: IconSend,
  reschedule: IconCalendarTime,
  edit: IconPencil,
  delete: IconTrash,
  reply: IconCornerUpLeft,
  follow_up: IconMailForward,
  elsewhere: IconUserEdit,
  fill_in: IconPencil,
  write_again: IconPencil,
  call: IconPhone,
  profile: IconBrandLinkedin,
  unsubscribe: IconBan,
} as const satisfies Record<ActionKind, unknown>;

export const actionKeys: Record<ActionKind, string> = {
  archive: "e",
  unarchive: "e",
  success: "s",
  withdraw_success: "s",
  report_spam: "shift+s",
  retry: "r",
  send_now: "n",
  reschedule: "d",
  edit: "e",
  delete: "backspace",
  reply: "r",
  follow_up: "f",
  elsewhere: "o",
  // In the place of a retry, which follows, and of the same words to another address.
  fill_in: "r",
  write_again: "o",
  call: "p",
  profile: "i",
  unsubscribe: "shift+u",
};

const byStatus: Record<EmailStatus, ActionKind[]> = {
  delivered: ["archive", "success", "withdraw_success", "report_spam"],
  archived: ["unarchive", "delete", "report_spam"],
  draft: ["edit", "delete"],
  scheduled: ["send_now", "reschedule", "edit", "delete"],
  in_progress: [],
  failed: ["retry", "delete"],
  bounced: ["retry", "delete"],
  spam: ["retry", "delete"],
  deleted: [],
};

/** Too rare for a place beside every row; the details and the commands have it. */
const rare = new Set<ActionKind>(["report_spam", "unsubscribe"]);

/** What works on one email only. */
const single = new Set<ActionKind>([
  "reply",
  "follow_up",
  "elsewhere",
  "fill_in",
  "write_again",
  "call",
  "profile",
  "unsubscribe",
]);

/** What is the matter with the address: the same words may reach another one. */
const anotherAddressHelps = new Set<FailureReason>([
  "no_such_mailbox",
  "no_such_domain",
  "bad_address",
  "address_bounced",
  "mailbox_full",
]);

/** What is the matter with the message: the same person may get other words, or smaller files. */
const otherWordsHelp = new Set<FailureReason>(["refused_as_spam", "message_too_large"]);

/** Whether something can be done with an email as it stands. */
export function isPossible(kind: ActionKind, row: EmailRow): boolean {
  switch (kind) {
    case "reply":
      return (
        row.person !== null &&
        row.activity.replies > 0 &&
        (row.status === "delivered" || row.status === "archived")
      );
    case "follow_up":
      return row.person !== null && (row.status === "delivered" || row.status === "archived");
    case "elsewhere":
      return isUndelivered(row) && !wantsNoMore(row) && isAboutAddress(row);
    case "fill_in":
      return isUndelivered(row) && !isHeldBack(row) && emptyIn(row) === "person";
    case "write_again":
      return isUndelivered(row) && (emptyIn(row) === "words" || (!isHeldBack(row) && isAboutWords(row)));
    case "call":
      return Boolean(row.person?.phone);
    case "unsubscribe":
      return row.person !== null;
    case "profile":
      return Boolean(row.person?.linkedin_url);
    case "retry":
      return isUndelivered(row) && !waitsForIdentity(row) && !isHeldBack(row);
    case "success":
      return row.status === "delivered" && row.success_at === null;
    case "withdraw_success":
      return row.status === "delivered" && row.success_at !== null;
    default:
      return !row.uncertain && byStatus[row.status].includes(kind);
  }
}

/** Whether mail to the recipient is held back now: sent again, it would only fail. */
function isHeldBack({ failure }: EmailRow): boolean {
  return failure?.held_back != null;
}

function isAboutAddress({ failure }: EmailRow): boolean {
  return (
    failure !== null && (anotherAddressHelps.has(failure.reason) || failure.held_back === "address_bounced")
  );
}

function isAboutWords({ failure }: EmailRow): boolean {
  return failure !== null && otherWordsHelp.has(failure.reason);
}

/** Whether somebody may want to send an email again, be it of use or not. */
export function isUndelivered(row: EmailRow): boolean {
  return !row.uncertain && byStatus[row.status].includes("retry");
}

/** Whether an email is undelivered that would only fail again, until something else is mended. */
export function cannotBeRetried(row: EmailRow): boolean {
  return isUndelivered(row) && !isPossible("retry", row);
}

/** Who wants no more mail gets none. When an administrator has let mail go again, the details offer to send it once more. */
const wantsNoMail = new Set<FailureReason>(["spam_complaint", "complained", "unsubscribed"]);

export type Remedy = "retry" | "elsewhere" | "fill_in" | "write_again";

/**
 * What helps an email that did not get through, the best first. Who has no such mailbox has none the second time either, and
 * what was empty is still empty.
 */
export function remedies(row: EmailRow): Remedy[] {
  if (isPossible("fill_in", row)) return ["fill_in"];
  const others = (["elsewhere", "write_again"] as const).filter((kind) => isPossible(kind, row));
  if (!isPossible("retry", row) || emptyIn(row) === "words") return others;
  return row.failure?.retry_may_help ? ["retry", ...others] : [...others, "retry"];
}

/** The remedy that is worth a button beside the row and a key, if any is. */
export function bestRemedy(row: EmailRow): Remedy | null {
  if (row.status === "spam" || (row.failure && wantsNoMail.has(row.failure.reason))) return null;
  return remedies(row)[0] ?? null;
}

/** Whether something is worth a button and a key: a retry only where it is the best remedy. */
export function isOffered(kind: ActionKind, row: EmailRow): boolean {
  return kind === "retry" ? bestRemedy(row) === "retry" : isPossible(kind, row);
}

const emailKinds: ActionKind[] = [
  "retry",
  "fill_in",
  "write_again",
  "elsewhere",
  "send_now",
  "reschedule",
  "edit",
  "archive",
  "unarchive",
  "success",
  "withdraw_success",
  "delete",
  "report_spam",
];
const personKinds: ActionKind[] = ["reply", "follow_up", "call", "profile", "unsubscribe"];

/** What can be done with every one of some emails, rare things left out: with the emails, and with the person. */
export function commonKinds(
  rows: EmailRow[],
  count = rows.length,
): { email: ActionKind[]; person: ActionKind[] } {
  const { email, person } = possibleKinds(rows, count);
  const usual = (kinds: ActionKind[]): ActionKind[] => kinds.filter((kind) => !rare.has(kind));
  return { email: usual(email), person: usual(person) };
}

/** What can be done with some emails, of which `count` are chosen though not all are loaded. */
export function possibleKinds(
  rows: EmailRow[],
  count = rows.length,
): { email: ActionKind[]; person: ActionKind[] } {
  const possible = (kind: ActionKind): boolean =>
    rows.length > 0 && (count === 1 || !single.has(kind)) && rows.some((row) => isOffered(kind, row));
  const email = emailKinds.filter(possible);
  return {
    // Among several, success is given; it is withdrawn only when all of them have it.
    email: email.includes("success") ? email.filter((kind) => kind !== "withdraw_success") : email,
    person: personKinds.filter(possible),
  };
}
