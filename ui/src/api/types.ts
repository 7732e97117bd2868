/** The resources of the API. */
export type Role = "admin" | "manager" | "member";
export type Named = { id: string; name: string };
export type Page<T> = { items: T[]; next_cursor: string | null };

export type Warning =
  | "public_url_loopback"
  | "public_url_not_https"
  | "tracking_url_loopback"
  | "tracking_url_not_https"
  | "clock_jumped";

export type SessionUser = {
  id: string;
  name: string;
  email: string;
  time_zone: string;
  language: string;
  undo_window_s: number;
};

export type Session = {
  user: SessionUser;
  role: Role;
  workspace: Named;
  view_as: Named | null;
  can_view_as: Named[];
  warnings: Warning[];
  max_encoded_bytes: number;
};

export type Member = {
  id: string;
  name: string;
  email: string;
  role: Role;
  state: "active" | "deactivated";
  teams: Named[];
  last_seen_at: string | null;
  created_at: string;
};

export type Invitation = {
  id: string;
  email: string;
  role: Role;
  teams: Named[];
  expires_at: string;
  created_at: string;
};
export type NewInvitation = Invitation & { link: string | null; mailed: boolean };
export type Team = { id: string; name: string; members: Named[] };
export type ApiToken = { id: string; name: string; created_at: string; last_used_at: string | null };

export type AuditEntry = {
  id: string;
  at: string;
  actor: Named | null;
  ip: string | null;
  action: string;
  target_kind: string;
  target_id: string;
  before: unknown;
  after: unknown;
};

export type Workspace = {
  id: string;
  version: number;
  name: string;
  tracking: boolean;
  give_up_after_h: number;
  system_channel_id: string | null;
  public_url: string;
  tracking_url: string;
};

export type Security = "tls" | "starttls" | "none";
export type AuthMethod = "none" | "password" | "xoauth2";
export type Limits = {
  batch_size: number | null;
  batch_pause_s: number | null;
  per_minute: number | null;
  per_day: number | null;
};

export type Channel = {
  id: string;
  version: number;
  name: string;
  owner: Named | null;
  host: string;
  port: number;
  security: Security;
  auth: AuthMethod;
  username: string | null;
  has_secret: boolean;
  limits: Limits;
  state: "active" | "paused";
  paused: {
    reason: "by_user" | "credentials" | "quota" | "policy" | "unreachable";
    server_text: string | null;
    at: string;
    until: string | null;
  } | null;
  used_today: number;
  waiting: number;
  editable: boolean;
};

export type ChannelInput = {
  name: string;
  team: boolean;
  host: string;
  port: number;
  security: Security;
  auth: AuthMethod;
  username?: string;
  password?: string;
  oauth?: { client_id: string; client_secret: string; refresh_token: string; token_url: string };
  limits: Limits;
};

export type TranscriptLine = { from: "us" | "server"; text: string };

export type ChannelTest = {
  ok: boolean;
  steps: {
    step: "resolve" | "connect" | "tls" | "greeting" | "ehlo" | "starttls" | "auth" | "sign_off";
    ok: boolean;
    ms: number;
    lines: TranscriptLine[];
    problem: string | null;
    detail: string | null;
  }[];
  size_limit: number | null;
};

export type Identity = {
  id: string;
  version: number;
  name: string;
  address: string;
  signature_html: string;
  channel: Named | null;
  verified_at: string | null;
  verification: { sent_at: string | null; problem: string | null };
  default: boolean;
};

export type Person = {
  id: string;
  version: number;
  name: string;
  first_name: string | null;
  last_name: string | null;
  company: string | null;
  title: string | null;
  phone: string | null;
  time_zone: string | null;
  language: string | null;
  linkedin_url: string | null;
  address: string;
  addresses: { address: string; primary: boolean }[];
  owner: Named;
};

export type EmailStatus =
  | "draft"
  | "scheduled"
  | "in_progress"
  | "delivered"
  | "archived"
  | "failed"
  | "bounced"
  | "spam"
  | "deleted";

export type Folder =
  | "delivered"
  | "archived"
  | "scheduled"
  | "draft"
  | "in_progress"
  | "undelivered"
  | "failed"
  | "bounced"
  | "spam";

export type EmailCounts = {
  draft: number;
  scheduled: number;
  in_progress: number;
  uncertain: number;
  delivered: number;
  archived: number;
  failed: number;
  bounced: number;
  spam: number;
};

export type Sort = "activity" | "sent" | "created" | "updated" | "due" | "failed";
export type Order = "asc" | "desc";

export type WaitReason =
  | "undo_window"
  | "your_time"
  | "limit_per_minute"
  | "limit_per_day"
  | "batch_pause"
  | "server_asked"
  | "unreachable"
  | "channel_paused"
  | "clock_jumped";

