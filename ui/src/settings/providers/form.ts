import type { ProviderInput, ProviderView, Security } from "../../api/types";

/** What stands in the fields; an empty one is as the provider publishes it. */
export type ProviderFields = {
  client_id: string;
  client_secret: string;
  authorization_url: string;
  token_url: string;
  scopes: string;
  host: string;
  port: number | string;
  security: Security;
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
    security: registration?.security ?? "tls",
  };
}

/** The port that IMAP servers listen at where TLS is not there from the first byte. */
const plainPort = 143;

/** Another way to protect the conversation brings its usual port, unless somebody chose one of their own. */
export function withSecurity(fields: ProviderFields, security: Security): ProviderFields {
  const usual = fields.port === "" || fields.port === plainPort;
  return { ...fields, security, port: usual ? (security === "tls" ? "" : plainPort) : fields.port };
}

/** What is sent: without what was left empty. */
export function inputOf(fields: ProviderFields): ProviderInput {
  const said = (text: string) => text.trim() || null;
  return {
    client_id: fields.client_id.trim(),
    client_secret: said(fields.client_secret),
    authorization_url: said(fields.authorization_url),
    token_url: said(fields.token_url),
    scopes: said(fields.scopes),
    host: said(fields.host),
    port: fields.port === "" ? null : Number(fields.port),
    security: fields.security === "tls" ? null : fields.security,
  };
}

/** Whether anything differs from what the provider publishes. */
export const isElsewhere = ({
  authorization_url,
  token_url,
  scopes,
  host,
  port,
  security,
}: ProviderFields): boolean =>
  security !== "tls" ||
  [authorization_url, token_url, scopes, host, String(port)].some((text) => text !== "");
