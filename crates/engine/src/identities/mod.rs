//! Identities: the names and addresses people send as. An address proves to be theirs by a link mailed to it, through
//! the very channel it will use.

mod save;
mod verify;

use domain::{
    IdentityId,
    authorization::{Action, Actor},
};
use store::{
    Tx,
    identities::{self, Identity},
};

pub use save::{IdentityChange, NewIdentity};

use crate::{
    Engine, Error, Result,
    live::{Change, Topic},
};

/// An identity with the names of its channel and its mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityView {
    /// The identity.
    pub identity: Identity,
    /// The name of its channel.
    pub channel_name: Option<String>,
    /// The name of its mailbox.
    pub mailbox_name: Option<String>,
}

impl Engine {
    /// The identities of the user whose things `actor` sees, the default first.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn identities(&self, actor: &Actor) -> Result<Vec<IdentityView>> {
        self.allow(actor, Action::See { owner: actor.seen_user() })?;
        let mut tx = self.db().read().await?;
        let mut views = Vec::new();
        for identity in identities::list(&mut tx, actor.workspace, actor.seen_user()).await? {
            views.push(view(&mut tx, identity).await?);
        }
        Ok(views)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn identity(&self, actor: &Actor, id: IdentityId) -> Result<IdentityView> {
        let mut tx = self.db().read().await?;
        let identity = self.visible_identity(&mut tx, actor, id).await?;
        view(&mut tx, identity).await
    }

    fn tell_identities(&self, identity: &Identity) {
        self.live().tell(Change {
            workspace: identity.workspace_id,
            owner: Some(identity.user_id),
            topic: Topic::Identities,
            emails: Vec::new(),
        });
    }

    async fn visible_identity(&self, tx: &mut Tx, actor: &Actor, id: IdentityId) -> Result<Identity> {
        let identity = identities::find(tx, actor.workspace, id).await?;
        match self.allow(actor, Action::See { owner: identity.user_id }) {
            Ok(()) if identity.deleted_at.is_none() => Ok(identity),
            _ => Err(Error::NotFound),
        }
    }

    /// The identity, once it is clear that `actor` may change it.
    async fn identity_to_change(&self, tx: &mut Tx, actor: &Actor, id: IdentityId) -> Result<Identity> {
        let identity = self.visible_identity(tx, actor, id).await?;
        self.allow(actor, Action::Change { owner: identity.user_id })?;
        Ok(identity)
    }
}

async fn view(tx: &mut Tx, identity: Identity) -> Result<IdentityView> {
    let channel_name = match identity.channel_id {
        Some(id) => Some(store::channels::find(tx, identity.workspace_id, id).await?.name),
        None => None,
    };
    let mailbox_name = match identity.mailbox_id {
        Some(id) => Some(store::mailboxes::find(tx, identity.workspace_id, id).await?.name),
        None => None,
    };
    Ok(IdentityView { identity, channel_name, mailbox_name })
}
