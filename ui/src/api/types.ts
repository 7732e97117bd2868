import type { components, operations } from "./schema.gen";

/** The resources of the API, by the names that the interface uses for them. */
type Schemas = components["schemas"];

export type Named = { id: string; name: string };
export type Page<T> = { items: T[]; next_cursor: string | null };

export type Session = Schemas["Session"];
export type SessionUser = Schemas["SessionUser"];
export type Role = Schemas["Role"];
export type Warning = Schemas["Warning"];

export type Member = Schemas["Member"];
export type Invitation = Schemas["Invitation"];
export type NewInvitation = Schemas["NewInvitation"];
export type Team = Schemas["Team"];
export type ApiToken = Schemas["ApiToken"];
export type AuditEntry = Schemas["AuditRecord"];
export type Workspace = Schemas["Workspace"];

export type Security = Schemas["Security"];
export type AuthMethod = Schemas["Auth"];
export type Limits = Schemas["ChannelLimits"];
export type DomainRule = Schemas["ChannelDomainRule"];
export type ChannelPreset = Schemas["ChannelPreset"];
export type Provider = Schemas["Provider"];
export type Channel = Schemas["Channel"];
export type ChannelInput = Schemas["ChannelInput"];
export type ChannelTest = Schemas["ChannelTest"];
export type Mailbox = Schemas["Mailbox"];
export type MailboxInput = Schemas["MailboxInput"];
export type MailboxTest = Schemas["MailboxTest"];
export type TestStep = ChannelTest["steps"][number] | MailboxTest["steps"][number];
export type Identity = Schemas["Identity"];
export type Person = Schemas["Person"];

export type ListParams = operations["list_emails"]["parameters"]["query"];
export type Folder = ListParams["folder"];
export type Sort = NonNullable<ListParams["sort"]>;
export type Order = NonNullable<ListParams["order"]>;

export type EmailStatus = Schemas["Status"];
export type EmailCounts = Schemas["FolderCounts"];
export type EmailRow = Schemas["EmailRow"];
export type EmailActivity = Schemas["Activity"];
export type EmailPerson = Schemas["PersonInRow"];
export type Wait = Schemas["WaitView"];
export type WaitReason = Schemas["WaitReason"];
export type Failure = Schemas["FailureView"];
export type FailureReason = Schemas["FailureReason"];

export type EmailDetails = Schemas["EmailDetails"];
export type Address = Schemas["Copy"];
export type Attachment = Schemas["Attachment"];
export type Check = Schemas["Check"];
export type Recipient = Schemas["Recipient"];
export type EmailEvent = Schemas["EmailEvent"];
export type EmailEventKind = Schemas["EventKind"];
export type SentSearch = Schemas["SentSearch"];
export type Verdict = Schemas["Verdict"];
export type TranscriptLine = Schemas["ConversationLine"];
export type SentMessage = Schemas["Message"];
export type Preview = Schemas["Preview"];
export type DynamicFields = Schemas["DynamicFields"];

export type EmailActionName = Exclude<Schemas["EmailActionInput"]["action"], "send">;
export type EmailAction = Schemas["EmailAction"];
export type EmailActionForecast = Schemas["EmailActionForecast"];
export type SkipReason = Schemas["SkipReason"];
export type Undone = Schemas["UndoResult"];

export type LiveTopic = Schemas["LiveTopic"];
export type LiveChange = Schemas["LiveChange"];
