//! Members of the workspace.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{TeamId, Timestamp, UserId, authorization::Role, text_enum};
use engine::accounts::{Handed, MemberInTeams, NamedTeam};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_members))
        .routes(routes!(change_role))
        .routes(routes!(deactivate_member, reactivate_member))
        .routes(routes!(reset_member_password))
}

text_enum!(
    /// Whether a member may sign in.
    MemberState {
        /// They may.
        Active = "active",
        /// No more.
        Deactivated = "deactivated",
    }
);

/// A role, as the API spells it.
pub(super) type RoleText = Text<Role>;
type StateText = Text<MemberState>;

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    #[schema(value_type = uuid::Uuid)]
    id: UserId,
    name: String,
    email: String,
    role: RoleText,
    state: StateText,
    teams: Vec<TeamName>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// All members by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberList {
    items: Vec<Member>,
}

/// A team by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamName {
    #[schema(value_type = uuid::Uuid)]
    id: TeamId,
    name: String,
}

impl From<NamedTeam> for TeamName {
    fn from(team: NamedTeam) -> Self {
        Self { id: team.id, name: team.name }
    }
}

impl From<MemberInTeams> for Member {
    fn from(MemberInTeams { member, teams }: MemberInTeams) -> Self {
        let state = if member.deactivated_at.is_none() { MemberState::Active } else { MemberState::Deactivated };
        Self {
            id: member.user_id,
            name: member.name,
            email: member.email,
            role: Text(member.role),
            state: Text(state),
            teams: teams.into_iter().map(TeamName::from).collect(),
            last_seen_at: member.last_seen_at,
            created_at: member.created_at,
        }
    }
}

/// List members
#[utoipa::path(
    get, path = "/members", operation_id = "list_members", tag = "members",
    responses((status = 200, body = MemberList), (status = "4XX", body = Problem))
)]
async fn list_members(State(app): State<App>, caller: Caller) -> Result<Json<MemberList>> {
    let members = app.engine.members(&caller.actor).await?;
    Ok(Json(MemberList { items: members.into_iter().map(Member::from).collect() }))
}

/// The role to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleInput {
    role: RoleText,
}

/// Change a member's role
#[utoipa::path(
    patch, path = "/members/{id}", operation_id = "change_role", tag = "members",
    params(("id" = uuid::Uuid, Path)), request_body = RoleInput, responses((status = 200, body = Member), (status = "4XX", body = Problem))
)]
async fn change_role(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(said): Json<RoleInput>,
) -> Result<Json<Member>> {
    app.engine.change_role(&caller.actor, id, said.role.0).await?;
    Ok(Json(app.engine.member(&caller.actor, id).await?.into()))
}

/// Who takes over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeactivationInput {
    #[schema(value_type = uuid::Uuid)]
    hand_over_to: UserId,
}

/// Deactivate a member
///
/// Ends their sessions and tokens. Their mail and people go to another member; what was scheduled becomes drafts.
#[utoipa::path(
    post, path = "/members/{id}/deactivation", operation_id = "deactivate_member", tag = "members",
    params(("id" = uuid::Uuid, Path)), request_body = DeactivationInput, responses((status = 200, body = Member), (status = "4XX", body = Problem))
)]
async fn deactivate_member(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    Json(said): Json<DeactivationInput>,
) -> Result<Json<Member>> {
    app.engine.deactivate(&caller.actor, id, said.hand_over_to).await?;
    Ok(Json(app.engine.member(&caller.actor, id).await?.into()))
}

/// Reactivate a member
#[utoipa::path(
    delete, path = "/members/{id}/deactivation", operation_id = "reactivate_member", tag = "members",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Member), (status = "4XX", body = Problem))
)]
async fn reactivate_member(State(app): State<App>, caller: Caller, Path(id): Path<UserId>) -> Result<Json<Member>> {
    app.engine.reactivate(&caller.actor, id).await?;
    Ok(Json(app.engine.member(&caller.actor, id).await?.into()))
}

/// A link on its way to a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandedLink {
    /// To be handed over, unless it was mailed.
    #[schema(required)]
    link: Option<String>,
    mailed: bool,
}

impl From<Handed> for HandedLink {
    fn from(handed: Handed) -> Self {
        Self { link: handed.link, mailed: handed.mailed }
    }
}

/// Reset a member's password
///
/// A link by which they choose a new one: mailed through the system channel, or shown here when there is none.
#[utoipa::path(
    post, path = "/members/{id}/password-reset", operation_id = "reset_member_password", tag = "members",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = HandedLink), (status = "4XX", body = Problem))
)]
async fn reset_member_password(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
) -> Result<Json<HandedLink>> {
    Ok(Json(app.engine.reset_member_password(&caller.actor, id).await?.into()))
}
