//! Sending, previewing, settling the uncertain.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use domain::{EmailId, PersonId, Timestamp};
use engine::emails::{Preview, Settlement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{actions::ActionView, views::RowView};
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
    version::if_match,
};

type SettlementText = Text<Settlement>;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(send_email, unsend_email))
        .routes(routes!(preview_email))
        .routes(routes!(settle_email))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SendInput {
    /// When to send; absent: now, after the undo window.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
struct Queued {
    email: RowView,
    /// Delete it to take the sending back.
    action: ActionView,
}

#[derive(Serialize, ToSchema)]
struct Settled {
    email: RowView,
    /// Delete it to take back what was said: nobody knows again whether the email arrived.
    action: ActionView,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PreviewInput {
    /// Whose values to use instead of those of the person in To.
    #[schema(value_type = Option<uuid::Uuid>)]
    person_id: Option<PersonId>,
}

/// An email as its person would receive it.
#[derive(Serialize, ToSchema)]
#[schema(as = Preview)]
struct PreviewView {
    subject: String,
    html: String,
    text: String,
    /// Dynamic fields without a value and without a default.
    unresolved: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettlementInput {
    outcome: SettlementText,
}

/// Send or schedule a draft.
#[utoipa::path(post, path = "/emails/{id}/sending", operation_id = "send_email", tag = "emails",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "the version sent")),
    request_body = SendInput,
    responses((status = 200, body = Queued), (status = "4XX", body = Problem)))]
async fn send_email(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EmailId>,
    headers: HeaderMap,
    Json(input): Json<SendInput>,
) -> Result<Json<Queued>> {
    let version = if_match(&headers)?;
    let (listed, action) = app.engine.send(&caller.actor, id, version, input.at).await?;
    Ok(Json(Queued { email: RowView::of(&app.engine, listed).await?, action: action.into() }))
}

/// Take back what sends an email.
///
/// As long as it waits: a draft that was sent is a draft again; what was sent once more is undelivered or uncertain as before,
/// and what was to go at another time waits for that.
#[utoipa::path(delete, path = "/emails/{id}/sending", operation_id = "unsend_email", tag = "emails",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = RowView), (status = "4XX", body = Problem)))]
async fn unsend_email(State(app): State<App>, caller: Caller, Path(id): Path<EmailId>) -> Result<Json<RowView>> {
    let listed = app.engine.unsend(&caller.actor, id).await?;
    Ok(Json(RowView::of(&app.engine, listed).await?))
}

/// Preview an email with a person's values.
#[utoipa::path(post, path = "/emails/{id}/preview", operation_id = "preview_email", tag = "emails",
    params(("id" = uuid::Uuid, Path)), request_body = PreviewInput,
    responses((status = 200, body = PreviewView), (status = "4XX", body = Problem)))]
async fn preview_email(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EmailId>,
    Json(input): Json<PreviewInput>,
) -> Result<Json<PreviewView>> {
    let Preview { subject, html, text, unresolved } = app.engine.preview(&caller.actor, id, input.person_id).await?;
    Ok(Json(PreviewView { subject, html, text, unresolved }))
}

/// Settle an email of which nobody knows whether it arrived.
///
/// `send_again` queues it once more, after the undo window; its recipient may get it twice.
#[utoipa::path(post, path = "/emails/{id}/uncertain", operation_id = "settle_email", tag = "emails",
    params(("id" = uuid::Uuid, Path)), request_body = SettlementInput,
    responses((status = 200, body = Settled), (status = "4XX", body = Problem)))]
async fn settle_email(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EmailId>,
    Json(input): Json<SettlementInput>,
) -> Result<Json<Settled>> {
    let (listed, action) = app.engine.settle_uncertain(&caller.actor, id, input.outcome.0).await?;
    Ok(Json(Settled { email: RowView::of(&app.engine, listed).await?, action: action.into() }))
}
