//! Signing in and out, and what somebody signed in sees of themselves.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::{UserId, WorkspaceId, authorization::Actor};
use engine::accounts::{NamedUser, Profile, SignedIn, Warning};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::members::RoleText;
use crate::{
    app::App,
    caller::{Caller, Visitor},
    problem::{Problem, Result},
    text::Text,
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_session, sign_in, sign_out))
        .routes(routes!(sign_out_everywhere))
        .routes(routes!(view_as, stop_viewing))
}

type WarningText = Text<Warning>;

/// Somebody signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    user: SessionUser,
    role: RoleText,
    workspace: SessionWorkspace,
    /// Whose mail is shown instead of the user's own; nothing can be changed then.
    #[schema(required)]
    view_as: Option<UserName>,
    /// Whose mail the user may look at.
    can_view_as: Vec<UserName>,
    /// What to know before mail goes out.
    warnings: Vec<WarningText>,
    /// How large a message may become, encoded.
    max_encoded_bytes: u64,
}

/// The user's own settings.
#[derive(Debug, Serialize, ToSchema)]
struct SessionUser {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    name: String,
    email: String,
    /// An IANA name.
    time_zone: String,
    language: String,
    /// For how many seconds Send can be undone.
    undo_window_s: u32,
}

/// The workspace signed in to.
#[derive(Debug, Serialize, ToSchema)]
struct SessionWorkspace {
    #[schema(value_type = uuid::Uuid)]
    id: WorkspaceId,
    name: String,
}

/// A user by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserName {
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: UserId,
    pub(crate) name: String,
}

impl From<NamedUser> for UserName {
    fn from(user: NamedUser) -> Self {
        Self { id: user.id, name: user.name }
    }
}

impl From<Profile> for Session {
    fn from(profile: Profile) -> Self {
        let user = profile.user;
        Self {
            user: SessionUser {
                id: user.id,
                name: user.name,
                email: user.email,
                time_zone: user.time_zone,
                language: user.language,
                undo_window_s: user.undo_window_s,
            },
            role: Text(profile.role),
            workspace: SessionWorkspace { id: profile.workspace.id, name: profile.workspace.name },
            view_as: profile.view_as.map(UserName::from),
            can_view_as: profile.can_view_as.into_iter().map(UserName::from).collect(),
            warnings: profile.warnings.into_iter().map(Text).collect(),
            max_encoded_bytes: profile.max_encoded_bytes,
        }
    }
}

/// The session of `actor`.
pub(crate) async fn session_of(app: &App, actor: &Actor) -> Result<Json<Session>> {
    Ok(Json(app.engine.profile(actor).await?.into()))
}

/// The session that has just begun, with its cookie.
pub(crate) async fn begun(app: &App, signed_in: SignedIn) -> Result<Response> {
    // The server decides when a session ends; the cookie merely outlives it.
    let mut cookie = cookie(app, signed_in.token);
    cookie.make_permanent();
    let session = session_of(app, &signed_in.actor).await?;
    Ok(([(header::SET_COOKIE, cookie.to_string())], session).into_response())
}

/// No session any more.
fn ended(app: &App) -> Response {
    let mut cookie = cookie(app, String::new());
    cookie.make_removal();
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie.to_string())]).into_response()
}

fn cookie(app: &App, token: String) -> Cookie<'static> {
    let cookie = Cookie::build((app.session_cookie(), token));
    cookie.http_only(true).same_site(SameSite::Lax).path("/").secure(app.is_https()).build()
}

/// See one's session
#[utoipa::path(
    get, path = "/session", operation_id = "get_session", tag = "session",
    responses((status = 200, body = Session), (status = "4XX", body = Problem))
)]
async fn get_session(State(app): State<App>, caller: Caller) -> Result<Json<Session>> {
    session_of(&app, &caller.actor).await
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
}

/// Sign in
#[utoipa::path(
    post, path = "/session", operation_id = "sign_in", tag = "session", security(()),
    request_body = Credentials, responses((status = 200, body = Session), (status = "4XX", body = Problem))
)]
async fn sign_in(State(app): State<App>, Visitor(client): Visitor, Json(said): Json<Credentials>) -> Result<Response> {
    let signed_in = app.engine.sign_in(&said.email, &said.password, &client).await?;
    begun(&app, signed_in).await
}

/// Sign out
#[utoipa::path(
    delete, path = "/session", operation_id = "sign_out", tag = "session", security(("session" = [])),
    responses((status = 204), (status = "4XX", body = Problem))
)]
async fn sign_out(State(app): State<App>, caller: Caller) -> Result<Response> {
    app.engine.sign_out(&caller.actor, caller.session()?).await?;
    Ok(ended(&app))
}

/// Sign out everywhere
#[utoipa::path(
    delete, path = "/sessions", operation_id = "sign_out_everywhere", tag = "session", security(("session" = [])),
    responses((status = 204), (status = "4XX", body = Problem))
)]
async fn sign_out_everywhere(State(app): State<App>, caller: Caller) -> Result<Response> {
    caller.session()?;
    app.engine.sign_out_everywhere(&caller.actor).await?;
    Ok(ended(&app))
}

/// Whom to view as.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ViewAs {
    #[schema(value_type = uuid::Uuid)]
    user_id: UserId,
}

/// View as another user
///
/// Shows that user's mail and changes nothing, until it ends; it is recorded.
#[utoipa::path(
    put, path = "/session/view-as", operation_id = "view_as", tag = "session", security(("session" = [])),
    request_body = ViewAs, responses((status = 200, body = Session), (status = "4XX", body = Problem))
)]
async fn view_as(State(app): State<App>, caller: Caller, Json(said): Json<ViewAs>) -> Result<Json<Session>> {
    let actor = app.engine.view_as(&caller.actor, caller.session()?, said.user_id).await?;
    session_of(&app, &actor).await
}

/// Stop viewing as another user
#[utoipa::path(
    delete, path = "/session/view-as", operation_id = "stop_viewing", tag = "session", security(("session" = [])),
    responses((status = 200, body = Session), (status = "4XX", body = Problem))
)]
async fn stop_viewing(State(app): State<App>, caller: Caller) -> Result<Json<Session>> {
    let actor = app.engine.stop_viewing(&caller.actor, caller.session()?).await?;
    session_of(&app, &actor).await
}
