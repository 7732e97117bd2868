//! Connecting a mailbox by a consent given at its provider.

use axum::{Json, extract::State, response::Response};
use domain::{MailboxId, provider::MailboxProvider};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Mailbox, shown};
use crate::{app::App, caller::Caller, problem::Result, text::Text};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_usable_providers))
        .routes(routes!(ask_consent))
        .routes(routes!(take_consent))
}

type MailboxProviderText = Text<MailboxProvider>;

/// The providers that mailboxes can be connected with.
#[derive(Debug, Serialize, ToSchema)]
struct UsableProviders {
    items: Vec<MailboxProviderText>,
}

/// With whom a mailbox is to be connected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentQuestion {
    provider: MailboxProviderText,
    /// The mailbox that is connected again; without one it is another.
    #[schema(value_type = Option<uuid::Uuid>)]
    mailbox_id: Option<MailboxId>,
}

/// Where somebody is asked for their consent.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentPlace {
    url: String,
}

/// What somebody came back with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsentGiven {
    state: String,
    code: String,
}

/// List the providers that mailboxes can be connected with
#[utoipa::path(
    get, path = "/mailboxes/providers", operation_id = "list_usable_providers", tag = "mailboxes",
    responses((status = 200, body = UsableProviders))
)]
async fn list_usable_providers(State(app): State<App>, caller: Caller) -> Result<Json<UsableProviders>> {
    let items = app.engine.usable_providers(&caller.actor).await?;
    Ok(Json(UsableProviders { items: items.into_iter().map(Text).collect() }))
}

/// Begin to connect a mailbox
///
/// Answers where to send the browser. It comes back to `/oauth/callback` with a state that is good for fifteen minutes, in
/// the same session only. Not with an API token.
#[utoipa::path(
    post, path = "/mailboxes/consent", operation_id = "ask_consent", tag = "mailboxes",
    request_body = ConsentQuestion, responses((status = 200, body = ConsentPlace))
)]
async fn ask_consent(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<ConsentQuestion>,
) -> Result<Json<ConsentPlace>> {
    let (session, provider) = (caller.session()?, said.provider.0);
    let url = app.engine.ask_consent(&caller.actor, session, provider, said.mailbox_id).await?;
    Ok(Json(ConsentPlace { url }))
}

/// Connect the mailbox that was consented to
///
/// The one it began with, the one that exists for the account, or a new one.
#[utoipa::path(
    post, path = "/mailboxes/consent/code", operation_id = "take_consent", tag = "mailboxes",
    request_body = ConsentGiven, responses((status = 200, body = Mailbox))
)]
async fn take_consent(State(app): State<App>, caller: Caller, Json(said): Json<ConsentGiven>) -> Result<Response> {
    let connected = app.engine.take_consent(&caller.actor, caller.session()?, &said.state, &said.code).await?;
    Ok(shown(connected))
}
