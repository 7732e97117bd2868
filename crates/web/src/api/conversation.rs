//! The conversation with a person, and the messages that came back.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use domain::{
    EmailId, PersonId, ReceivedId, Timestamp,
    incoming::{Kind, Via},
};
use engine::conversation::{CameBack, Part};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::emails::{CopyView, RowView};
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
};

type KindText = Text<Kind>;
type ViaText = Text<Via>;

/// As many as the details show before somebody asks for earlier ones.
const DEFAULT_LIMIT: u32 = 20;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_conversation)).routes(routes!(find_received))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ConversationParams {
    /// Parts, 1 to 100; 20 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of a conversation, newest first.
#[derive(Serialize, ToSchema)]
struct ConversationPage {
    items: Vec<ConversationPart>,
    /// Where the next page, with earlier parts, begins; `null` on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Something that was sent, or that came back: one of the two is there.
#[derive(Serialize, ToSchema)]
struct ConversationPart {
    #[schema(value_type = uuid::Uuid)]
    id: uuid::Uuid,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(required)]
    sent: Option<RowView>,
    #[schema(required)]
    received: Option<ReceivedView>,
}

/// A message or a notice that came back.
#[derive(Serialize, ToSchema)]
#[schema(as = Received)]
struct ReceivedView {
    #[schema(value_type = uuid::Uuid)]
    id: ReceivedId,
    kind: KindText,
    /// A person wrote it with their own hands.
    by_person: bool,
    from: CopyView,
    subject: String,
    /// The first words of what is new in it.
    snippet: String,
    /// Whether there is a message to read.
    readable: bool,
    /// The email it is about.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    email_id: Option<EmailId>,
    /// The day on which the person is back, in their calendar.
    #[schema(required, value_type = Option<String>, format = Date)]
    back_on: Option<String>,
    /// The person does not work there any more.
    has_left: bool,
    /// The codes of a refusal: `550 5.1.1`.
    #[schema(required)]
    code: Option<String>,
    /// The server's sentence, after the codes.
    #[schema(required)]
    server_text: Option<String>,
    /// How it came.
    via: ViaText,
    /// The mailbox in which it was found.
    #[schema(required)]
    mailbox: Option<String>,
    /// The channel whose provider told.
    #[schema(required)]
    channel: Option<String>,
    /// Why it is taken for what it is, one sentence a fact.
    facts: Vec<String>,
}

/// A message that came back, without scripts, our pixel, or our links.
#[derive(Serialize, ToSchema)]
struct ReceivedMessage {
    subject: String,
    from: CopyView,
    html: String,
    /// The body without the mail that it quotes at its end; null where nothing is left out.
    #[schema(required)]
    newly_written: Option<String>,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
}

impl From<CameBack> for ReceivedView {
    fn from(CameBack { received, mailbox_name, channel_name }: CameBack) -> Self {
        let said =
            received.evidence.recipients.into_iter().find(|whom| whom.kind == received.kind).map(|whom| whom.said);
        Self {
            id: received.id,
            kind: Text(received.kind),
            by_person: received.evidence.by_person,
            from: CopyView { name: received.from_name, address: received.from_address },
            subject: received.subject,
            snippet: received.snippet,
            readable: received.kind.is_written() && received.source != Via::Webhook,
            email_id: received.email_id,
            back_on: received.evidence.back_on.map(|day| day.to_string()),
            has_left: received.evidence.has_left,
            code: said.as_ref().and_then(domain::incoming::Said::codes),
            server_text: said.and_then(|said| said.sentence),
            via: Text(received.source),
            mailbox: mailbox_name,
            channel: channel_name,
            facts: received.evidence.facts,
        }
    }
}

/// Read the conversation with a person.
///
/// Everything that was sent to them and everything that came back, newest first: replies, automatic replies, bounces, delays,
/// receipts, complaints, requests to be left alone.
#[utoipa::path(get, path = "/people/{id}/conversation", operation_id = "list_conversation", tag = "people",
    params(("id" = uuid::Uuid, Path), ConversationParams),
    responses((status = 200, body = ConversationPage), (status = "4XX", body = Problem)))]
async fn list_conversation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<PersonId>,
    Query(params): Query<ConversationParams>,
) -> Result<Json<ConversationPage>> {
    let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
    let page = app.engine.conversation(&caller.actor, id, limit, params.cursor.as_deref()).await?;
    let mut items = Vec::with_capacity(page.parts.len());
    for part in page.parts {
        let (id, at) = (part.id(), part.at());
        let (sent, received) = match part {
            Part::Sent(listed) => (Some(RowView::of(&app.engine, *listed).await?), None),
            Part::CameBack(it) => (None, Some(ReceivedView::from(*it))),
        };
        items.push(ConversationPart { id, at, sent, received });
    }
    Ok(Json(ConversationPage { items, next_cursor: page.next_cursor }))
}

/// Read a received message.
#[utoipa::path(get, path = "/received/{id}", operation_id = "find_received", tag = "people",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ReceivedMessage), (status = "4XX", body = Problem)))]
async fn find_received(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ReceivedId>,
) -> Result<Json<ReceivedMessage>> {
    let message = app.engine.received_message(&caller.actor, id).await?;
    Ok(Json(ReceivedMessage {
        subject: message.received.subject,
        from: CopyView { name: message.received.from_name, address: message.received.from_address },
        html: message.html,
        newly_written: message.newly_written,
        text: message.text,
        received_at: message.received.at,
    }))
}
