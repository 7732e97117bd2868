//! Signing in with address and password.

use domain::EmailAddress;
use serde_json::json;
use store::{
    Tx,
    members::{self, Member},
    users::{self, User},
    workspaces,
};

use super::{
    audit::{AuditAction, By, Target},
    sessions::{Client, SignedIn},
};
use crate::{Engine, Error, Result};

impl Engine {
    /// Begins a session. Whether the address, the password or the membership does not fit is not told.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`]; [`Error::TooManyAttempts`]; [`Error::Invalid`] when the address is none.
    pub async fn sign_in(&self, email: &str, password: &str, client: &Client) -> Result<SignedIn> {
        let email = EmailAddress::parse("email", email)?.normalised();
        let attempt = self.begin_attempt(&email, client.ip).await?;
        let user = users::find_by_email(&mut self.db().read().await?, &email).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let fits = self.password_fits(password, hash).await?;

        let mut tx = self.db().begin().await?;
        let signed_in = match user {
            Some(user) if fits => match unchanged_member(&mut tx, &user).await? {
                Some(member) => {
                    self.attempt_succeeded(&mut tx, attempt).await?;
                    Ok(self.begin_session(&mut tx, &member, client).await?)
                }
                None => self.refuse(&mut tx, &user, client, "deactivated").await,
            },
            Some(user) => self.refuse(&mut tx, &user, client, "wrong_password").await,
            None => self.refuse_unknown(&mut tx, &email, client).await,
        };
        tx.commit().await?;
        signed_in
    }

    /// Records the failure wherever the user is a member.
    async fn refuse(&self, tx: &mut Tx, user: &User, client: &Client, why: &str) -> Result<SignedIn> {
        for member in members::of_user(tx, user.id).await? {
            let by = By { workspace: member.workspace_id, user: None, ip: client.ip };
            let after = Some(json!({ "reason": why }));
            self.record(tx, by, AuditAction::SignInRefused, Target::User(user.id), None, after).await?;
        }
        Err(Error::WrongCredentials)
    }

    /// Records the failure in the oldest workspace, which is the only one unless many share a server. It also makes this
    /// take as long as a wrong password.
    async fn refuse_unknown(&self, tx: &mut Tx, email: &str, client: &Client) -> Result<SignedIn> {
        if let Some(workspace) = workspaces::list(tx).await?.into_iter().next() {
            let by = By { workspace: workspace.id, user: None, ip: client.ip };
            let after = Some(json!({ "reason": "unknown_account", "email": email }));
            self.record(tx, by, AuditAction::SignInRefused, Target::Workspace(workspace.id), None, after).await?;
        }
        Err(Error::WrongCredentials)
    }
}

/// The oldest active membership of `user`, unless the password was changed while it was being checked.
async fn unchanged_member(tx: &mut Tx, user: &User) -> Result<Option<Member>> {
    if users::find(tx, user.id).await?.password_hash != user.password_hash {
        return Ok(None);
    }
    let members = members::of_user(tx, user.id).await?;
    Ok(members.into_iter().find(|member| member.deactivated_at.is_none()))
}
