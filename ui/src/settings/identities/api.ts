import { queryOptions } from "@tanstack/react-query";
import { answer, api, ifMatch } from "../../api/client";
import type { Identity } from "../../api/types";

export type IdentityInput = {
  name: string;
  address: string;
  signature_html?: string;
  channel_id?: string | null;
  mailbox_id?: string | null;
};
export type IdentityChange = {
  name?: string;
  signature_html?: string;
  channel_id?: string | null;
  mailbox_id?: string | null;
  default?: true;
};

export const identitiesQuery = queryOptions({
  queryKey: ["identities"],
  queryFn: () => answer<{ items: Identity[] }>(api.GET("/identities")),
});

const at = (id: string) => ({ params: { path: { id } } });

export const createIdentity = (body: IdentityInput) => answer<Identity>(api.POST("/identities", { body }));

export const changeIdentity = (identity: Identity, body: IdentityChange) =>
  answer<Identity>(
    api.PATCH("/identities/{id}", {
      params: { path: { id: identity.id }, header: ifMatch(identity.version) },
      body,
    }),
  );

export const deleteIdentity = (id: string) => answer(api.DELETE("/identities/{id}", at(id)));

/** Mails the link again, through the channel of the identity. */
export const resendVerification = (id: string) => answer(api.POST("/identities/{id}/verification", at(id)));

export const verifyIdentity = (token: string) =>
  answer<Identity>(api.POST("/identities/verify", { body: { token } }));
