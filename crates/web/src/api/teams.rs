//! Teams of members.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{TeamId, UserId};
use engine::accounts::TeamWithMembers;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::session::UserName;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_teams, create_team))
        .routes(routes!(rename_team, delete_team))
        .routes(routes!(add_to_team, remove_from_team))
}

/// A team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Team {
    #[schema(value_type = uuid::Uuid)]
    id: TeamId,
    name: String,
    /// Its active members by name.
    members: Vec<UserName>,
}

/// All teams by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamList {
    items: Vec<Team>,
}

impl From<TeamWithMembers> for Team {
    fn from(TeamWithMembers { team, members }: TeamWithMembers) -> Self {
        Self { id: team.id, name: team.name, members: members.into_iter().map(UserName::from).collect() }
    }
}

/// What a team is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamInput {
    name: String,
}

/// List teams
#[utoipa::path(
    get, path = "/teams", operation_id = "list_teams", tag = "teams",
    responses((status = 200, body = TeamList), (status = "4XX", body = Problem))
)]
async fn list_teams(State(app): State<App>, caller: Caller) -> Result<Json<TeamList>> {
    let teams = app.engine.teams(&caller.actor).await?;
    Ok(Json(TeamList { items: teams.into_iter().map(Team::from).collect() }))
}

/// Create a team
#[utoipa::path(
    post, path = "/teams", operation_id = "create_team", tag = "teams",
    request_body = TeamInput, responses((status = 201, body = Team), (status = "4XX", body = Problem))
)]
async fn create_team(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<TeamInput>,
) -> Result<(StatusCode, Json<Team>)> {
    let id = app.engine.create_team(&caller.actor, &said.name).await?;
    Ok((StatusCode::CREATED, show(&app, &caller, id).await?))
}

/// Rename a team
#[utoipa::path(
    patch, path = "/teams/{id}", operation_id = "rename_team", tag = "teams",
    params(("id" = uuid::Uuid, Path)), request_body = TeamInput, responses((status = 200, body = Team), (status = "4XX", body = Problem))
)]
async fn rename_team(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<TeamId>,
    Json(said): Json<TeamInput>,
) -> Result<Json<Team>> {
    app.engine.rename_team(&caller.actor, id, &said.name).await?;
    show(&app, &caller, id).await
}

/// Delete a team
///
/// Its members stay in the workspace.
#[utoipa::path(
    delete, path = "/teams/{id}", operation_id = "delete_team", tag = "teams",
    params(("id" = uuid::Uuid, Path)), responses((status = 204), (status = "4XX", body = Problem))
)]
async fn delete_team(State(app): State<App>, caller: Caller, Path(id): Path<TeamId>) -> Result<StatusCode> {
    app.engine.delete_team(&caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a member into a team
#[utoipa::path(
    put, path = "/teams/{id}/members/{user_id}", operation_id = "add_to_team", tag = "teams",
    params(("id" = uuid::Uuid, Path), ("user_id" = uuid::Uuid, Path)), responses((status = 200, body = Team), (status = "4XX", body = Problem))
)]
async fn add_to_team(
    State(app): State<App>,
    caller: Caller,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<Json<Team>> {
    app.engine.add_to_team(&caller.actor, id, user).await?;
    show(&app, &caller, id).await
}

/// Take a member out of a team
#[utoipa::path(
    delete, path = "/teams/{id}/members/{user_id}", operation_id = "remove_from_team", tag = "teams",
    params(("id" = uuid::Uuid, Path), ("user_id" = uuid::Uuid, Path)), responses((status = 200, body = Team), (status = "4XX", body = Problem))
)]
async fn remove_from_team(
    State(app): State<App>,
    caller: Caller,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<Json<Team>> {
    app.engine.remove_from_team(&caller.actor, id, user).await?;
    show(&app, &caller, id).await
}

async fn show(app: &App, caller: &Caller, id: TeamId) -> Result<Json<Team>> {
    Ok(Json(app.engine.team(&caller.actor, id).await?.into()))
}
