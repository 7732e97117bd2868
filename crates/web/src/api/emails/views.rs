//! Emails as the API shows them.

use std::collections::HashMap;

use domain::{
    AttachmentId, ChannelId, EmailId, EventId, IdentityId, PersonId, ReceivedId, Status, Timestamp,
    checks::{Check, CheckCode, Place},
    events::{EventKind, Evidence, Line, Speaker},
    ledger::{Outcome, RecipientKind},
    person::display_name,
    reasons::{FailureReason, Wait, WaitReason},
};
use engine::{
    Engine,
    emails::{Attachment, Copy, EmailDetails, Event, Listed, Recipient},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failure::FailureView;
use crate::{problem::Result, text::Text};

type CheckCodeText = Text<CheckCode>;
type EventKindText = Text<EventKind>;
type IncomingKindText = Text<domain::incoming::Kind>;
type MotiveText = Text<domain::stops::Motive>;
type StopSourceText = Text<domain::stops::StopSource>;
type FailureReasonText = Text<FailureReason>;
type OutcomeText = Text<Outcome>;
type PlaceText = Text<Place>;
type RecipientKindText = Text<RecipientKind>;
type SpeakerText = Text<Speaker>;
type StatusText = Text<Status>;
type WaitReasonText = Text<WaitReason>;
type VerdictText = Text<domain::engagement::Verdict>;
type WhyText = Text<domain::engagement::Why>;
type StageText = Text<domain::smtp::Stage>;

/// A row of the Command Center.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailRow)]
pub(crate) struct RowView {
    #[schema(value_type = uuid::Uuid)]
    id: EmailId,
    /// Raised by each change; give it back in `If-Match`.
    version: i64,
    status: StatusText,
    /// In progress, and nobody knows whether it arrived.
    uncertain: bool,
    #[schema(required)]
    person: Option<PersonInRow>,
    #[schema(required)]
    to_address: Option<String>,
    subject: String,
    snippet: String,
    attachment_count: u32,
    tracked: bool,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    success_at: Option<Timestamp>,
    activity: Activity,
    /// A person viewed or clicked since the owner looked.
    unseen: bool,
    #[schema(value_type = String, format = DateTime)]
    last_activity_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    failed_at: Option<Timestamp>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    #[schema(required)]
    wait: Option<WaitView>,
    #[schema(required)]
    failure: Option<FailureView>,
    #[schema(required)]
    identity: Option<IdentityInRow>,
    #[schema(required)]
    channel: Option<ChannelInRow>,
    #[schema(required, value_type = Option<uuid::Uuid>)]
    follow_up_of: Option<EmailId>,
}

/// The person an email is to.
#[derive(Debug, Serialize, ToSchema)]
struct PersonInRow {
    #[schema(value_type = uuid::Uuid)]
    id: PersonId,
    /// The name, or else the address.
    name: String,
    #[schema(required)]
    company: Option<String>,
    /// The job title.
    #[schema(required)]
    title: Option<String>,
    #[schema(required)]
    phone: Option<String>,
    #[schema(required)]
    linkedin_url: Option<String>,
    #[schema(required)]
    time_zone: Option<String>,
}

/// Counts of views, clicks and replies.
#[derive(Debug, Serialize, ToSchema)]
struct Activity {
    /// By people.
    views: u32,
    /// By machines; not counted as views.
    views_automatic: u32,
    /// The sender's own.
    views_self: u32,
    /// By people.
    clicks: u32,
    /// By machines; not counted as clicks.
    clicks_automatic: u32,
    replies: u32,
}

/// Why and until when a scheduled email waits.
#[derive(Debug, Serialize, ToSchema)]
struct WaitView {
    reason: WaitReasonText,
    /// When it is expected to leave; `null` when nobody can know, as with a paused channel or a limit of zero.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The server's words, where a server made it wait.
    #[schema(required)]
    server_text: Option<String>,
    /// Attempts made so far.
    attempt: u32,
}

/// The identity an email is sent as.
#[derive(Debug, Serialize, ToSchema)]
struct IdentityInRow {
    #[schema(value_type = uuid::Uuid)]
    id: IdentityId,
    name: String,
    address: String,
}

/// The channel an email goes or went through.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelInRow {
    #[schema(value_type = uuid::Uuid)]
    id: ChannelId,
    name: String,
}

