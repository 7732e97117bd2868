//! Verification: a link mailed to the address, through the channel the identity will use, proves both at once.

use domain::{IdentityId, authorization::Actor, time::HOUR};
use mail::address::Mailbox;
use store::{
    identities::{self, Identity},
    users, workspaces,
};

use super::{IdentityView, view};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, By, Target},
    notices::Notice,
    random,
};

/// How long a link works.
const VALID_FOR: i64 = 48 * HOUR;

impl Engine {
    /// Mails the link again; the earlier one stops working. What went wrong with it is in the answer.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the identity is verified already, or has no channel; [`Error::NotFound`].
    pub async fn mail_verification(&self, actor: &Actor, id: IdentityId) -> Result<IdentityView> {
        let mut tx = self.db().read().await?;
        let identity = self.identity_to_change(&mut tx, actor, id).await?;
        drop(tx);
        if identity.verified_at.is_some() {
            return Err(Error::Conflict("already_verified"));
        }
        if identity.channel_id.is_none() {
            return Err(Error::Conflict("no_channel"));
        }
        self.mail_link(&identity).await
    }

    /// Mails a fresh link and keeps what came of it.
    pub(super) async fn mail_link(&self, identity: &Identity) -> Result<IdentityView> {
        let Some(channel) = identity.channel_id else { return Err(Error::Conflict("no_channel")) };
        let (workspace, now) = (identity.workspace_id, self.now());
        let secret = self.random().secret();
        let mut tx = self.db().begin().await?;
        identities::begin_verification(&mut tx, workspace, identity.id, &secret.hash, now, now.plus(VALID_FOR)).await?;
        let channel = store::channels::find(&mut tx, workspace, channel).await?;
        let notice = Notice::VerifyIdentity {
            address: identity.address.clone(),
            user: users::find(&mut tx, identity.user_id).await?.name,
            workspace: workspaces::find(&mut tx, workspace).await?.name,
            link: format!("{}/verify-identity#token={}", self.settings().public_url, secret.shown),
        };
        tx.commit().await?;
        let from = Mailbox::new(&identity.name, &identity.address);
        if let Err(error) = self.send_notice(&channel, &from, &identity.address, &notice).await {
            let mut tx = self.db().begin().await?;
            identities::fail_verification(&mut tx, workspace, &secret.hash, &error.to_string()).await?;
            tx.commit().await?;
        }
        self.tell_identities(identity);
        self.reread(identity).await
    }

    /// Verifies the identity that a mailed link belongs to. Whoever holds the link reads the address's mail, so nobody
    /// has to be signed in.
    ///
    /// # Errors
    /// [`Error::Expired`] when the link was used, replaced, or is too old.
    pub async fn verify_identity(&self, token: &str) -> Result<IdentityView> {
        let hash = random::hash(token);
        let mut tx = self.db().begin().await?;
        let identity = match identities::find_by_verification(&mut tx, &hash).await {
            Err(store::Error::NotFound) => return Err(Error::Expired),
            found => found?,
        };
        if identity.verification_expires_at.is_none_or(|end| end <= self.now()) {
            return Err(Error::Expired);
        }
        identities::verify(&mut tx, identity.workspace_id, identity.id, self.now()).await?;
        let by = By { workspace: identity.workspace_id, user: Some(identity.user_id), ip: None };
        let after = Some(serde_json::json!({ "address": identity.address }));
        self.record(&mut tx, by, AuditAction::IdentityVerified, Target::Identity(identity.id), None, after).await?;
        let verified = identities::find(&mut tx, identity.workspace_id, identity.id).await?;
        let view = view(&mut tx, verified).await?;
        tx.commit().await?;
        self.tell_identities(&identity);
        Ok(view)
    }
}
