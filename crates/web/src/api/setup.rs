//! The first administrator.

use axum::{Json, extract::State, response::Response};
use engine::accounts::FirstAdministrator;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::session::{Session, begun};
use crate::{
    app::App,
    caller::Visitor,
    problem::{Problem, Result},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_setup, set_up))
}

/// Whether there is anybody yet.
#[derive(Debug, Serialize, ToSchema)]
struct Setup {
    /// There is no user yet.
    needed: bool,
}

/// See whether setting up is needed
#[utoipa::path(
    get, path = "/setup", operation_id = "get_setup", tag = "setup", security(()),
    responses((status = 200, body = Setup), (status = "4XX", body = Problem))
)]
async fn get_setup(State(app): State<App>) -> Result<Json<Setup>> {
    Ok(Json(Setup { needed: app.engine.needs_setup().await? }))
}

/// The first administrator's words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetupInput {
    /// What the terminal printed.
    token: String,
    name: String,
    email: String,
    password: String,
    workspace_name: String,
    /// An IANA name.
    time_zone: String,
}

/// Become the first administrator
#[utoipa::path(
    post, path = "/setup", operation_id = "set_up", tag = "setup", security(()),
    request_body = SetupInput, responses((status = 200, body = Session), (status = "4XX", body = Problem))
)]
async fn set_up(State(app): State<App>, Visitor(client): Visitor, Json(said): Json<SetupInput>) -> Result<Response> {
    let first = FirstAdministrator {
        token: said.token,
        name: said.name,
        email: said.email,
        password: said.password,
        workspace_name: said.workspace_name,
        time_zone: said.time_zone,
    };
    let signed_in = app.engine.set_up(&first, &client).await?;
    begun(&app, signed_in).await
}
