//! Invitations to the workspace.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{InvitationId, TeamId, Timestamp};
use engine::accounts::{Acceptance, InvitationToTeams};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    members::{HandedLink, RoleText, TeamName},
    session::{Session, begun},
};
use crate::{
    app::App,
    caller::{Caller, Visitor},
    problem::{Problem, Result},
    text::Text,
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_invitations, invite))
        .routes(routes!(withdraw_invitation))
        .routes(routes!(look_up_invitation))
        .routes(routes!(accept_invitation))
}

/// An invitation that waits for an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    #[schema(value_type = uuid::Uuid)]
    id: InvitationId,
    email: String,
    role: RoleText,
    teams: Vec<TeamName>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// All invitations, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationList {
    items: Vec<Invitation>,
}

/// An invitation that was just made, and its link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewInvitation {
    #[serde(flatten)]
    invitation: Invitation,
    #[serde(flatten)]
    handed: HandedLink,
}

impl From<InvitationToTeams> for Invitation {
    fn from(InvitationToTeams { invitation, teams }: InvitationToTeams) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            role: Text(invitation.role),
            teams: teams.into_iter().map(TeamName::from).collect(),
            expires_at: invitation.expires_at,
            created_at: invitation.created_at,
        }
    }
}

/// List invitations
#[utoipa::path(
    get, path = "/invitations", operation_id = "list_invitations", tag = "invitations",
    responses((status = 200, body = InvitationList), (status = "4XX", body = Problem))
)]
async fn list_invitations(State(app): State<App>, caller: Caller) -> Result<Json<InvitationList>> {
    let invitations = app.engine.invitations(&caller.actor).await?;
    Ok(Json(InvitationList { items: invitations.into_iter().map(Invitation::from).collect() }))
}

/// Whom to invite, and as what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationInput {
    email: String,
    role: RoleText,
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>)]
    team_ids: Vec<TeamId>,
}

/// Invite somebody
///
/// The link is mailed through the system channel, or shown here when there is none. It takes the place of an earlier one to
/// the same address.
#[utoipa::path(
    post, path = "/invitations", operation_id = "invite", tag = "invitations",
    request_body = InvitationInput, responses((status = 201, body = NewInvitation), (status = "4XX", body = Problem))
)]
async fn invite(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<InvitationInput>,
) -> Result<(StatusCode, Json<NewInvitation>)> {
    let (made, handed) = app.engine.invite(&caller.actor, &said.email, said.role.0, said.team_ids).await?;
    Ok((StatusCode::CREATED, Json(NewInvitation { invitation: made.into(), handed: handed.into() })))
}

/// Withdraw an invitation
#[utoipa::path(
    delete, path = "/invitations/{id}", operation_id = "withdraw_invitation", tag = "invitations",
    params(("id" = uuid::Uuid, Path)), responses((status = 204), (status = "4XX", body = Problem))
)]
async fn withdraw_invitation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode> {
    app.engine.withdraw_invitation(&caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The link's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationToken {
    token: String,
}

/// Whom a link invites, and into what.
#[derive(Debug, Serialize, ToSchema)]
struct InvitationPreview {
    email: String,
    workspace_name: String,
}

/// Look an invitation up by its link
#[utoipa::path(
    post, path = "/invitations/lookup", operation_id = "look_up_invitation", tag = "invitations", security(()),
    request_body = InvitationToken, responses((status = 200, body = InvitationPreview), (status = "4XX", body = Problem))
)]
async fn look_up_invitation(
    State(app): State<App>,
    Json(said): Json<InvitationToken>,
) -> Result<Json<InvitationPreview>> {
    let (email, workspace_name) = app.engine.look_up_invitation(&said.token).await?;
    Ok(Json(InvitationPreview { email, workspace_name }))
}

/// What somebody invited says about themselves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptanceInput {
    token: String,
    name: String,
    /// A new one, or that of the account the address has already.
    password: String,
    /// An IANA name.
    time_zone: String,
}

/// Accept an invitation
#[utoipa::path(
    post, path = "/invitations/accept", operation_id = "accept_invitation", tag = "invitations", security(()),
    request_body = AcceptanceInput, responses((status = 200, body = Session), (status = "4XX", body = Problem))
)]
async fn accept_invitation(
    State(app): State<App>,
    Visitor(client): Visitor,
    Json(said): Json<AcceptanceInput>,
) -> Result<Response> {
    let AcceptanceInput { token, name, password, time_zone } = said;
    let signed_in = app.engine.accept_invitation(&Acceptance { token, name, password, time_zone }, &client).await?;
    begun(&app, signed_in).await
}