export type FailureReason =
  | "no_such_mailbox"
  | "no_such_domain"
  | "mailbox_full"
  | "refused_as_spam"
  | "refused_by_policy"
  | "refused"
  | "unresolved_field"
  | "channel_gone"
  | "identity_unverified"
  | "message_too_large"
  | "sender_refused"
  | "gave_up"
  | "bad_address";

export type Wait = { reason: WaitReason; until: string | null; server_text: string | null; attempt: number };

export type Failure = {
  reason: FailureReason;
  code: string | null;
  server_text: string | null;
  /** The name that belongs to the reason, such as the dynamic field. */
  param: string | null;
  retry_may_help: boolean;
};

export type EmailActivity = {
  views: number;
  views_automatic: number;
  views_self: number;
  clicks: number;
  clicks_automatic: number;
  replies: number;
};

export type EmailPerson = {
  id: string;
  name: string;
  company: string | null;
  phone: string | null;
  linkedin_url: string | null;
  time_zone: string | null;
};

export type EmailRow = {
  id: string;
  version: number;
  status: EmailStatus;
  uncertain: boolean;
  person: EmailPerson | null;
  to_address: string | null;
  subject: string;
  snippet: string;
  attachment_count: number;
  tracked: boolean;
  success_at: string | null;
  activity: EmailActivity;
  unseen: boolean;
  last_activity_at: string | null;
  created_at: string;
  updated_at: string;
  sent_at: string | null;
  failed_at: string | null;
  due_at: string | null;
  wait: Wait | null;
  failure: Failure | null;
  identity: { id: string; name: string; address: string } | null;
  channel: Named | null;
  follow_up_of: string | null;
};

export type Address = { name: string; address: string };
export type Attachment = { id: string; name: string; content_type: string; size: number; url?: string };

export type Check = {
  field: "from" | "to" | "subject" | "body" | "attachments";
  code:
    | "no_identity"
    | "identity_unverified"
    | "no_channel"
    | "channel_paused"
    | "no_recipient"
    | "no_subject"
    | "unresolved_field"
    | "unknown_field"
    | "too_large";
  params: Record<string, unknown>;
  blocking: boolean;
};

export type EmailEventKind =
  | "created"
  | "queued"
  | "unscheduled"
  | "attempted"
  | "accepted"
  | "deferred"
  | "uncertain"
  | "bounced"
  | "failed"
  | "viewed"
  | "clicked"
  | "archived"
  | "unarchived"
  | "success"
  | "success_withdrawn"
  | "retried"
  | "deleted"
  | "restored"
  | "copy_refused";

export type Verdict = "human" | "machine" | "self" | "unknown";

export type EmailEvent = {
  id: string;
  at: string;
  kind: EmailEventKind;
  data: {
    verdict?: Verdict;
    why?: string;
    url?: string;
    ip?: string;
    user_agent?: string;
    server?: string;
    reply?: string;
    stage?: string;
    recipient?: string;
    failure?: FailureReason;
    wait?: WaitReason;
    until?: string;
    by?: string;
    channel?: string;
    detail?: string;
    transcript?: TranscriptLine[];
  };
};

export type Recipient = {
  kind: "to" | "cc" | "bcc";
  name: string;
  address: string;
  outcome: "waiting" | "attempting" | "accepted" | "refused" | "deferred" | "uncertain";
  reply: string | null;
  at: string | null;
};

export type EmailDetails = EmailRow & {
  cc: Address[];
  bcc: Address[];
  body_html: string;
  attachments: Attachment[];
  checks: Check[];
  removed: string[];
  recipients: Recipient[];
  events: EmailEvent[];
};

export type SentMessage = {
  subject: string;
  from: Address;
  to: Address;
  html: string;
  text: string;
  sent_at: string;
};
export type Preview = { subject: string; html: string; text: string; unresolved: string[] };

export type EmailActionName =
  | "archive"
  | "unarchive"
  | "success"
  | "withdraw_success"
  | "retry"
  | "delete"
  | "send_now"
  | "reschedule"
  | "edit"
  | "seen";

export type SkipReason = "not_allowed_here" | "uncertain" | "changed_since" | "not_found";

export type EmailAction = {
  id: string | null;
  action: EmailActionName;
  changed: string[];
  skipped: { id: string; reason: SkipReason }[];
  undo_until: string | null;
};

export type Undone = { restored: string[]; skipped: { id: string; reason: SkipReason }[] };

export type DynamicFields = {
  items: { name: string; example: string }[];
  filters: { name: string; example: string }[];
};

export type LiveTopic = "emails" | "counts" | "channels" | "identities" | "session";
export type LiveChange = { topics: LiveTopic[]; email_ids: string[] };