/// Everything about one email.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailDetails)]
pub(crate) struct DetailsView {
    #[serde(flatten)]
    row: RowView,
    cc: Vec<CopyView>,
    bcc: Vec<CopyView>,
    /// The subject as written, with dynamic fields; `subject` shows it with values.
    written_subject: String,
    /// The body as written, with dynamic fields.
    body_html: String,
    /// Whether it may also reach people who unsubscribed.
    non_commercial: bool,
    attachments: Vec<AttachmentView>,
    /// What stands in the way of sending; empty but for drafts.
    checks: Vec<CheckView>,
    /// Kinds of unsafe HTML that this save removed, such as `script`.
    removed: Vec<String>,
    recipients: Vec<RecipientView>,
    /// Newest first, 500 at the most.
    events: Vec<EventView>,
}

/// An address in CC or BCC.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Copy)]
pub(crate) struct CopyView {
    /// The display name, maybe empty.
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) address: String,
}

/// A file of an email.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub(crate) struct AttachmentView {
    #[schema(value_type = uuid::Uuid)]
    id: AttachmentId,
    name: String,
    content_type: String,
    /// In bytes, as uploaded.
    size: u64,
    /// Whether it is an image of the body.
    inline: bool,
    /// Where it can be had, and what an image of the body names as its source.
    url: String,
}

/// One thing to know before sending.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
pub(crate) struct CheckView {
    field: PlaceText,
    code: CheckCodeText,
    /// The dynamic field meant, the address of a copy, or the limit in bytes.
    #[schema(required)]
    param: Option<String>,
    /// Whether the email cannot be sent.
    blocking: bool,
}

/// An envelope recipient and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recipient)]
struct RecipientView {
    kind: RecipientKindText,
    name: String,
    address: String,
    outcome: OutcomeText,
    /// The server's last answer.
    #[schema(required)]
    reply: Option<String>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Something that happened to an email.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailEvent)]
pub(crate) struct EventView {
    #[schema(value_type = uuid::Uuid)]
    id: EventId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    kind: EventKindText,
    data: EvidenceView,
}

/// How we know. Fields that do not apply are absent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evidence)]
struct EvidenceView {
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<WhyText>,
    /// Whose network a request came from, where a list knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    /// What else is known of a view or a click.
    #[serde(skip_serializing_if = "Option::is_none")]
    visit: Option<VisitView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    /// The server's answer with its codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<StageText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureReasonText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<WaitReasonText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// The name of the mailbox that told.
    #[serde(skip_serializing_if = "Option::is_none")]
    mailbox: Option<String>,
    /// The folder of it in which the message was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    found_in: Option<String>,
    /// What came back, if that told; it can be read when it is a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    received_id: Option<ReceivedId>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    incoming: Option<IncomingKindText>,
    /// How the recipient unsubscribed.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsubscribed_by: Option<StopSourceText>,
    /// What they chose as the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    motive: Option<MotiveText>,
    /// The codes it names: `550 5.1.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The sentence that was said; of an answer, the first words.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The day on which the recipient is back, in their calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    back_on: Option<String>,
    /// The recipient does not work there any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    has_left: bool,
    /// What broke, when nothing was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The conversation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    transcript: Vec<LineView>,
}

/// What else is known of a view or a click.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Visit)]
struct VisitView {
    /// What was said of it first, where that was something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_verdict: Option<VerdictText>,
    /// How often the same client asked for the same within a minute; counted as one.
    requests: u64,
    /// Near which place its network is, in English; only with the operator's file, and until traces are dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// When the verdict is settled; absent when it is. Nothing notifies before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    settles_at: Option<Timestamp>,
}

