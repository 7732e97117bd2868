import type { AuthMethod, Channel, ChannelInput, Security } from "../../api/types";

type Figure = number | string;

/** What stands in the fields; numbers may be empty while they are typed. */
export type ChannelFields = {
  name: string;
  team: boolean;
  host: string;
  port: Figure;
  security: Security;
  auth: AuthMethod;
  username: string;
  password: string;
  client_id: string;
  client_secret: string;
  refresh_token: string;
  token_url: string;
  batch_size: Figure;
  batch_pause_s: Figure;
  per_minute: Figure;
  per_day: Figure;
};

const usualPorts: Record<Security, number> = { tls: 465, starttls: 587, none: 25 };

export function fieldsOf(channel: Channel | null, team: boolean): ChannelFields {
  const limits = channel?.limits;
  return {
    name: channel?.name ?? "",
    team: channel ? channel.owner === null : team,
    host: channel?.host ?? "",
    port: channel?.port ?? usualPorts.starttls,
    security: channel?.security ?? "starttls",
    auth: channel?.auth ?? "password",
    username: channel?.username ?? "",
    password: "",
    client_id: "",
    client_secret: "",
    refresh_token: "",
    token_url: "",
    batch_size: limits?.batch_size ?? "",
    batch_pause_s: limits?.batch_pause_s ?? "",
    per_minute: limits?.per_minute ?? "",
    per_day: limits?.per_day ?? "",
  };
}

/** Another way to be safe has another usual port; a port of one's own stays. */
export function withSecurity(fields: ChannelFields, security: Security): ChannelFields {
  const usual = Object.values(usualPorts).includes(Number(fields.port));
  return { ...fields, security, port: usual ? usualPorts[security] : fields.port };
}

/** What the API takes. Secrets that were left empty are left out: the kept ones stay. */
export function inputOf(fields: ChannelFields): ChannelInput {
  const { client_id, client_secret, refresh_token, token_url } = fields;
  const oauth = { client_id, client_secret, refresh_token, token_url };
  const input: ChannelInput = {
    name: fields.name.trim() || fields.host.trim(),
    team: fields.team,
    host: fields.host.trim(),
    port: Number(fields.port),
    security: fields.security,
    auth: fields.auth,
    limits: {
      batch_size: figure(fields.batch_size),
      batch_pause_s: figure(fields.batch_pause_s),
      per_minute: figure(fields.per_minute),
      per_day: figure(fields.per_day),
    },
  };
  if (fields.auth !== "none") input.username = fields.username.trim();
  if (fields.auth === "password" && fields.password !== "") input.password = fields.password;
  if (fields.auth === "xoauth2" && Object.values(oauth).some((value) => value !== "")) input.oauth = oauth;
  return input;
}

function figure(value: Figure): number | null {
  return value === "" ? null : Number(value);
}
