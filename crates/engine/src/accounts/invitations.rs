//! Invitations: a link by which somebody becomes a member.

use domain::{
    EmailAddress, InvitationId, TeamId,
    authorization::{Action, Actor, Role},
    input::{Code, Invalid},
    time::DAY,
};
use serde_json::json;
use store::{
    Tx,
    invitations::{self, Invitation},
    members::{self, Member},
    teams, users, workspaces,
};

use super::{
    Handed,
    attempts::Attempt,
    audit::{AuditAction, Target},
    members::NamedTeam,
    sessions::{Client, SignedIn},
    setup::NewUser,
};
use crate::{Engine, Error, Result, faults::Faults, notices::Notice, random};

/// How many days an invitation can be accepted.
const LIFETIME_DAYS: u32 = 7;

/// An invitation and the teams it leads to.
#[derive(Debug, Clone)]
pub struct InvitationToTeams {
    /// It.
    pub invitation: Invitation,
    /// The teams, as far as they still exist.
    pub teams: Vec<NamedTeam>,
}

/// What somebody invited says about themselves.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The token of the link.
    pub token: String,
    /// Their name.
    pub name: String,
    /// A new password, or that of the account they have already.
    pub password: String,
    /// Their time zone.
    pub time_zone: String,
}

impl Engine {
    /// The invitations that wait for an answer, too old ones as well, so that they can be renewed.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn invitations(&self, actor: &Actor) -> Result<Vec<InvitationToTeams>> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().read().await?;
        let found = invitations::list(&mut tx, actor.workspace).await?;
        let teams = teams::list(&mut tx, actor.workspace).await?;
        let named = |invitation: Invitation| {
            let wanted = teams.iter().filter(|team| invitation.team_ids.contains(&team.id));
            let teams = wanted.map(|team| NamedTeam { id: team.id, name: team.name.clone() }).collect();
            InvitationToTeams { invitation, teams }
        };
        Ok(found.into_iter().map(named).collect())
    }

    /// Invites somebody; an earlier invitation of theirs is worth nothing from here on.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] also when they are a member or a team does not exist.
    pub async fn invite(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
        team_ids: Vec<TeamId>,
    ) -> Result<(InvitationToTeams, Handed)> {
        self.allow(actor, Action::AdministerMembers)?;
        let email = EmailAddress::parse("email", email)?.normalised();
        let secret = self.random().secret();
        let mut tx = self.db().begin().await?;
        let teams = existing_teams(&mut tx, actor, &team_ids).await?;
        if members::list(&mut tx, actor.workspace).await?.iter().any(|member| member.email == email) {
            return Err(Invalid::new("email", Code::Taken).into());
        }
        let invitation = Invitation {
            workspace_id: actor.workspace,
            id: self.new_id(),
            email,
            role,
            team_ids,
            token_hash: secret.hash,
            created_at: self.now(),
            expires_at: self.now().plus(DAY * i64::from(LIFETIME_DAYS)),
        };
        invitations::replace(&mut tx, &invitation).await?;
        let after = Some(json!({ "email": invitation.email, "role": role, "team_ids": invitation.team_ids }));
        self.record(&mut tx, actor, AuditAction::Invited, Target::Invitation(invitation.id), None, after).await?;
        let inviter = users::find(&mut tx, actor.user).await?.name;
        let workspace = workspaces::find(&mut tx, actor.workspace).await?.name;
        tx.commit().await?;
        let link = format!("{}/invitation#token={}", self.settings().public_url, secret.shown);
        let notice = Notice::Invitation { inviter, workspace, days: LIFETIME_DAYS, link: link.clone() };
        let handed = self.hand(actor.workspace, &invitation.email, link, notice).await;
        Ok((InvitationToTeams { invitation, teams }, handed))
    }

    /// Withdraws an invitation.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`].
    pub async fn withdraw_invitation(&self, actor: &Actor, id: InvitationId) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        let invitation = invitations::find(&mut tx, actor.workspace, id).await?;
        invitations::delete(&mut tx, actor.workspace, id).await?;
        let before = Some(json!({ "email": invitation.email, "role": invitation.role }));
        self.record(&mut tx, actor, AuditAction::InvitationWithdrawn, Target::Invitation(id), before, None).await?;
        Ok(tx.commit().await?)
    }

    /// Whom the link invites, and into which workspace.
    ///
    /// # Errors
    /// [`Error::Expired`] when it was used, withdrawn, or is too old.
    pub async fn look_up_invitation(&self, token: &str) -> Result<(String, String)> {
        let mut tx = self.db().read().await?;
        let invitation = self.open_invitation(&mut tx, token).await?;
        let workspace = workspaces::find(&mut tx, invitation.workspace_id).await?;
        Ok((invitation.email, workspace.name))
    }

    /// Makes the invited person a member and signs them in. Whoever has an account already shows so by its password.
    ///
    /// # Errors
    /// [`Error::Expired`]; [`Error::Invalid`]; for an account that exists [`Error::WrongCredentials`] and
    /// [`Error::TooManyAttempts`].
    pub async fn accept_invitation(&self, acceptance: &Acceptance, client: &Client) -> Result<SignedIn> {
        let token = &acceptance.token;
        let invitation = self.open_invitation(&mut self.db().read().await?, token).await?;
        let newcomer = self.prove(&invitation, acceptance, client).await?;

        let mut tx = self.db().begin().await?;
        let invitation = self.open_invitation(&mut tx, token).await?;
        invitations::delete(&mut tx, invitation.workspace_id, invitation.id).await.map_err(|_| Error::Expired)?;
        let user = match newcomer {
            Newcomer::New { user, hash } => self.add_user(&mut tx, user, Some(hash)).await?,
            Newcomer::Known { id, attempt } => {
                self.attempt_succeeded(&mut tx, attempt).await?;
                id
            }
        };
        let member = self.add_member(&mut tx, invitation.workspace_id, user, invitation.role).await?;
        join_teams(&mut tx, &member, &invitation).await?;
        let by = super::sessions::actor(&member, client.ip);
        let after = Some(json!({ "role": member.role, "invitation_id": invitation.id }));
        self.record(&mut tx, &by, AuditAction::InvitationAccepted, Target::User(user), None, after).await?;
        let signed_in = self.begin_session(&mut tx, &member, client).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Hashes the password of somebody new, or checks that of somebody known.
    async fn prove(&self, invitation: &Invitation, said: &Acceptance, client: &Client) -> Result<Newcomer> {
        let known = users::find_by_email(&mut self.db().read().await?, &invitation.email).await?;
        let Some(known) = known else {
            let faults = Faults::default();
            let user = NewUser::checked(&said.name, &invitation.email, &said.password, &said.time_zone, faults)?;
            return Ok(Newcomer::New { user, hash: self.hash_password(&said.password).await? });
        };
        let attempt = self.begin_attempt(&known.email, client.ip).await?;
        if self.password_fits(&said.password, known.password_hash.as_deref()).await? {
            Ok(Newcomer::Known { id: known.id, attempt })
        } else {
            Err(Error::WrongCredentials)
        }
    }

    async fn open_invitation(&self, tx: &mut Tx, token: &str) -> Result<Invitation> {
        let found = invitations::find_by_hash(tx, &random::hash(token)).await?;
        found.filter(|invitation| invitation.expires_at > self.now()).ok_or(Error::Expired)
    }
}

enum Newcomer {
    New { user: NewUser, hash: String },
    Known { id: domain::UserId, attempt: Attempt },
}

async fn existing_teams(tx: &mut Tx, actor: &Actor, ids: &[TeamId]) -> Result<Vec<NamedTeam>> {
    let all = teams::list(tx, actor.workspace).await?;
    ids.iter()
        .map(|id| match all.iter().find(|team| team.id == *id) {
            Some(team) => Ok(NamedTeam { id: team.id, name: team.name.clone() }),
            None => Err(Invalid::new("team_ids", Code::NotFound).into()),
        })
        .collect()
}

/// Teams may have been deleted since.
async fn join_teams(tx: &mut Tx, member: &Member, invitation: &Invitation) -> Result<()> {
    for team in teams::list(tx, member.workspace_id).await? {
        if invitation.team_ids.contains(&team.id) {
            teams::add_member(tx, member.workspace_id, team.id, member.user_id).await?;
        }
    }
    Ok(())
}
