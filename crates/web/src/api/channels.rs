//! Delivery channels.

mod feedback;
mod limits;
mod presets;
mod test;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    ChannelId, Timestamp,
    channel::{Auth, Security},
    limits::Limits,
    reasons::PauseReason,
    text_enum,
};
use engine::channels::{ChannelChange, ChannelView, OauthGrant, Pause};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use feedback::NewsText;
use limits::ChannelLimits;

use super::session::UserName;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
    version::{if_match, tagged},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_channels, create_channel))
        .routes(routes!(get_channel, edit_channel, delete_channel))
        .routes(routes!(pause_channel, resume_channel))
        .merge(feedback::routes())
        .merge(presets::routes())
        .merge(test::routes())
}

text_enum!(
    /// Whether a channel sends.
    ChannelState {
        /// It does.
        Active = "active",
        /// Its mail waits.
        Paused = "paused",
    }
);

type AuthText = Text<Auth>;
type ChannelStateText = Text<ChannelState>;
type PauseReasonText = Text<PauseReason>;
type SecurityText = Text<Security>;

/// A delivery channel. What it signs in with is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Channel {
    #[schema(value_type = uuid::Uuid)]
    id: ChannelId,
    version: i64,
    name: String,
    /// Whose it is; null for a team channel, which everybody may use.
    #[schema(required)]
    owner: Option<UserName>,
    host: String,
    port: u16,
    security: SecurityText,
    auth: AuthText,
    #[schema(required)]
    username: Option<String>,
    /// Whether a password or a grant is kept.
    has_secret: bool,
    limits: ChannelLimits,
    state: ChannelStateText,
    #[schema(required)]
    paused: Option<ChannelPause>,
    /// Attempts that count on the channel's day: in the last twenty-four hours, or since its reset.
    used_today: u32,
    /// Emails that wait for it.
    waiting: u64,
    /// What becomes known of its mail after the server took it; a refusal at once always does.
    hears_of: Vec<NewsText>,
    /// Whether the caller may change it.
    editable: bool,
}

/// Why a channel does not send.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelPause {
    reason: PauseReasonText,
    /// The server's words; of `restored` the moment at which the backup was taken, RFC 3339.
    #[schema(required)]
    server_text: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// When it goes on by itself; null when somebody has to do something first.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// After a restore, emails that are due and leave as soon as it goes on, as far as its limits let them; else 0.
    due: u64,
}

/// The channels one can send through.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelList {
    items: Vec<Channel>,
}

/// A channel as somebody describes it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelInput {
    name: String,
    /// Whether everybody may use it; only administrators make those.
    team: bool,
    host: String,
    port: i64,
    security: SecurityText,
    auth: AuthText,
    username: Option<String>,
    password: Option<String>,
    oauth: Option<OauthInput>,
    limits: ChannelLimits,
}

/// What an access token is renewed with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OauthInput {
    client_id: String,
    #[serde(default)]
    client_secret: String,
    refresh_token: String,
    /// https, or http on the server's own machine.
    token_url: String,
}

/// What changes about a channel; absent fields stay. A channel with another host needs its secret again. Whether it is
/// the team's cannot change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelEdit {
    name: Option<String>,
    host: Option<String>,
    port: Option<i64>,
    security: Option<SecurityText>,
    auth: Option<AuthText>,
    username: Option<String>,
    password: Option<String>,
    oauth: Option<OauthInput>,
    limits: Option<ChannelLimits>,
}

impl From<ChannelView> for Channel {
    fn from(view: ChannelView) -> Self {
        let ChannelView { channel, owner, pause, used_today, waiting, due, hears_of, editable } = view;
        Self {
            id: channel.id,
            version: channel.version,
            limits: channel.limits().into(),
            name: channel.name,
            owner: owner.map(|(id, name)| UserName { id, name }),
            host: channel.host,
            port: channel.port,
            security: Text(channel.security),
            auth: Text(channel.auth),
            username: channel.username,
            has_secret: channel.secret.is_some(),
            state: Text(if pause.is_some() { ChannelState::Paused } else { ChannelState::Active }),
            paused: pause.map(|pause| ChannelPause::of(pause, due)),
            used_today,
            waiting,
            hears_of: hears_of.into_iter().map(Text).collect(),
            editable,
        }
    }
}

impl ChannelPause {
    fn of(pause: Pause, due: u64) -> Self {
        Self { reason: Text(pause.reason), server_text: pause.text, at: pause.at, until: pause.until, due }
    }
}

