//! Teams: whose manager may view as whom.

use domain::{
    TeamId, UserId,
    authorization::{Action, Actor},
    input::{self, Code, Invalid, MAX_NAME},
};
use serde_json::json;
use store::{
    members,
    teams::{self, Team},
};

use super::{
    audit::{AuditAction, Target},
    profile::NamedUser,
};
use crate::{Engine, Error, Result};

/// A team and its active members by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamWithMembers {
    /// It.
    pub team: Team,
    /// Who is in it.
    pub members: Vec<NamedUser>,
}

impl Engine {
    /// All teams by name.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn teams(&self, actor: &Actor) -> Result<Vec<TeamWithMembers>> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().read().await?;
        let mut found: Vec<_> = teams::list(&mut tx, actor.workspace)
            .await?
            .into_iter()
            .map(|team| TeamWithMembers { team, members: Vec::new() })
            .collect();
        for row in teams::list_members(&mut tx, actor.workspace).await? {
            let team = found.iter_mut().find(|with| with.team.id == row.team_id);
            if let (Some(with), None) = (team, row.deactivated_at) {
                with.members.push(NamedUser { id: row.user_id, name: row.user_name });
            }
        }
        Ok(found)
    }

    /// One team.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`].
    pub async fn team(&self, actor: &Actor, id: TeamId) -> Result<TeamWithMembers> {
        self.teams(actor).await?.into_iter().find(|with| with.team.id == id).ok_or(Error::NotFound)
    }

    /// Makes a team.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] also when the name is taken.
    pub async fn create_team(&self, actor: &Actor, name: &str) -> Result<TeamId> {
        self.allow(actor, Action::AdministerMembers)?;
        let name = input::line("name", name, MAX_NAME)?;
        let team = Team { workspace_id: actor.workspace, id: self.new_id(), name, created_at: self.now() };
        let mut tx = self.db().begin().await?;
        teams::insert(&mut tx, &team).await.map_err(name_taken)?;
        let after = Some(json!({ "name": team.name }));
        self.record(&mut tx, actor, AuditAction::TeamCreated, Target::Team(team.id), None, after).await?;
        tx.commit().await?;
        Ok(team.id)
    }

    /// Gives a team another name.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]; [`Error::Invalid`] also when the name is taken.
    pub async fn rename_team(&self, actor: &Actor, id: TeamId, name: &str) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let name = input::line("name", name, MAX_NAME)?;
        let mut tx = self.db().begin().await?;
        let team = teams::find(&mut tx, actor.workspace, id).await?;
        teams::rename(&mut tx, actor.workspace, id, &name).await.map_err(name_taken)?;
        let (before, after) = (json!({ "name": team.name }), json!({ "name": name }));
        self.record(&mut tx, actor, AuditAction::TeamRenamed, Target::Team(id), Some(before), Some(after)).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a team; its members stay.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`].
    pub async fn delete_team(&self, actor: &Actor, id: TeamId) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        let before = Some(json!({ "name": teams::find(&mut tx, actor.workspace, id).await?.name }));
        teams::delete(&mut tx, actor.workspace, id).await?;
        self.record(&mut tx, actor, AuditAction::TeamDeleted, Target::Team(id), before, None).await?;
        tx.commit().await?;
        self.tell_session(actor.into(), None);
        Ok(())
    }

    /// Puts a member into a team; nothing happens when they are in it.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when there is no such team or member.
    pub async fn add_to_team(&self, actor: &Actor, id: TeamId, user: UserId) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        teams::find(&mut tx, actor.workspace, id).await?;
        members::find(&mut tx, actor.workspace, user).await?;
        if teams::add_member(&mut tx, actor.workspace, id, user).await? {
            let after = Some(json!({ "user_id": user }));
            self.record(&mut tx, actor, AuditAction::TeamMemberAdded, Target::Team(id), None, after).await?;
        }
        tx.commit().await?;
        self.tell_session(actor.into(), None);
        Ok(())
    }

    /// Takes a member out of a team; nothing happens when they are not in it.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] when there is no such team.
    pub async fn remove_from_team(&self, actor: &Actor, id: TeamId, user: UserId) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        teams::find(&mut tx, actor.workspace, id).await?;
        if teams::remove_member(&mut tx, actor.workspace, id, user).await? {
            let before = Some(json!({ "user_id": user }));
            self.record(&mut tx, actor, AuditAction::TeamMemberRemoved, Target::Team(id), before, None).await?;
        }
        tx.commit().await?;
        self.tell_session(actor.into(), None);
        Ok(())
    }
}

fn name_taken(error: store::Error) -> Error {
    match error {
        store::Error::Conflict { .. } => Invalid::new("name", Code::Taken).into(),
        other => other.into(),
    }
}
