import { expect, test } from "vitest";
import type { EmailRow, EmailStatus, FailureReason, Identity } from "../api/types";
import { bestRemedy, cannotBeRetried, commonKinds, possibleKinds, remedies } from "./actionKinds";
import { withIdentity } from "./mending";

const email = (status: EmailStatus, more: Partial<EmailRow> = {}): EmailRow => ({
  id: status,
  version: 1,
  status,
  uncertain: false,
  person: {
    id: "p",
    name: "Marta Silva",
    company: null,
    title: null,
    phone: null,
    linkedin_url: null,
    time_zone: null,
  },
  to_address: "marta@brisamar.example",
  subject: "",
  snippet: "",
  attachment_count: 0,
  tracked: true,
  success_at: null,
  activity: { views: 0, views_automatic: 0, views_self: 0, clicks: 0, clicks_automatic: 0, replies: 0 },
  unseen: false,
  last_activity_at: "2026-04-14T12:00:00Z",
  created_at: "2026-04-14T12:00:00Z",
  updated_at: "2026-04-14T12:00:00Z",
  sent_at: null,
  failed_at: null,
  due_at: null,
  wait: null,
  failure: null,
  identity: null,
  channel: null,
  follow_up_of: null,
  ...more,
});

test("each folder offers its own actions", () => {
  expect(commonKinds([email("delivered")]).email).toEqual(["archive", "success"]);
  expect(commonKinds([email("archived")]).email).toEqual(["unarchive", "delete"]);
  expect(commonKinds([email("draft")]).email).toEqual(["edit", "delete"]);
  expect(commonKinds([email("scheduled")]).email).toEqual(["send_now", "reschedule", "edit", "delete"]);
  expect(commonKinds([email("spam")]).email).toEqual(["delete"]);
  for (const status of ["failed", "bounced"] as const)
    expect(commonKinds([email(status)]).email).toEqual(["retry", "delete"]);
  expect(commonKinds([email("in_progress")]).email).toEqual([]);
});

test("a success can be withdrawn, among several it is given", () => {
  const success = email("delivered", { success_at: "2026-04-14T12:00:00Z" });
  expect(commonKinds([success]).email).toEqual(["archive", "withdraw_success"]);
  expect(commonKinds([success, email("delivered")]).email).toEqual(["archive", "success"]);
});

test("nobody acts on an email whose fate is unknown", () => {
  expect(commonKinds([email("in_progress", { uncertain: true })]).email).toEqual([]);
});

test("the person is followed up once the email was sent, and called when there is a number", () => {
  expect(commonKinds([email("delivered")]).person).toEqual(["follow_up"]);
  expect(commonKinds([email("scheduled")]).person).toEqual([]);
  const person = email("failed").person;
  const reachable = email("failed", { person: person && { ...person, phone: "+351 912 345 678" } });
  expect(commonKinds([reachable]).person).toEqual(["call"]);
});

test("what an address refused goes to another one, what the recipient refused does not", () => {
  const failed = (reason: FailureReason) =>
    email("bounced", {
      failure: { reason, code: null, server_text: null, param: null, retry_may_help: false, held_back: null },
    });
  expect(commonKinds([failed("no_such_mailbox")]).email).toEqual(["elsewhere", "delete"]);
  expect(commonKinds([failed("refused_by_policy")]).email).toEqual(["retry", "delete"]);
});

test("a retry is the first remedy only where it may help, and the last where another address does", () => {
  const failed = (reason: FailureReason, retry_may_help: boolean) =>
    email("bounced", {
      failure: { reason, code: null, server_text: null, param: null, retry_may_help, held_back: null },
    });
  const [gone, full] = [failed("no_such_mailbox", false), failed("mailbox_full", true)];
  expect(remedies(gone)).toEqual(["elsewhere", "retry"]);
  expect(remedies(full)).toEqual(["retry", "elsewhere"]);
  expect(remedies(failed("gave_up", false))).toEqual(["retry"]);
  expect(remedies(email("delivered"))).toEqual([]);
  expect(remedies({ ...full, uncertain: true })).toEqual([]);
  expect(commonKinds([full]).email).toEqual(["retry", "elsewhere", "delete"]);
  // Of several, those that a retry may help are worth the button.
  expect(commonKinds([gone, full]).email).toEqual(["retry", "delete"]);
  expect(commonKinds([gone, gone]).email).toEqual(["delete"]);
});

test("what was empty is filled in or written anew before it is sent again, beside the row as in its details", () => {
  const empty = (param: string, more: Partial<EmailRow> = {}) =>
    email("failed", {
      identity: { id: "i", name: "Ada", address: "ada@brisamar.example" },
      failure: {
        reason: "unresolved_field",
        code: null,
        server_text: null,
        param,
        retry_may_help: false,
        held_back: null,
      },
      ...more,
    });
  const [ofPerson, ofSender] = [empty("company"), empty("sender_name")];
  const ofNobody = empty("company", { person: null });
  for (const [row, remedy] of [
    [ofPerson, "fill_in"],
    [ofSender, "retry"],
    [ofNobody, "write_again"],
  ] as const) {
    expect(remedies(row)).toEqual([remedy]);
    expect(bestRemedy(row)).toBe(remedy);
    expect(commonKinds([row]).email).toEqual([remedy, "delete"]);
  }
  // Of several, only the sender's may have been mended meanwhile for all of them.
  expect(commonKinds([ofPerson, ofPerson]).email).toEqual(["delete"]);
  expect(commonKinds([ofPerson, ofSender]).email).toEqual(["retry", "delete"]);
  expect(remedies({ ...ofPerson, uncertain: true })).toEqual([]);
});

