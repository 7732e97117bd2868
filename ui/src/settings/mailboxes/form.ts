import type { Mailbox, MailboxInput, Security } from "../../api/types";

/** What stands in the fields; the port may be empty while it is typed. */
export type MailboxFields = {
  name: string;
  host: string;
  port: number | string;
  security: Security;
  username: string;
  password: string;
  reads: boolean;
  read_folders: string[];
  sent_folder: string;
  append_sent: boolean;
};

const usualPorts: Record<Security, number> = { tls: 993, starttls: 143, none: 143 };

export function fieldsOf(mailbox: Mailbox | null, address: string): MailboxFields {
  return {
    name: mailbox?.name ?? "",
    host: mailbox?.host ?? "",
    port: mailbox?.port ?? usualPorts.tls,
    security: mailbox?.security ?? "tls",
    username: mailbox?.username ?? address,
    password: "",
    reads: mailbox?.reads ?? true,
    read_folders: mailbox?.read_folders ?? [],
    sent_folder: mailbox?.sent_folder ?? "",
    append_sent: mailbox?.append_sent ?? false,
  };
}

/** Another way to protect the conversation brings its usual port, unless somebody chose one of their own. */
export function withSecurity(fields: MailboxFields, security: Security): MailboxFields {
  const usual = fields.port === "" || fields.port === usualPorts[fields.security];
  return { ...fields, security, port: usual ? usualPorts[security] : fields.port };
}

/** What is sent: without a password that was not typed, which leaves the kept one. */
export function inputOf({ password, ...fields }: MailboxFields): MailboxInput {
  return {
    ...fields,
    name: fields.name.trim() || fields.host.trim(),
    host: fields.host.trim(),
    port: Number(fields.port),
    username: fields.username.trim(),
    sent_folder: fields.sent_folder.trim() || null,
    ...(password !== "" && { password }),
  };
}
