//! The first administrator: whoever can read the terminal.

use domain::{
    EmailAddress, UserId, WorkspaceId,
    authorization::Role,
    input::{self, Code, Invalid, MAX_NAME},
    retry::GIVE_UP_AFTER,
    time::HOUR,
};
use serde_json::json;
use store::{
    Tx,
    members::{self, Member},
    users::{self, User},
    workspaces::{self, Workspace},
};

use super::{
    audit::{AuditAction, Target},
    sessions::{Client, SignedIn, actor},
};
use crate::{Engine, Error, Result, faults::Faults, random};

/// For how many seconds Send can be undone until a user says otherwise.
const UNDO_WINDOW_S: u32 = 10;

/// What the first administrator says.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// What the terminal printed.
    pub token: String,
    /// Their name.
    pub name: String,
    /// The address they will sign in with.
    pub email: String,
    /// Their password.
    pub password: String,
    /// What the workspace is called.
    pub workspace_name: String,
    /// Their time zone.
    pub time_zone: String,
}

impl Engine {
    /// While there is no user, a token that lets its holder become the first administrator. Each call makes a new one and
    /// only the last one counts; it is kept in memory alone.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn setup_token(&self) -> Result<Option<String>> {
        if !self.needs_setup().await? {
            return Ok(None);
        }
        let secret = self.random().secret();
        *self.door().setup.lock().await = Some(secret.hash);
        Ok(Some(secret.shown))
    }

    /// Whether there is no user yet.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn needs_setup(&self) -> Result<bool> {
        Ok(!users::any(&mut self.db().read().await?).await?)
    }

    /// Makes the workspace and its first administrator, and signs them in.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is a user already; [`Error::Invalid`], also for a wrong token.
    pub async fn set_up(&self, first: &FirstAdministrator, client: &Client) -> Result<SignedIn> {
        // Held until the end: the token works once.
        let mut kept = self.door().setup.lock().await;
        if !self.needs_setup().await? {
            return Err(Error::Conflict("already_set_up"));
        }
        if !kept.as_ref().is_some_and(|kept| same(kept, &random::hash(first.token.trim()))) {
            return Err(Invalid::new("token", Code::Wrong).into());
        }
        let mut faults = Faults::default();
        let workspace_name = faults.check(input::line("workspace_name", &first.workspace_name, MAX_NAME));
        let new = NewUser::checked(&first.name, &first.email, &first.password, &first.time_zone, faults)?;
        let hash = self.hash_password(&first.password).await?;

        let mut tx = self.db().begin().await?;
        let workspace = self.new_workspace(workspace_name);
        workspaces::insert(&mut tx, &workspace).await?;
        let user = self.add_user(&mut tx, new, Some(hash)).await?;
        let member = self.add_member(&mut tx, workspace.id, user, Role::Admin).await?;
        let after = Some(json!({ "name": workspace.name }));
        let (by, target) = (actor(&member, client.ip), Target::Workspace(workspace.id));
        self.record(&mut tx, &by, AuditAction::WorkspaceCreated, target, None, after).await?;
        let signed_in = self.begin_session(&mut tx, &member, client).await?;
        tx.commit().await?;
        *kept = None;
        Ok(signed_in)
    }

    fn new_workspace(&self, name: String) -> Workspace {
        Workspace {
            id: self.new_id(),
            version: 1,
            name,
            tracking: true,
            give_up_after_h: u32::try_from(GIVE_UP_AFTER / HOUR).unwrap_or(u32::MAX),
            system_channel_id: None,
            traces_days: domain::engagement::TRACES_DAYS,
            created_at: self.now(),
        }
    }

    /// Adds a user.
    pub(super) async fn add_user(&self, tx: &mut Tx, new: NewUser, password_hash: Option<String>) -> Result<UserId> {
        let user = User {
            id: self.new_id(),
            email: new.email,
            name: new.name,
            password_hash,
            time_zone: new.time_zone,
            language: "en".to_owned(),
            undo_window_s: UNDO_WINDOW_S,
            created_at: self.now(),
        };
        match users::insert(tx, &user).await {
            Err(store::Error::Conflict { .. }) => Err(Invalid::new("email", Code::Taken).into()),
            other => Ok(other.map(|()| user.id)?),
        }
    }

    /// Makes a user a member.
    pub(super) async fn add_member(
        &self,
        tx: &mut Tx,
        workspace_id: WorkspaceId,
        user_id: UserId,
        role: Role,
    ) -> Result<Member> {
        let created_at = self.now();
        let member = Member { workspace_id, user_id, role, created_at, last_seen_at: None, deactivated_at: None };
        match members::insert(tx, &member).await {
            Err(store::Error::Conflict { .. }) => Err(Error::Conflict("already_a_member")),
            other => Ok(other.map(|()| member)?),
        }
    }
}

/// A new user's own words, checked.
pub(super) struct NewUser {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) time_zone: String,
}

impl NewUser {
    /// Checks everything at once, with what was found wrong before.
    pub(super) fn checked(name: &str, email: &str, password: &str, zone: &str, mut faults: Faults) -> Result<Self> {
        let new = Self {
            name: faults.check(input::line("name", name, MAX_NAME)),
            email: faults.check(EmailAddress::parse("email", email).map(|email| email.normalised())),
            time_zone: faults.check(input::time_zone("time_zone", zone)),
        };
        faults.check(input::password("password", password));
        faults.refuse()?;
        Ok(new)
    }
}

/// Compares in a time that does not depend on where the two differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