/// A line of a conversation; `***` stands for secrets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConversationLine)]
pub(crate) struct LineView {
    from: SpeakerText,
    text: String,
}

impl RowView {
    /// One row, with what is expected of it.
    pub(crate) async fn of(engine: &Engine, listed: Listed) -> Result<Self> {
        let wait = engine.wait(&listed).await?;
        let held = engine.held(std::slice::from_ref(&listed)).await?.pop().flatten();
        Ok(Self::new(listed, wait, held))
    }

    /// The rows of a list, with what is expected of each.
    pub(crate) async fn of_each(engine: &Engine, listed: Vec<Listed>) -> Result<Vec<Self>> {
        let waits = engine.waits(&listed).await?;
        let held = engine.held(&listed).await?;
        let known = waits.into_iter().zip(held);
        Ok(listed.into_iter().zip(known).map(|(listed, (wait, held))| Self::new(listed, wait, held)).collect())
    }

    fn new(listed: Listed, wait: Option<Wait>, held: Option<FailureReason>) -> Self {
        let failure = FailureView::of(&listed, held);
        let email = listed.email;
        let person = email.person_id.map(|id| PersonInRow {
            id,
            name: display_name(
                listed.person_first_name.as_deref(),
                listed.person_last_name.as_deref(),
                email.to_address.as_deref().unwrap_or_default(),
            ),
            company: listed.person_company,
            title: listed.person_title,
            phone: listed.person_phone,
            linkedin_url: listed.person_linkedin_url,
            time_zone: listed.person_time_zone,
        });
        let undelivered = matches!(email.status, Status::Failed | Status::Bounced | Status::Spam);
        Self {
            id: email.id,
            version: email.version,
            status: Text(email.status),
            uncertain: email.uncertain,
            person,
            to_address: email.to_address,
            subject: email.subject,
            snippet: email.snippet,
            attachment_count: email.attachment_count,
            tracked: email.tracked,
            success_at: email.success_at,
            activity: Activity {
                views: email.views,
                views_automatic: email.views_automatic,
                views_self: email.views_self,
                clicks: email.clicks,
                clicks_automatic: email.clicks_automatic,
                replies: email.replies,
            },
            unseen: email.unseen,
            last_activity_at: email.last_activity_at,
            created_at: email.created_at,
            updated_at: email.updated_at,
            sent_at: email.sent_at,
            failed_at: email.failed_at.filter(|_| undelivered),
            due_at: email.due_at,
            wait: wait.map(|wait| WaitView {
                reason: Text(wait.reason),
                until: wait.until,
                server_text: wait.server_text,
                attempt: email.attempts,
            }),
            failure,
            identity: email.identity_id.zip(listed.identity_name).map(|(id, name)| IdentityInRow {
                id,
                name,
                address: listed.identity_address.unwrap_or_default(),
            }),
            channel: email.channel_id.zip(listed.channel_name).map(|(id, name)| ChannelInRow { id, name }),
            follow_up_of: email.follow_up_of,
        }
    }
}

impl DetailsView {
    /// BCC is shown to whoever may see the email, who is its sender or views as them.
    pub(crate) async fn of(engine: &Engine, details: EmailDetails) -> Result<Self> {
        let email = details.listed.email.id;
        let copies = |copies: Vec<Copy>| copies.into_iter().map(CopyView::from).collect();
        Ok(Self {
            row: RowView::of(engine, details.listed).await?,
            cc: copies(details.body.cc),
            bcc: copies(details.body.bcc),
            written_subject: details.body.subject,
            body_html: details.body.html,
            non_commercial: details.body.non_commercial,
            attachments: details.attachments.into_iter().map(|it| AttachmentView::new(email, it)).collect(),
            checks: details.checks.into_iter().map(CheckView::from).collect(),
            removed: details.removed,
            recipients: details.recipients.into_iter().map(RecipientView::from).collect(),
            events: with_visits(details.events, details.visits),
        })
    }

