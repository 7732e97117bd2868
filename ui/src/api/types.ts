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
export type ChannelFeedback = Schemas["ChannelFeedback"];
export type ChannelFeedbackInput = Schemas["ChannelFeedbackInput"];
export type News = Schemas["News"];
export type WebhookProvider = Schemas["WebhookProvider"];
export type Mailbox = Schemas["Mailbox"];
export type MailboxInput = Schemas["MailboxInput"];
export type MailboxTest = Schemas["MailboxTest"];
export type MailboxProvider = Schemas["MailboxProvider"];
export type ProviderInput = Schemas["ProviderInput"];
export type ProviderView = Schemas["ProviderView"];
export type SendingDomain = Schemas["SendingDomain"];
export type DkimKey = Schemas["DkimKey"];
export type DkimAlgorithm = DkimKey["algorithm"];
export type DnsRecord = Schemas["DnsRecord"];
export type DeliverabilityReport = Schemas["DeliverabilityReport"];
export type TrackingDomain = Schemas["TrackingDomain"];
export type OwnTrackingHost = Schemas["OwnTrackingHost"];
export type TrackingDomainTest = Schemas["TrackingDomainTest"];
export type TestStep =
  | ChannelTest["steps"][number]
  | MailboxTest["steps"][number]
  | TrackingDomainTest["steps"][number];
export type Identity = Schemas["Identity"];
export type Person = Schemas["Person"];
export type PersonEdit = Schemas["PersonEdit"];

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
export type Settled = Schemas["Settled"];
export type Verdict = Schemas["Verdict"];
export type TranscriptLine = Schemas["ConversationLine"];
export type SentMessage = Schemas["Message"];
export type Preview = Schemas["Preview"];
export type DynamicFields = Schemas["DynamicFields"];

export type EmailActionName = Exclude<Schemas["EmailActionInput"]["action"], "send" | "unsubscribe">;
export type EmailAction = Schemas["EmailAction"];
export type EmailActionForecast = Schemas["EmailActionForecast"];
export type SkippedEmail = Schemas["SkippedEmail"];
export type SkipReason = Schemas["SkipReason"];

export type Stop = Schemas["Stop"];
export type StopCause = Schemas["StopCause"];
export type StopChange = Schemas["StopChange"];
export type ResumeReason = Schemas["ResumeReason"];
export type UnsubscribeMessage = Schemas["UnsubscribeMessage"];
export type UnsubscribeMessageEdit = Schemas["UnsubscribeMessageEdit"];
export type Undone = Schemas["UndoResult"];

export type ConversationPart = Schemas["ConversationPart"];
export type Received = Schemas["Received"];
export type ReceivedKind = Received["kind"];
export type ReceivedMessage = Schemas["ReceivedMessage"];
export type FeedKind = Schemas["FeedKind"];
export type FeedEntry = Schemas["FeedEntry"];
export type FeedPage = Schemas["FeedPage"];

export type LiveTopic = Schemas["LiveTopic"];
export type LiveChange = Schemas["LiveChange"];
