//! The words with the unsubscribe link, and whether every email ends with them.

use axum::{Json, extract::State, http::HeaderMap, http::StatusCode, response::Response};
use domain::stops::Wording;
use engine::unsubscribe::{MessageChange, MessageSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
    version::{if_match, tagged},
};

type WordingText = Text<Wording>;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_unsubscribe_message, edit_unsubscribe_message))
        .routes(routes!(edit_own_unsubscribe_message))
}

/// The words with the unsubscribe link.
#[derive(Debug, Serialize, ToSchema)]
struct UnsubscribeMessage {
    version: i64,
    /// Whether every email ends with them, unless `{{team_unsubscribe}}` puts them elsewhere.
    appended: bool,
    /// Who writes them.
    wording: WordingText,
    /// The administrator's words, or those the product comes with.
    html: String,
    /// What the caller wrote for their own mail; empty: the words above.
    own_html: String,
}

/// What changes; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnsubscribeMessageEdit {
    appended: Option<bool>,
    wording: Option<WordingText>,
    /// At most 10,000 bytes. The first link becomes the recipient's own, whatever it is; without a link the whole becomes
    /// one. Empty: the words the product comes with.
    html: Option<String>,
}

/// One's own words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnUnsubscribeMessage {
    /// As in the settings; empty: the words of the workspace.
    html: String,
}

impl From<MessageSettings> for UnsubscribeMessage {
    fn from(settings: MessageSettings) -> Self {
        let MessageSettings { version, appended, wording, html, own_html } = settings;
        Self { version, appended, wording: Text(wording), html, own_html }
    }
}

async fn current(app: &App, caller: &Caller) -> Result<UnsubscribeMessage> {
    Ok(app.engine.unsubscribe_message(&caller.actor).await?.into())
}

/// Get the words with the unsubscribe link
#[utoipa::path(
    get, path = "/unsubscribe-message", operation_id = "get_unsubscribe_message", tag = "stops",
    responses((status = 200, body = UnsubscribeMessage))
)]
async fn get_unsubscribe_message(State(app): State<App>, caller: Caller) -> Result<Response> {
    let message = current(&app, &caller).await?;
    Ok(tagged(message.version, message))
}

/// Edit the words with the unsubscribe link
///
/// Administrators only.
#[utoipa::path(
    patch, path = "/unsubscribe-message", operation_id = "edit_unsubscribe_message", tag = "stops",
    params(("If-Match" = String, Header)), request_body = UnsubscribeMessageEdit,
    responses((status = 200, body = UnsubscribeMessage), (status = 412, description = "Changed since; `current` holds it."))
)]
async fn edit_unsubscribe_message(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(said): Json<UnsubscribeMessageEdit>,
) -> Result<Response> {
    let UnsubscribeMessageEdit { appended, wording, html } = said;
    let change = MessageChange { appended, wording: wording.map(|it| it.0), html };
    let done = app.engine.change_unsubscribe_message(&caller.actor, if_match(&headers)?, change).await;
    if let Err(engine::Error::Changed) = done {
        return Err(Problem::from(engine::Error::Changed).with_current(current(&app, &caller).await?));
    }
    done?;
    let message = current(&app, &caller).await?;
    Ok(tagged(message.version, message))
}

/// Write one's own words
///
/// 409 with the reason `admin_writes` while an administrator writes them for everybody.
#[utoipa::path(
    put, path = "/unsubscribe-message/own", operation_id = "edit_own_unsubscribe_message", tag = "stops",
    request_body = OwnUnsubscribeMessage,
    responses((status = 204), (status = "4XX", body = Problem))
)]
async fn edit_own_unsubscribe_message(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<OwnUnsubscribeMessage>,
) -> Result<StatusCode> {
    app.engine.change_own_unsubscribe_message(&caller.actor, &said.html).await?;
    Ok(StatusCode::NO_CONTENT)
}
