import type { ProviderInput, ProviderView } from "../../api/types";

/** What stands in the fields; an empty one is as the provider publishes it. */
export type ProviderFields = {
  client_id: string;
  client_secret: string;
  authorization_url: string;
  token_url: string;
  scopes: string;
  host: string;
  port: number | string;
};

export function fieldsOf({ registration }: ProviderView): ProviderFields {
  return {
    client_id: registration?.client_id ?? "",
    client_secret: "",
    authorization_url: registration?.authorization_url ?? "",
    token_url: registration?.token_url ?? "",
    scopes: registration?.scopes ?? "",
    host: registration?.host ?? "",
    port: registration?.port ?? "",
  };
}

/** What is sent: without what was left empty. */
export function inputOf(fields: ProviderFields, { registration }: ProviderView): ProviderInput {
  const said = (text: string) => text.trim() || null;
  return {
    client_id: fields.client_id.trim(),
    client_secret: said(fields.client_secret),
    authorization_url: said(fields.authorization_url),
    token_url: said(fields.token_url),
    scopes: said(fields.scopes),
    host: said(fields.host),
    port: fields.port === "" ? null : Number(fields.port),
    security: registration?.security ?? null,
  };
}

/** Whether anything differs from what the provider publishes. */
export const isElsewhere = ({ authorization_url, token_url, scopes, host, port }: ProviderFields): boolean =>
  [authorization_url, token_url, scopes, host, String(port)].some((text) => text !== "");
