import { queryOptions } from "@tanstack/react-query";
import { answer, api, ifMatch } from "../../api/client";
import type { Mailbox, MailboxInput, MailboxProvider, MailboxTest } from "../../api/types";

const at = (id: string) => ({ params: { path: { id } } });

export const createMailbox = (body: MailboxInput) => answer<Mailbox>(api.POST("/mailboxes", { body }));

export const changeMailbox = ({ id, version }: Mailbox, body: MailboxInput) =>
  answer<Mailbox>(api.PATCH("/mailboxes/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export const deleteMailbox = (id: string) => answer(api.DELETE("/mailboxes/{id}", at(id)));

/** Tries a mailbox as it is kept, or as it would be after a change. */
export const testMailbox = (id: string, body?: MailboxInput) =>
  answer<MailboxTest>(api.POST("/mailboxes/{id}/test", { ...at(id), body }));

/** Tries what stands in the form, before it is kept. */
export const testInput = (body: MailboxInput) => answer<MailboxTest>(api.POST("/mailboxes/test", { body }));

export const usableProvidersQuery = queryOptions({
  queryKey: ["mailboxes", "providers"],
  queryFn: () => answer(api.GET("/mailboxes/providers")),
});

/** Where the provider asks for a consent: for the mailbox that is connected again, or for another one. */
export const askConsent = (provider: MailboxProvider, mailbox_id: string | null) =>
  answer<{ url: string }>(api.POST("/mailboxes/consent", { body: { provider, mailbox_id } }));

/** Connects the mailbox that was consented to. */
export const takeConsent = (state: string, code: string) =>
  answer<Mailbox>(api.POST("/mailboxes/consent/code", { body: { state, code } }));
