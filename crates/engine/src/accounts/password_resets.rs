//! Choosing a new password with a link: handed over by an administrator, or mailed to whoever forgot theirs.

use domain::{
    EmailAddress, UserId, WorkspaceId,
    authorization::{Action, Actor},
    input,
    time::HOUR,
};
use store::{
    Tx, members,
    password_resets::{self, PasswordReset},
    users,
};

use super::{
    Handed,
    audit::{AuditAction, By, Target},
    passwords::replace_password,
    sessions::{Client, active_member},
};
use crate::{Engine, Error, Result, notices::Notice, random};

/// How many hours a link can be used that somebody asked for themselves.
const ASKED_FOR_HOURS: u32 = 1;
/// How many hours a link can be used that an administrator or operator made; it may go from hand to hand.
pub(super) const GIVEN_HOURS: u32 = 72;

impl Engine {
    /// Lets a member choose a new password: the link is mailed, or shown when there is no system channel.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`]; [`Error::Conflict`] when the user belongs to another workspace too and the
    /// link cannot be mailed, for then it would open what is not the administrator's.
    pub async fn reset_member_password(&self, actor: &Actor, user: UserId) -> Result<Handed> {
        self.allow(actor, Action::AdministerMembers)?;
        let mut tx = self.db().begin().await?;
        active_member(&mut tx, actor.workspace, user).await?.ok_or(Error::NotFound)?;
        let elsewhere = members::of_user(&mut tx, user).await?.len() > 1;
        let email = users::find(&mut tx, user).await?.email;
        let link = self.new_reset_link(&mut tx, user, GIVEN_HOURS).await?;
        self.record(&mut tx, actor, AuditAction::PasswordResetRequested, Target::User(user), None, None).await?;
        tx.commit().await?;
        let handed = self.hand_reset(actor.workspace, email, link, GIVEN_HOURS).await;
        if elsewhere && !handed.mailed {
            return Err(Error::Conflict("belongs_to_another_workspace"));
        }
        Ok(handed)
    }

    /// Mails a link to whoever forgot the password of `email`, if there is such an account and a way to mail. The caller
    /// answers the same in every case, and does not wait for it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the address is none; [`Error::TooManyAttempts`].
    pub async fn request_password_reset(&self, email: &str, client: &Client) -> Result<()> {
        let email = EmailAddress::parse("email", email)?.normalised();
        // Counted apart from signing in, so that asking for links locks nobody out.
        let _counted = self.begin_attempt(&format!("reset {email}"), client.ip).await?;
        let mut tx = self.db().begin().await?;
        let Some(user) = users::find_by_email(&mut tx, &email).await? else { return Ok(()) };
        let members = members::of_user(&mut tx, user.id).await?;
        let Some(member) = members.into_iter().find(|member| member.deactivated_at.is_none()) else { return Ok(()) };
        let by = By { workspace: member.workspace_id, user: None, ip: client.ip };
        self.record(&mut tx, by, AuditAction::PasswordResetRequested, Target::User(user.id), None, None).await?;
        let link = self.new_reset_link(&mut tx, user.id, ASKED_FOR_HOURS).await?;
        tx.commit().await?;
        self.hand_reset(member.workspace_id, email, link, ASKED_FOR_HOURS).await;
        Ok(())
    }

    /// Sets a new password with the link's token; every session ends.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Expired`] when the link was used or is too old.
    pub async fn accept_password_reset(&self, token: &str, password: &str, client: &Client) -> Result<()> {
        input::password("password", password)?;
        let token = random::hash(token);
        let found = password_resets::find(&mut self.db().read().await?, &token, self.now()).await?;
        found.ok_or(Error::Expired)?;
        let hash = self.hash_password(password).await?;

        let mut tx = self.db().begin().await?;
        let reset = password_resets::find(&mut tx, &token, self.now()).await?.ok_or(Error::Expired)?;
        if password_resets::delete_of_user(&mut tx, reset.user_id).await? == 0 {
            return Err(Error::Expired);
        }
        replace_password(&mut tx, reset.user_id, &hash, None).await?;
        for member in members::of_user(&mut tx, reset.user_id).await? {
            let by = By { workspace: member.workspace_id, user: Some(reset.user_id), ip: client.ip };
            self.record(&mut tx, by, AuditAction::PasswordReset, Target::User(reset.user_id), None, None).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn hand_reset(&self, workspace: WorkspaceId, address: String, link: String, hours: u32) -> Handed {
        let notice = Notice::PasswordReset { address: address.clone(), hours, link: link.clone() };
        self.hand(workspace, &address, link, notice).await
    }

    /// A link by which `user` can choose a password, usable for so many `hours`.
    pub(super) async fn new_reset_link(&self, tx: &mut Tx, user_id: UserId, hours: u32) -> Result<String> {
        let secret = self.random().secret();
        let (created_at, expires_at) = (self.now(), self.now().plus(HOUR * i64::from(hours)));
        let reset = PasswordReset { token_hash: secret.hash, user_id, created_at, expires_at };
        password_resets::insert(tx, &reset).await?;
        Ok(format!("{}/reset-password#token={}", self.settings().public_url, secret.shown))
    }
}
