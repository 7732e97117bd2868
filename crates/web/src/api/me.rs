//! One's own profile and password.

use axum::{Json, extract::State, http::StatusCode};
use engine::accounts::ProfileChange;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::session::{Session, session_of};
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(change_profile)).routes(routes!(change_password))
}

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProfileInput {
    name: Option<String>,
    /// An IANA name.
    time_zone: Option<String>,
    language: Option<String>,
    /// 0 to 120.
    undo_window_s: Option<i64>,
}

/// Change one's profile
#[utoipa::path(
    patch, path = "/me", operation_id = "change_profile", tag = "me",
    request_body = ProfileInput, responses((status = 200, body = Session), (status = "4XX", body = Problem))
)]
async fn change_profile(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<ProfileInput>,
) -> Result<Json<Session>> {
    let change = ProfileChange {
        name: said.name,
        time_zone: said.time_zone,
        language: said.language,
        undo_window_s: said.undo_window_s,
    };
    app.engine.change_profile(&caller.actor, &change).await?;
    session_of(&app, &caller.actor).await
}

/// The password in use and the one to come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordInput {
    current: String,
    new: String,
}

/// Change one's password
///
/// All other sessions end.
#[utoipa::path(
    put, path = "/me/password", operation_id = "change_password", tag = "me", security(("session" = [])),
    request_body = PasswordInput, responses((status = 204), (status = "4XX", body = Problem))
)]
async fn change_password(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<PasswordInput>,
) -> Result<StatusCode> {
    app.engine.change_password(&caller.actor, caller.session()?, &said.current, &said.new).await?;
    Ok(StatusCode::NO_CONTENT)
}
