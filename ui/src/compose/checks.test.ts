import { describe, expect, it } from "vitest";
import type { Check, Identity } from "../api/types";
import { checksOf, firstBlocking } from "./checks";
import { type DraftContent, emptyContent, type ServerDraft } from "./content";

const identity = {
  id: "i1",
  address: "elena@northlight.example",
  verified_at: "2026-01-01T00:00:00Z",
  default: true,
};
const identities = [identity] as Identity[];
const marta = { id: "p1", name: "Marta", company: null, time_zone: null, address: "marta@x.example" };
const good: DraftContent = { ...emptyContent(identities, true), to: marta, subject: "Hello" };
const answered = (content: DraftContent, checks: Check[]) =>
  ({ id: "e1", version: 1, content, email: { checks } }) as unknown as ServerDraft;
const unresolved: Check = { field: "body", code: "unresolved_field", param: "company", blocking: true };
const codes = (checks: Check[]) => checks.map(({ code }) => code);

describe("what stands in the way of sending", () => {
  it("is nothing when the draft is complete", () => {
    expect(checksOf(good, answered(good, []), identities)).toEqual([]);
  });

  it("goes away with the key press that mends it, before the server answers", () => {
    const stale = answered(good, [{ field: "subject", code: "no_subject", param: null, blocking: true }]);
    expect(checksOf(good, stale, identities)).toEqual([]);
    expect(codes(checksOf({ ...good, subject: " " }, stale, identities))).toEqual(["no_subject"]);
  });

  it("names the address that is not verified", () => {
    const unverified = [{ ...identity, verified_at: null }] as Identity[];
    expect(checksOf(good, null, unverified)[0]).toMatchObject({
      code: "identity_unverified",
      param: identity.address,
    });
  });

  it("is what the server says about fields, as long as the person is the same", () => {
    expect(codes(checksOf(good, answered(good, [unresolved]), identities))).toEqual(["unresolved_field"]);
    const other = { ...good, to: { ...marta, id: "p2" } };
    expect(checksOf(other, answered(good, [unresolved]), identities)).toEqual([]);
  });

  it("is told in the order of the window", () => {
    const empty = { ...emptyContent([], true) };
    expect(codes(checksOf(empty, null, []))).toEqual(["no_identity", "no_recipient", "no_subject"]);
    expect(
      firstBlocking(checksOf({ ...good, subject: "" }, answered(good, [unresolved]), identities))?.code,
    ).toBe("no_subject");
  });

  it("lets an email go through a paused channel: it waits", () => {
    const paused: Check = { field: "from", code: "channel_paused", param: null, blocking: false };
    expect(firstBlocking(checksOf(good, answered(good, [paused]), identities))).toBeNull();
  });
});
