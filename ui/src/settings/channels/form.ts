import { type FieldError, invalid } from "../../api/problem";
import type {
  AuthMethod,
  Channel,
  ChannelInput,
  ChannelPreset,
  Limits,
  Provider,
  Security,
} from "../../api/types";

type Figure = number | string;

/** What one recipient domain may get, as it stands in its fields. */
export type RuleFields = { domain: string; per_minute: Figure; per_day: Figure };

/** What stands in the fields of the limits. */
export type LimitFields = {
  connections: Figure;
  per_minute: Figure;
  per_day: Figure;
  batch_size: Figure;
  batch_pause_s: Figure;
  /** A new day begins at a time of the provider, not with every moment. */
  resets: boolean;
  /** "00:00". */
  reset_time: string;
  reset_zone: string;
  rules: RuleFields[];
};

/** What stands in the fields; numbers may be empty while they are typed. */
export type ChannelFields = LimitFields & {
  provider: Provider;
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
};

const usualConnections = 4;
const usualPorts: Record<Security, number> = { tls: 465, starttls: 587, none: 25 };

export function fieldsOf(channel: Channel | null, team: boolean, zone = "UTC"): ChannelFields {
  return {
    provider: "own_server",
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
    ...limitFieldsOf(channel?.limits, zone),
  };
}

function limitFieldsOf(limits: Limits | undefined, zone: string): LimitFields {
  const reset = limits?.day_reset ?? null;
  return {
    connections: limits?.connections ?? usualConnections,
    per_minute: limits?.per_minute ?? "",
    per_day: limits?.per_day ?? "",
    batch_size: limits?.batch_size ?? "",
    batch_pause_s: limits?.batch_pause_s ?? "",
    resets: reset !== null,
    reset_time: clockOf(reset?.minute_of_day ?? 0),
    reset_zone: reset?.zone ?? zone,
    rules: (limits?.domain_rules ?? []).map(({ domain, per_minute, per_day }) => ({
      domain,
      per_minute: per_minute ?? "",
      per_day: per_day ?? "",
    })),
  };
}

/** What is known of a provider goes into the fields; name and secrets stay. */
export function withPreset(fields: ChannelFields, preset: ChannelPreset): ChannelFields {
  const { provider, host, port, security, auth, username } = preset;
  return {
    ...fields,
    ...limitFieldsOf(preset.limits, fields.reset_zone),
    provider,
    host,
    port,
    security,
    auth,
    username: username || fields.username,
  };
}

/** A limit of the channel as a whole. */
export type Limit = "connections" | "per_minute" | "per_day" | "batch_size" | "batch_pause_s";

const mostEmails = 1_000_000;

/** The least and the most that a limit may be. */
const ranges: Record<Limit, [number, number]> = {
  connections: [1, 50],
  per_minute: [0, mostEmails],
  per_day: [0, mostEmails],
  batch_size: [0, mostEmails],
  batch_pause_s: [1, 86_400],
};

/** What is wrong with the figures as they were typed: none of them is bent into one that would do. */
export function wrongFigures(fields: LimitFields): FieldError[] {
  const own = (Object.keys(ranges) as Limit[]).map((limit) =>
    wrongFigure(limit, fields[limit], ...ranges[limit]),
  );
  const ofDomains = fields.rules
    .flatMap(({ per_minute, per_day }) => [per_minute, per_day])
    .map((typed) => wrongFigure("domain_rules", typed, 0, mostEmails));
  return [...own, ...ofDomains].filter((wrong) => wrong !== null);
}

function wrongFigure(field: string, typed: Figure, min: number, max: number): FieldError | null {
  const figure = Number(typed);
  if (typed === "" || (Number.isInteger(figure) && figure >= min && figure <= max)) return null;
  return Number.isInteger(figure)
    ? { field, code: "out_of_range", params: { min, max } }
    : { field, code: "not_whole" };
}

/** Whether a limit of zero lets nothing leave. */
export function letsNothingLeave(fields: LimitFields): boolean {
  return [fields.per_minute, fields.per_day, fields.batch_size].some(
    (limit) => limit !== "" && Number(limit) === 0,
  );
}

function clockOf(minute: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

/** Another way to be safe has another usual port; a port of one's own stays. */
export function withSecurity(fields: ChannelFields, security: Security): ChannelFields {
  const usual = Object.values(usualPorts).includes(Number(fields.port));
  return { ...fields, security, port: usual ? usualPorts[security] : fields.port };
}

/** What the API takes, or what is wrong with it, thrown as the server would answer it. */
export function checkedInput(fields: ChannelFields): ChannelInput {
  const wrong = wrongFigures(fields);
  if (wrong.length > 0) throw invalid(wrong);
  return inputOf(fields);
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
    limits: limitsOf(fields),
  };
  if (fields.auth !== "none") input.username = fields.username.trim();
  if (fields.auth === "password" && fields.password !== "") input.password = fields.password;
  if (fields.auth === "xoauth2" && Object.values(oauth).some((value) => value !== "")) input.oauth = oauth;
  return input;
}

function limitsOf(fields: LimitFields): Limits {
  return {
    connections: Number(fields.connections),
    batch_size: figure(fields.batch_size),
    batch_pause_s: figure(fields.batch_pause_s),
    per_minute: figure(fields.per_minute),
    per_day: figure(fields.per_day),
    day_reset: fields.resets ? { minute_of_day: minuteOf(fields.reset_time), zone: fields.reset_zone } : null,
    domain_rules: fields.rules.map(({ domain, per_minute, per_day }) => ({
      domain: domain.trim(),
      per_minute: figure(per_minute),
      per_day: figure(per_day),
    })),
  };
}

function figure(value: Figure): number | null {
  return value === "" ? null : Number(value);
}
