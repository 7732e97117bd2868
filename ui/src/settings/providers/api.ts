import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import type { MailboxProvider, ProviderInput, ProviderView } from "../../api/types";

export const providersQuery = queryOptions({
  queryKey: ["mailboxes", "registrations"],
  queryFn: () => answer(api.GET("/providers")),
});

export const registerProvider = (provider: MailboxProvider, body: ProviderInput) =>
  answer<ProviderView>(api.PUT("/providers/{provider}", { params: { path: { provider } }, body }));

export const forgetProvider = (provider: MailboxProvider) =>
  answer(api.DELETE("/providers/{provider}", { params: { path: { provider } } }));
