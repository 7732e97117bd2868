import { answer, api, ifMatch } from "../../api/client";
import type { Mailbox, MailboxInput, MailboxTest } from "../../api/types";

const at = (id: string) => ({ params: { path: { id } } });

export const createMailbox = (body: MailboxInput) => answer<Mailbox>(api.POST("/mailboxes", { body }));

export const changeMailbox = ({ id, version }: Mailbox, body: MailboxInput) =>
  answer<Mailbox>(api.PATCH("/mailboxes/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export const deleteMailbox = (id: string) => answer(api.DELETE("/mailboxes/{id}", at(id)));

/** Tries a mailbox as it is kept. */
export const testMailbox = (id: string) => answer<MailboxTest>(api.POST("/mailboxes/{id}/test", at(id)));

/** Tries what stands in the form, before it is kept. */
export const testInput = (body: MailboxInput) => answer<MailboxTest>(api.POST("/mailboxes/test", { body }));