test("who wants no more mail is not sent any beside the row, and the details know when that is over", () => {
  const failed = (reason: FailureReason) =>
    email("failed", {
      failure: { reason, code: null, server_text: null, param: null, retry_may_help: false, held_back: null },
    });
  const reported = { ...failed("spam_complaint"), status: "spam" as const };
  for (const row of [email("spam"), reported, failed("complained"), failed("unsubscribed")]) {
    expect(commonKinds([row]).email).toEqual(["delete"]);
    expect(bestRemedy(row)).toBeNull();
    expect(remedies(row)).toEqual(["retry"]);
  }
  expect(commonKinds([reported, failed("blocked_domain")]).email).toEqual(["retry", "delete"]);
});

test("a message that was refused for what it is can be written anew, and one for its address not", () => {
  const failed = (reason: FailureReason, retry_may_help: boolean) =>
    email("bounced", {
      failure: { reason, code: null, server_text: null, param: null, retry_may_help, held_back: null },
    });
  expect(remedies(failed("refused_as_spam", true))).toEqual(["retry", "write_again"]);
  expect(remedies(failed("message_too_large", false))).toEqual(["write_again", "retry"]);
  expect(remedies(failed("no_such_mailbox", false))).toEqual(["elsewhere", "retry"]);
});

test("what would only fail again is not retried, and goes elsewhere where that may help", () => {
  const held = (reason: FailureReason, held_back: FailureReason) =>
    email("bounced", {
      failure: { reason, code: null, server_text: null, param: null, retry_may_help: false, held_back },
    });
  for (const since of ["unsubscribed", "complained", "blocked_domain"] as const) {
    for (const reason of ["refused_by_policy", "refused_as_spam", "gave_up"] as const) {
      expect(remedies(held(reason, since))).toEqual([]);
      expect(commonKinds([held(reason, since)]).email).toEqual(["delete"]);
    }
  }
  expect(remedies(held("refused_by_policy", "address_bounced"))).toEqual(["elsewhere"]);
  expect(remedies(held("no_such_mailbox", "address_bounced"))).toEqual(["elsewhere"]);
  // Their wish is not evaded by another address of theirs.
  expect(remedies(held("no_such_mailbox", "unsubscribed"))).toEqual([]);
  expect(remedies(held("blocked_domain", "blocked_domain"))).toEqual([]);
  const empty = held("unresolved_field", "unsubscribed");
  expect(remedies({ ...empty, failure: empty.failure && { ...empty.failure, param: "company" } })).toEqual(
    [],
  );
  const gone = held("channel_gone", "unsubscribed");
  expect(cannotBeRetried(gone)).toBe(true);
  expect(cannotBeRetried(email("bounced"))).toBe(false);
  expect(cannotBeRetried(email("delivered"))).toBe(false);
});

test("what concerns one person is not offered for several", () => {
  expect(commonKinds([email("delivered"), email("delivered")]).person).toEqual([]);
});

test("what has left can be reported as spam, though not beside its row", () => {
  expect(possibleKinds([email("delivered")]).email).toContain("report_spam");
  expect(possibleKinds([email("bounced")]).email).not.toContain("report_spam");
  expect(commonKinds([email("delivered")]).email).not.toContain("report_spam");
});

test("what only its identity stands in the way of is not retried before that is mended", () => {
  const failed = (reason: FailureReason) =>
    email("failed", {
      identity: { id: "i", name: "Ada", address: "ada@brisamar.example" },
      failure: { reason, code: null, server_text: null, param: null, retry_may_help: false, held_back: null },
    });
  const identity: Identity = {
    id: "i",
    version: 1,
    name: "Ada",
    address: "ada@brisamar.example",
    signature_html: "",
    channel: { id: "c", name: "Mail" },
    mailbox: null,
    verified_at: "2026-04-14T12:00:00Z",
    verification: { sent_at: null, problem: null },
    default: true,
  };
  for (const [reason, broken] of [
    ["channel_gone", { ...identity, channel: null }],
    ["identity_unverified", { ...identity, verified_at: null }],
  ] as const) {
    const stopped = withIdentity(failed(reason), [broken]);
    expect(remedies(stopped)).toEqual([]);
    expect(commonKinds([stopped]).email).toEqual(["delete"]);
    const mended = withIdentity(failed(reason), [identity]);
    expect(remedies(mended)).toEqual(["retry"]);
    expect(mended.failure?.retry_may_help).toBe(true);
    expect(remedies(withIdentity(failed(reason), []))).toEqual([]);
  }
});
