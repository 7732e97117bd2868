import type { Address, EmailDetails, Identity } from "../api/types";

/** The one person in To. `id` is null while only the address is known. */
export type Recipient = {
  id: string | null;
  name: string;
  company: string | null;
  time_zone: string | null;
  address: string;
};

/** What a person writes; everything else about an email is the server's. */
export type DraftContent = {
  identity_id: string | null;
  to: Recipient | null;
  cc: Address[];
  bcc: Address[];
  subject: string;
  body_html: string;
  tracked: boolean;
  non_commercial: boolean;
};

export type ServerDraft = { id: string; version: number; content: DraftContent; email: EmailDetails };

export function emptyContent(identities: Identity[], tracked: boolean): DraftContent {
  const identity = identities.find((one) => one.default) ?? identities[0];
  return {
    identity_id: identity?.id ?? null,
    to: null,
    cc: [],
    bcc: [],
    subject: "",
    body_html: "",
    tracked,
    non_commercial: false,
  };
}

export function asServerDraft(email: EmailDetails): ServerDraft {
  return { id: email.id, version: email.version, email, content: contentOf(email) };
}

/** What the API takes to create or change a draft. */
export function asBody(content: DraftContent): Record<string, unknown> {
  const { to, ...rest } = content;
  return { ...rest, person_id: to?.id ?? null };
}

export function sameContent(a: DraftContent, b: DraftContent): boolean {
  const all = (content: DraftContent) => JSON.stringify([asBody(content), content.to?.address ?? null]);
  return all(a) === all(b);
}

/** Nothing that would be missed: such a draft is not made. */
export function isEmpty(content: DraftContent): boolean {
  const words = content.body_html.replace(/<(?!img)[^>]*>|&nbsp;|\s/g, "");
  return (
    !content.to &&
    content.cc.length + content.bcc.length === 0 &&
    content.subject.trim() === "" &&
    words === ""
  );
}

export function nameOf(recipient: Recipient): string {
  return recipient.name || recipient.address;
}

/** A person without a name is called by the address; such a name says nothing more. */
export function hasName({ name, address }: Recipient): boolean {
  return name !== "" && name !== address;
}

function contentOf(email: EmailDetails): DraftContent {
  return {
    identity_id: email.identity?.id ?? null,
    to: recipientOf(email),
    cc: email.cc,
    bcc: email.bcc,
    subject: email.written_subject,
    body_html: email.body_html,
    tracked: email.tracked,
    non_commercial: email.non_commercial,
  };
}

function recipientOf({ person, to_address }: EmailDetails): Recipient | null {
  if (!to_address) return null;
  return {
    id: person?.id ?? null,
    name: person?.name ?? "",
    company: person?.company ?? null,
    time_zone: person?.time_zone ?? null,
    address: to_address,
  };
}
