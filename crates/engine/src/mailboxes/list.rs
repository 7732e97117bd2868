//! Mailboxes as their owner sees them: with what names them, and without their passwords.

use domain::{
    MailboxId,
    authorization::{Action, Actor},
};
use store::{Tx, identities, mailboxes::Mailbox};

use super::visible;
use crate::{Engine, Result};

/// A mailbox with everything a screen shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxView {
    /// The mailbox; its sealed password is for nobody to see.
    pub mailbox: Mailbox,
    /// The addresses of the identities that name it.
    pub addresses: Vec<String>,
}

impl Engine {
    /// The mailboxes of the user whose things `actor` sees, by name.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn mailboxes(&self, actor: &Actor) -> Result<Vec<MailboxView>> {
        self.allow(actor, Action::See { owner: actor.seen_user() })?;
        let mut tx = self.db().read().await?;
        let mut views = Vec::new();
        for mailbox in store::mailboxes::list(&mut tx, actor.workspace, actor.seen_user()).await? {
            views.push(view(&mut tx, mailbox).await?);
        }
        Ok(views)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn mailbox(&self, actor: &Actor, id: MailboxId) -> Result<MailboxView> {
        let mut tx = self.db().read().await?;
        let mailbox = visible(self, &mut tx, actor, id).await?;
        view(&mut tx, mailbox).await
    }
}

pub(super) async fn view(tx: &mut Tx, mailbox: Mailbox) -> Result<MailboxView> {
    let identities = identities::list(tx, mailbox.workspace_id, mailbox.owner_id).await?;
    let named = identities.into_iter().filter(|identity| identity.mailbox_id == Some(mailbox.id));
    Ok(MailboxView { addresses: named.map(|identity| identity.address).collect(), mailbox })
}
