import type { Check, Identity } from "../api/types";
import type { DraftContent, ServerDraft } from "./content";

const check = (field: Check["field"], code: Check["code"], param: string | null = null): Check => ({
  field,
  code,
  param,
  blocking: true,
});

/** What stands between this draft and being sent. What can be seen at once is judged here, so that a sentence
 *  goes away with the key press that mends it; what needs the server is taken from its last answer. */
export function checksOf(content: DraftContent, server: ServerDraft | null, identities: Identity[]): Check[] {
  const identity = identities.find((one) => one.id === content.identity_id);
  return [
    ...(identity ? checksOfIdentity(identity) : [check("from", "no_identity")]),
    ...(content.to ? [] : [check("to", "no_recipient")]),
    ...(content.subject.trim() === "" ? [check("subject", "no_subject")] : []),
    ...serverChecks(content, server),
  ];
}

function checksOfIdentity(identity: Identity): Check[] {
  return identity.verified_at ? [] : [check("from", "identity_unverified", identity.address)];
}

const seenHere = new Set<Check["code"]>(["no_identity", "identity_unverified", "no_recipient", "no_subject"]);

function serverChecks(content: DraftContent, server: ServerDraft | null): Check[] {
  if (!server) return [];
  const sameSender = server.content.identity_id === content.identity_id;
  const samePerson = server.content.to?.id === content.to?.id;
  return server.email.checks.filter(
    (one) =>
      !seenHere.has(one.code) &&
      (one.field !== "from" || sameSender) &&
      ((one.code !== "unresolved_field" && !holding.has(one.code)) || samePerson),
  );
}

const holding = new Set<Check["code"]>([
  "unsubscribed",
  "address_bounced",
  "complained",
  "blocked_domain",
  "reaches_unsubscribed",
]);

/** Whether the person in To is not to be mailed, or only non-commercially. */
export function isHeldBack(checks: Check[]): boolean {
  return checks.some(({ code }) => holding.has(code));
}

/** The addresses of copies that are left out. */
export function leftOut(checks: Check[]): ReadonlySet<string> {
  return new Set(checks.flatMap(({ code, param }) => (code === "copy_left_out" && param ? [param] : [])));
}

/** The checks of one place, the ones that stop the email first. */
export function at(checks: Check[], field: Check["field"]): Check[] {
  return checks.filter((one) => one.field === field).sort((a, b) => Number(b.blocking) - Number(a.blocking));
}

/** The first thing to mend, in the order of the window. */
export function firstBlocking(checks: Check[]): Check | null {
  const order: Check["field"][] = ["from", "to", "subject", "body", "attachments"];
  const blocking = checks.filter((one) => one.blocking);
  return order.flatMap((field) => at(blocking, field))[0] ?? null;
}
