//! Providers: what the workspace is registered as at Google and Microsoft.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{TextEnum, channel::Security, provider::MailboxProvider};
use engine::providers::{Published, Registration};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, caller::Caller, problem::Result, text::Text};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_providers)).routes(routes!(register_provider, forget_provider))
}

type MailboxProviderText = Text<MailboxProvider>;
type SecurityText = Text<Security>;

/// Every provider, registered at or not.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderList {
    /// Where providers send people back to; it is entered at the registration.
    redirect_uri: String,
    items: Vec<ProviderView>,
}

/// A provider, what it publishes, and what was entered about it.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderView {
    provider: MailboxProviderText,
    /// What goes where nothing else was entered.
    published: ProviderEndpoints,
    /// Null: not registered.
    #[schema(required)]
    registration: Option<ProviderRegistration>,
}

/// Where a provider asks, answers and keeps mail.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderEndpoints {
    authorization_url: String,
    token_url: String,
    scopes: String,
    host: String,
    port: u16,
}

/// What was entered. The secret is never shown.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderRegistration {
    client_id: String,
    has_secret: bool,
    #[schema(required)]
    authorization_url: Option<String>,
    #[schema(required)]
    token_url: Option<String>,
    #[schema(required)]
    scopes: Option<String>,
    #[schema(required)]
    host: Option<String>,
    #[schema(required)]
    port: Option<u16>,
    #[schema(required)]
    security: Option<SecurityText>,
}

/// A registration as an administrator describes it. What is absent is as the provider publishes it; an absent secret stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProviderInput {
    client_id: String,
    client_secret: Option<String>,
    authorization_url: Option<String>,
    token_url: Option<String>,
    scopes: Option<String>,
    host: Option<String>,
    port: Option<i64>,
    security: Option<SecurityText>,
}

impl From<Registration> for ProviderRegistration {
    fn from(registration: Registration) -> Self {
        Self {
            client_id: registration.client_id,
            has_secret: registration.secret.is_some(),
            authorization_url: registration.authorization_url,
            token_url: registration.token_url,
            scopes: registration.scopes,
            host: registration.host,
            port: registration.port,
            security: registration.security.map(Text),
        }
    }
}

impl From<ProviderInput> for engine::providers::ProviderInput {
    fn from(said: ProviderInput) -> Self {
        Self {
            client_id: said.client_id,
            client_secret: said.client_secret,
            authorization_url: said.authorization_url,
            token_url: said.token_url,
            scopes: said.scopes,
            host: said.host,
            port: said.port,
            security: said.security.map(|security| security.0),
        }
    }
}

fn view(provider: MailboxProvider, registration: Option<Registration>) -> ProviderView {
    let published = Published::of(provider);
    ProviderView {
        provider: Text(provider),
        published: ProviderEndpoints {
            authorization_url: published.authorization_url.to_owned(),
            token_url: published.token_url.to_owned(),
            scopes: published.scopes.to_owned(),
            host: published.host.to_owned(),
            port: published.port,
        },
        registration: registration.map(ProviderRegistration::from),
    }
}

/// The provider that a path names.
fn named(name: &str) -> engine::Result<MailboxProvider> {
    name.parse().map_err(|_| engine::Error::NotFound)
}

/// List the providers
#[utoipa::path(
    get, path = "/providers", operation_id = "list_providers", tag = "mailboxes",
    responses((status = 200, body = ProviderList))
)]
async fn list_providers(State(app): State<App>, caller: Caller) -> Result<Json<ProviderList>> {
    let registered = app.engine.registrations(&caller.actor).await?;
    let of = |provider| registered.iter().find(|registration| registration.provider == provider).cloned();
    let items = MailboxProvider::ALL.iter().map(|provider| view(*provider, of(*provider))).collect();
    Ok(Json(ProviderList { redirect_uri: app.engine.redirect_uri(), items }))
}

/// Enter what the workspace is registered as at a provider
#[utoipa::path(
    put, path = "/providers/{provider}", operation_id = "register_provider", tag = "mailboxes",
    params(("provider" = MailboxProviderText, Path)), request_body = ProviderInput,
    responses((status = 200, body = ProviderView))
)]
async fn register_provider(
    State(app): State<App>,
    caller: Caller,
    Path(provider): Path<String>,
    Json(said): Json<ProviderInput>,
) -> Result<Json<ProviderView>> {
    let provider = named(&provider)?;
    let saved = app.engine.register_provider(&caller.actor, provider, said.into()).await?;
    Ok(Json(view(provider, Some(saved))))
}

/// Forget a registration
///
/// Mailboxes that were connected with it say so, and can be connected again.
#[utoipa::path(
    delete, path = "/providers/{provider}", operation_id = "forget_provider", tag = "mailboxes",
    params(("provider" = MailboxProviderText, Path)), responses((status = 204))
)]
async fn forget_provider(State(app): State<App>, caller: Caller, Path(provider): Path<String>) -> Result<StatusCode> {
    app.engine.forget_provider(&caller.actor, named(&provider)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
