//! Members: who they are, what they may do, and how they leave.

use std::collections::HashMap;

use domain::{
    Status, TeamId, UserId, WorkspaceId,
    authorization::{Action, Actor, Role},
    events::{EventKind, Evidence},
    input::{Code, Invalid},
};
use serde_json::json;
use store::{
    Tx, hand_over,
    members::{self, Member, NamedMember},
    people, teams, users, workspaces,
};

use super::{
    audit::{AuditAction, Target},
    sessions::active_member,
};
use crate::{
    Engine, Error, Result,
    emails::stop_waiting,
    live::{Change, Topic},
};

/// A member and their teams.
#[derive(Debug, Clone)]
pub struct MemberInTeams {
    /// They.
    pub member: NamedMember,
    /// Their teams by name.
    pub teams: Vec<NamedTeam>,
}

/// A team by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTeam {
    /// Its id.
    pub id: TeamId,
    /// What people call it.
    pub name: String,
}

impl Engine {
    /// All members by name, deactivated ones too.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn members(&self, actor: &Actor) -> Result<Vec<MemberInTeams>> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().read().await?;
        let mut teams = teams_by_member(&mut tx, actor.workspace).await?;
        let members = members::list(&mut tx, actor.workspace).await?.into_iter();
        Ok(members
            .map(|member| MemberInTeams { teams: teams.remove(&member.user_id).unwrap_or_default(), member })
            .collect())
    }

    /// One member.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`].
    pub async fn member(&self, actor: &Actor, user: UserId) -> Result<MemberInTeams> {
        self.members(actor).await?.into_iter().find(|found| found.member.user_id == user).ok_or(Error::NotFound)
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]; [`Error::Conflict`] for the last administrator.
    pub async fn change_role(&self, actor: &Actor, user: UserId, role: Role) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        workspaces::lock(&mut tx, actor.workspace).await?;
        let member = members::find(&mut tx, actor.workspace, user).await?;
        if role != Role::Admin {
            keep_an_admin(&mut tx, &member).await?;
        }
        members::set_role(&mut tx, actor.workspace, user, role).await?;
        let (before, after) = (json!({ "role": member.role }), json!({ "role": role }));
        self.record(&mut tx, actor, AuditAction::RoleChanged, Target::User(user), Some(before), Some(after)).await?;
        tx.commit().await?;
        self.tell_session(actor.into(), None);
        Ok(())
    }

    /// Ends a member's access. Their mail and people go to `heir`; what was scheduled becomes drafts, so that nothing is
    /// sent in somebody's name who is gone.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]; [`Error::Conflict`] for the last administrator and for a member deactivated
    /// before; [`Error::Invalid`] when the heir is no active member.
    pub async fn deactivate(&self, actor: &Actor, user: UserId, heir: UserId) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        workspaces::lock(&mut tx, actor.workspace).await?;
        let member = members::find(&mut tx, actor.workspace, user).await?;
        if member.deactivated_at.is_some() {
            return Err(Error::Conflict("already_deactivated"));
        }
        keep_an_admin(&mut tx, &member).await?;
        if heir == user || active_member(&mut tx, actor.workspace, heir).await?.is_none() {
            return Err(Invalid::new("hand_over_to", Code::NotFound).into());
        }
        members::set_deactivated(&mut tx, actor.workspace, user, Some(self.now())).await?;
        self.end_access(&mut tx, &member).await?;
        let moved = self.hand_over(&mut tx, actor, user, heir).await?;
        let after = Some(json!({ "handed_over_to": heir, "emails": moved }));
        self.record(&mut tx, actor, AuditAction::MemberDeactivated, Target::User(user), None, after).await?;
        tx.commit().await?;
        self.tell_session(actor.into(), None);
        let (workspace, owner) = (actor.workspace, Some(heir));
        self.live().tell(Change { workspace, owner, topic: Topic::Emails, emails: Vec::new() });
        Ok(())
    }

    /// Gives the emails and people of `from` to `heir`, and says how many emails.
    async fn hand_over(&self, tx: &mut Tx, actor: &Actor, from: UserId, heir: UserId) -> Result<u64> {
        let by = Evidence { by: Some(users::find(tx, actor.user).await?.name), ..Evidence::default() };
        for mut email in hand_over::lock_scheduled(tx, actor.workspace, from).await? {
            stop_waiting(&mut email);
            email.channel_id = None;
            self.file(tx, &mut email, Status::Draft).await?;
            self.note(tx, &email, EventKind::Unscheduled, by.clone()).await?;
        }
        let moved = hand_over::emails(tx, actor.workspace, from, heir).await?;
        people::hand_over(tx, actor.workspace, from, heir).await?;
        hand_over::retire_senders(tx, actor.workspace, from, self.now()).await?;
        Ok(moved)
    }

    /// Lets a deactivated member sign in again. What was handed over stays where it is.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]; [`Error::Conflict`] when the member is active.
    pub async fn reactivate(&self, actor: &Actor, user: UserId) -> Result<()> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        if members::find(&mut tx, actor.workspace, user).await?.deactivated_at.is_none() {
            return Err(Error::Conflict("already_active"));
        }
        members::set_deactivated(&mut tx, actor.workspace, user, None).await?;
        self.record(&mut tx, actor, AuditAction::MemberReactivated, Target::User(user), None, None).await?;
        tx.commit().await?;
        self.tell_session(actor.into(), None);
        Ok(())
    }
}

/// Refuses to take the last active administrator away. The workspace is locked.
async fn keep_an_admin(tx: &mut Tx, member: &Member) -> Result<()> {
    let is_admin = member.role == Role::Admin && member.deactivated_at.is_none();
    if is_admin && members::count_admins(tx, member.workspace_id).await? == 1 {
        return Err(Error::Conflict("last_admin"));
    }
    Ok(())
}

async fn teams_by_member(tx: &mut Tx, workspace: WorkspaceId) -> Result<HashMap<UserId, Vec<NamedTeam>>> {
    let mut teams: HashMap<_, Vec<_>> = HashMap::new();
    for row in teams::list_members(tx, workspace).await? {
        teams.entry(row.user_id).or_default().push(NamedTeam { id: row.team_id, name: row.team_name });
    }
    Ok(teams)
}