impl From<OauthInput> for OauthGrant {
    fn from(grant: OauthInput) -> Self {
        Self {
            client_id: grant.client_id,
            client_secret: grant.client_secret,
            refresh_token: grant.refresh_token,
            token_url: grant.token_url,
        }
    }
}

impl From<ChannelInput> for engine::channels::ChannelInput {
    fn from(said: ChannelInput) -> Self {
        Self {
            name: said.name,
            team: said.team,
            host: said.host,
            port: said.port,
            security: said.security.0,
            auth: said.auth.0,
            username: said.username,
            password: said.password,
            oauth: said.oauth.map(OauthGrant::from),
            limits: said.limits.into(),
        }
    }
}

impl From<ChannelEdit> for ChannelChange {
    fn from(said: ChannelEdit) -> Self {
        Self {
            name: said.name,
            host: said.host,
            port: said.port,
            security: said.security.map(|security| security.0),
            auth: said.auth.map(|auth| auth.0),
            username: said.username,
            password: said.password,
            oauth: said.oauth.map(OauthGrant::from),
            limits: said.limits.map(Limits::from),
        }
    }
}

fn shown(view: ChannelView) -> Response {
    let version = view.channel.version;
    tagged(version, Channel::from(view))
}

/// List channels
///
/// One's own and the team's.
#[utoipa::path(
    get, path = "/channels", operation_id = "list_channels", tag = "channels",
    responses((status = 200, body = ChannelList))
)]
async fn list_channels(State(app): State<App>, caller: Caller) -> Result<Json<ChannelList>> {
    let channels = app.engine.channels(&caller.actor).await?;
    Ok(Json(ChannelList { items: channels.into_iter().map(Channel::from).collect() }))
}

/// Create a channel
///
/// Identities that have no choice use it at once.
#[utoipa::path(
    post, path = "/channels", operation_id = "create_channel", tag = "channels",
    request_body = ChannelInput, responses((status = 201, body = Channel))
)]
async fn create_channel(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<ChannelInput>,
) -> Result<(StatusCode, Response)> {
    let made = app.engine.create_channel(&caller.actor, said.into()).await?;
    Ok((StatusCode::CREATED, shown(made)))
}

/// Get a channel
#[utoipa::path(
    get, path = "/channels/{id}", operation_id = "get_channel", tag = "channels",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Channel))
)]
async fn get_channel(State(app): State<App>, caller: Caller, Path(id): Path<ChannelId>) -> Result<Response> {
    Ok(shown(app.engine.channel(&caller.actor, id).await?))
}

/// Edit a channel
///
/// New credentials let a channel go on that was paused because of the old ones.
#[utoipa::path(
    patch, path = "/channels/{id}", operation_id = "edit_channel", tag = "channels",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)), request_body = ChannelEdit,
    responses((status = 200, body = Channel), (status = 412, description = "Changed since; `current` holds the channel."))
)]
async fn edit_channel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
    headers: HeaderMap,
    Json(said): Json<ChannelEdit>,
) -> Result<Response> {
    match app.engine.change_channel(&caller.actor, id, if_match(&headers)?, said.into()).await {
        Err(conflict @ engine::Error::Changed) => {
            let current = app.engine.channel(&caller.actor, id).await?;
            Err(Problem::from(conflict).with_current(Channel::from(current)))
        }
        changed => Ok(shown(changed?)),
    }
}

/// Delete a channel
///
/// Emails that wait for it fail and say why.
#[utoipa::path(
    delete, path = "/channels/{id}", operation_id = "delete_channel", tag = "channels",
    params(("id" = uuid::Uuid, Path)), responses((status = 204))
)]
async fn delete_channel(State(app): State<App>, caller: Caller, Path(id): Path<ChannelId>) -> Result<StatusCode> {
    app.engine.delete_channel(&caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pause a channel
///
/// Its mail waits until somebody resumes it.
#[utoipa::path(
    put, path = "/channels/{id}/pause", operation_id = "pause_channel", tag = "channels",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Channel))
)]
async fn pause_channel(State(app): State<App>, caller: Caller, Path(id): Path<ChannelId>) -> Result<Response> {
    Ok(shown(app.engine.pause_channel(&caller.actor, id).await?))
}

/// Resume a paused channel
#[utoipa::path(
    delete, path = "/channels/{id}/pause", operation_id = "resume_channel", tag = "channels",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Channel))
)]
async fn resume_channel(State(app): State<App>, caller: Caller, Path(id): Path<ChannelId>) -> Result<Response> {
    Ok(shown(app.engine.resume_channel(&caller.actor, id).await?))
}
