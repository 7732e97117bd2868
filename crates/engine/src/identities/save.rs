//! Making, changing and deleting identities.

use domain::{
    ChannelId, EmailAddress, IdentityId, MailboxId, UserId, WorkspaceId,
    address::normalised,
    authorization::{Action, Actor},
    input::{self, Code, Invalid, MAX_NAME, MAX_SIGNATURE},
};
use serde_json::{Value, json};
use store::{
    Tx, channels,
    identities::{self, Identity},
};

use super::{IdentityView, view};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
    channels::usable,
    faults::Faults,
    mailboxes,
};

/// An identity as somebody describes it.
#[derive(Debug, Clone, Default)]
pub struct NewIdentity {
    /// The name recipients read.
    pub name: String,
    /// The address.
    pub address: String,
    /// What ends each email, as HTML.
    pub signature_html: String,
    /// The channel its mail goes through; without one, the obvious channel where there is one.
    pub channel_id: Option<ChannelId>,
    /// The mailbox its sent mail is kept in; without one, the only mailbox where there is just one.
    pub mailbox_id: Option<MailboxId>,
}

/// What somebody changes about an identity; the rest stays.
#[derive(Debug, Clone, Default)]
pub struct IdentityChange {
    /// The name recipients read.
    pub name: Option<String>,
    /// What ends each email, as HTML.
    pub signature_html: Option<String>,
    /// The channel its mail goes through, or none.
    pub channel_id: Option<Option<ChannelId>>,
    /// The mailbox its sent mail is kept in, or none.
    pub mailbox_id: Option<Option<MailboxId>>,
    /// Makes it the one new emails begin with.
    pub make_default: bool,
}

impl Engine {
    /// Makes an identity and mails the link that verifies it, if there is a channel. The first one is the default.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub async fn create_identity(&self, actor: &Actor, wanted: NewIdentity) -> Result<IdentityView> {
        self.allow(actor, Action::ChangeOwnSettings)?;
        let mut faults = Faults::default();
        let name = faults.check(input::line("name", &wanted.name, MAX_NAME));
        let address = faults.check(EmailAddress::parse("address", &wanted.address).map(Some));
        let signature_html = faults.check(signature(&wanted.signature_html));
        faults.refuse()?;
        let address = address.map(|address| address.as_str().to_owned()).unwrap_or_default();

