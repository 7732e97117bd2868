//! What the operator does at the command line: whoever can run the program on this machine needs no role.

use domain::{
    EmailAddress, UserId,
    authorization::Role,
    input::{self, Code, Invalid, MAX_NAME},
};
use serde_json::json;
use store::{
    Tx,
    members::{self, NamedMember},
    users, workspaces,
};

use super::{
    audit::{AuditAction, By, Target},
    password_resets::GIVEN_HOURS,
    setup::NewUser,
};
use crate::{Engine, Error, Result, faults::Faults};

impl Engine {
    /// All members of the oldest workspace by name.
    ///
    /// # Errors
    /// [`Error::Conflict`] while there is no workspace.
    pub async fn operator_lists_members(&self) -> Result<Vec<NamedMember>> {
        let mut tx = self.db().read().await?;
        let by = operator(&mut tx).await?;
        Ok(members::list(&mut tx, by.workspace).await?)
    }

    /// Adds a member and answers the link by which they choose their password.
    ///
    /// # Errors
    /// [`Error::Invalid`] also when the address has an account; [`Error::Conflict`] while there is no workspace.
    pub async fn operator_adds_member(&self, email: &str, name: &str, role: Role) -> Result<String> {
        let mut faults = Faults::default();
        let email = faults.check(EmailAddress::parse("email", email).map(|email| email.normalised()));
        let name = faults.check(input::line("name", name, MAX_NAME));
        faults.refuse()?;
        let mut tx = self.db().begin().await?;
        let by = operator(&mut tx).await?;
        let new = NewUser { name, email, time_zone: "UTC".to_owned() };
        let after = Some(json!({ "email": new.email, "role": role }));
        let user = self.add_user(&mut tx, new, None).await?;
        self.add_member(&mut tx, by.workspace, user, role).await?;
        let link = self.new_reset_link(&mut tx, user, GIVEN_HOURS).await?;
        self.record(&mut tx, by, AuditAction::MemberAdded, Target::User(user), None, after).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// A link by which the user chooses a new password.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no such active member; [`Error::Conflict`] while there is no workspace.
    pub async fn operator_resets_password(&self, email: &str) -> Result<String> {
        let mut tx = self.db().begin().await?;
        let by = operator(&mut tx).await?;
        let user = active_user(&mut tx, by, email).await?;
        let link = self.new_reset_link(&mut tx, user, GIVEN_HOURS).await?;
        self.record(&mut tx, by, AuditAction::PasswordResetRequested, Target::User(user), None, None).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// An API token that acts as the user.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no such active member; [`Error::Conflict`] while there is no workspace.
    pub async fn operator_creates_token(&self, email: &str, name: &str) -> Result<String> {
        let mut tx = self.db().begin().await?;
        let by = operator(&mut tx).await?;
        let user = active_user(&mut tx, by, email).await?;
        let made = self.add_token(&mut tx, by, user, name).await?;
        tx.commit().await?;
        Ok(made.shown)
    }
}

/// The operator, in the oldest workspace.
async fn operator(tx: &mut Tx) -> Result<By> {
    let oldest = workspaces::list(tx).await?.into_iter().next().ok_or(Error::Conflict("no_workspace"))?;
    Ok(By { workspace: oldest.id, user: None, ip: None })
}

async fn active_user(tx: &mut Tx, by: By, email: &str) -> Result<UserId> {
    let email = EmailAddress::parse("email", email)?.normalised();
    let unknown = || Error::from(Invalid::new("email", Code::NotFound));
    let user = users::find_by_email(tx, &email).await?.ok_or_else(unknown)?;
    let member = super::sessions::active_member(tx, by.workspace, user.id).await?.ok_or_else(unknown)?;
    Ok(member.user_id)
}