    pub(crate) fn version(&self) -> i64 {
        self.row.version
    }
}

impl AttachmentView {
    pub(crate) fn new(email: EmailId, attachment: Attachment) -> Self {
        Self {
            url: format!("/api/v1/emails/{email}/attachments/{}", attachment.id),
            id: attachment.id,
            name: attachment.name,
            content_type: attachment.content_type,
            size: attachment.size,
            inline: attachment.inline,
        }
    }
}

impl From<Copy> for CopyView {
    fn from(copy: Copy) -> Self {
        Self { name: copy.name, address: copy.address }
    }
}

impl From<CopyView> for Copy {
    fn from(copy: CopyView) -> Self {
        Self { name: copy.name, address: copy.address }
    }
}

impl From<Check> for CheckView {
    fn from(check: Check) -> Self {
        Self { field: Text(check.field), code: Text(check.code), param: check.param, blocking: check.blocking }
    }
}

impl From<Recipient> for RecipientView {
    fn from(recipient: Recipient) -> Self {
        Self {
            kind: Text(recipient.kind),
            name: recipient.name,
            address: recipient.address,
            outcome: Text(recipient.outcome),
            reply: recipient.reply,
            at: recipient.settled_at.or(recipient.attempted_at),
        }
    }
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        Self { id: event.id, at: event.at, kind: Text(event.kind), data: event.evidence.into() }
    }
}

/// Events, the views and clicks among them as they are judged by now.
fn with_visits(events: Vec<Event>, visits: Vec<engine::emails::Visit>) -> Vec<EventView> {
    let mut visits: HashMap<EventId, _> = visits.into_iter().map(|visit| (visit.id, visit)).collect();
    let shown = |event: Event| {
        let visit = visits.remove(&event.id);
        let mut shown = EventView::from(event);
        if let Some(visit) = visit {
            shown.data.verdict = Some(Text(visit.verdict));
            shown.data.why = Some(Text(visit.why));
            shown.data.ip.clone_from(&visit.ip);
            shown.data.user_agent.clone_from(&visit.user_agent);
            shown.data.visit = Some(visit.into());
        }
        shown
    };
    events.into_iter().map(shown).collect()
}

impl From<engine::emails::Visit> for VisitView {
    fn from(visit: engine::emails::Visit) -> Self {
        let revised = visit.first_verdict != visit.verdict;
        Self {
            first_verdict: revised.then_some(Text(visit.first_verdict)),
            requests: visit.requests,
            place: visit.place,
            settles_at: visit.settles_at,
        }
    }
}

impl From<Evidence> for EvidenceView {
    fn from(evidence: Evidence) -> Self {
        Self {
            verdict: evidence.verdict.map(Text),
            why: evidence.why.map(Text),
            network: evidence.network,
            visit: None,
            url: evidence.url,
            ip: evidence.ip,
            user_agent: evidence.user_agent,
            server: evidence.server,
            reply: evidence.reply.map(|reply| reply.to_string()),
            stage: evidence.stage.map(Text),
            recipient: evidence.recipient,
            failure: evidence.failure.map(Text),
            wait: evidence.wait.map(Text),
            until: evidence.until,
            by: evidence.by,
            channel: evidence.channel,
            mailbox: evidence.mailbox,
            found_in: evidence.found_in,
            received_id: evidence.received,
            incoming: evidence.incoming.map(Text),
            unsubscribed_by: evidence.unsubscribed_by.map(Text),
            motive: evidence.motive.map(Text),
            code: evidence.said.as_ref().and_then(domain::incoming::Said::codes),
            sentence: evidence.said.and_then(|said| said.sentence),
            from: evidence.from,
            back_on: evidence.back_on.map(|day| day.to_string()),
            has_left: evidence.has_left,
            detail: evidence.detail,
            transcript: evidence.transcript.into_iter().map(LineView::from).collect(),
        }
    }
}

impl From<Line> for LineView {
    fn from(line: Line) -> Self {
        Self { from: Text(line.from), text: line.text }
    }
}