        let mut tx = self.db().begin().await?;
        let others = identities::list(&mut tx, actor.workspace, actor.user).await?;
        if others.iter().any(|other| normalised(&other.address) == normalised(&address)) {
            return Err(Invalid::new("address", Code::Taken).into());
        }
        let is_default = others.is_empty();
        let channel_id = match wanted.channel_id {
            Some(id) => Some(channel(&mut tx, actor, id).await?),
            None => obvious_channel(&mut tx, actor.workspace, actor.user, is_default).await?,
        };
        let mailbox_id = match wanted.mailbox_id {
            Some(id) => Some(self.mailbox_of(&mut tx, actor, id).await?),
            None => obvious_mailbox(&mut tx, actor).await?,
        };
        let identity = Identity {
            workspace_id: actor.workspace,
            id: self.new_id(),
            version: 1,
            user_id: actor.user,
            name,
            address,
            signature_html,
            channel_id,
            mailbox_id,
            is_default,
            verified_at: None,
            verification_hash: None,
            verification_sent_at: None,
            verification_expires_at: None,
            verification_problem: None,
            created_at: self.now(),
            deleted_at: None,
        };
        identities::insert(&mut tx, &identity).await?;
        let after = Some(described(&identity));
        self.record(&mut tx, actor, AuditAction::IdentityCreated, Target::Identity(identity.id), None, after).await?;
        tx.commit().await?;
        self.tell_identities(&identity);
        if channel_id.is_some() { self.mail_link(&identity).await } else { self.reread(&identity).await }
    }

    /// Changes an identity, if `version` is still the current one. It stays verified: its address cannot change.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Changed`], [`Error::NotFound`].
    pub async fn change_identity(
        &self,
        actor: &Actor,
        id: IdentityId,
        version: i64,
        change: IdentityChange,
    ) -> Result<IdentityView> {
        let mut tx = self.db().begin().await?;
        let before = self.identity_to_change(&mut tx, actor, id).await?;
        if before.version != version {
            return Err(Error::Changed);
        }
        let mut after = before.clone();
        let mut faults = Faults::default();
        if let Some(name) = change.name {
            after.name = faults.check(input::line("name", &name, MAX_NAME));
        }
        if let Some(html) = change.signature_html {
            after.signature_html = faults.check(signature(&html));
        }
        faults.refuse()?;
        if let Some(wanted) = change.channel_id {
            after.channel_id = match wanted {
                Some(id) => Some(channel(&mut tx, actor, id).await?),
                None => None,
            };
        }
        if let Some(wanted) = change.mailbox_id {
            after.mailbox_id = match wanted {
                Some(id) => Some(self.mailbox_of(&mut tx, actor, id).await?),
                None => None,
            };
        }
        identities::update(&mut tx, &after).await?;
        if change.make_default {
            identities::make_default(&mut tx, actor.workspace, actor.user, id).await?;
        }
        tx.commit().await?;
        self.tell_identities(&after);
        // An address that waits for its first channel is verified through it at once.
        if before.channel_id.is_none() && after.channel_id.is_some() && after.verified_at.is_none() {
            self.mail_link(&after).await
        } else {
            self.reread(&after).await
        }
    }

    /// Deletes an identity. What was sent as it keeps its name; of the others the next becomes the default.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_identity(&self, actor: &Actor, id: IdentityId) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let identity = self.identity_to_change(&mut tx, actor, id).await?;
        identities::delete(&mut tx, actor.workspace, id, self.now()).await?;
        let others = identities::list(&mut tx, actor.workspace, actor.user).await?;
        if let (true, Some(next)) = (identity.is_default, others.first()) {
            identities::make_default(&mut tx, actor.workspace, actor.user, next.id).await?;
        }
        let before = Some(described(&identity));
        self.record(&mut tx, actor, AuditAction::IdentityDeleted, Target::Identity(id), before, None).await?;
        tx.commit().await?;
        self.tell_identities(&identity);
        Ok(())
    }

    /// A mailbox of the actor.
    async fn mailbox_of(&self, tx: &mut Tx, actor: &Actor, id: MailboxId) -> Result<MailboxId> {
        match mailboxes::visible(self, tx, actor, id).await {
            Err(Error::NotFound) => Err(Invalid::new("mailbox_id", Code::NotFound).into()),
            found => Ok(found?.id),
        }
    }

    /// The identity as it is now.
    pub(super) async fn reread(&self, identity: &Identity) -> Result<IdentityView> {
        let mut tx = self.db().read().await?;
        let identity = identities::find(&mut tx, identity.workspace_id, identity.id).await?;
        view(&mut tx, identity).await
    }
}

/// A channel that the actor may send through.
async fn channel(tx: &mut Tx, actor: &Actor, id: ChannelId) -> Result<ChannelId> {
    match usable(tx, actor, id).await {
        Err(Error::NotFound) => Err(Invalid::new("channel_id", Code::NotFound).into()),
        found => Ok(found?.id),
    }
}

/// The only channel a user can use; for the default identity otherwise a team channel.
async fn obvious_channel(
    tx: &mut Tx,
    workspace: WorkspaceId,
    user: UserId,
    is_default: bool,
) -> Result<Option<ChannelId>> {
    let usable = channels::list_usable(tx, workspace, user).await?;
    Ok(match usable.as_slice() {
        [only] => Some(only.id),
        several if is_default => several.iter().find(|channel| channel.owner_id.is_none()).map(|channel| channel.id),
        _ => None,
    })
}

/// The only mailbox of the actor.
async fn obvious_mailbox(tx: &mut Tx, actor: &Actor) -> Result<Option<MailboxId>> {
    Ok(match store::mailboxes::list(tx, actor.workspace, actor.user).await?.as_slice() {
        [only] => Some(only.id),
        _ => None,
    })
}

fn signature(html: &str) -> std::result::Result<String, Invalid> {
    Ok(mail::html::sanitize(&input::text("signature_html", html, MAX_SIGNATURE)?).html)
}

fn described(identity: &Identity) -> Value {
    json!({ "name": identity.name, "address": identity.address })
}
