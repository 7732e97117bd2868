//! Mailboxes as their owner sees them: with what names them, and without their passwords.

use domain::{
    MailboxId,
    authorization::{Action, Actor},
    time::DAY,
};
use store::{
    Tx, identities,
    mailbox_folders::{self, Progress},
    mailbox_watches::{self, Watch},
    mailboxes::{Found, Mailbox},
};

use super::visible;
use crate::{Engine, Result};

/// What was found is counted for so long, in microseconds.
pub(super) const LATELY: i64 = 7 * DAY;

/// A mailbox with everything a screen shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxView {
    /// The mailbox; its sealed password is for nobody to see.
    pub mailbox: Mailbox,
    /// The addresses of the identities that name it.
    pub addresses: Vec<String>,
    /// How the watching of it stands, if it began.
    pub watch: Option<Watch>,
    /// The folders that are read, as far as they were.
    pub folders: Vec<Progress>,
    /// What was found in the last seven days, by kind.
    pub found: Vec<Found>,
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
            views.push(view(self, &mut tx, mailbox).await?);
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
        view(self, &mut tx, mailbox).await
    }
}

pub(super) async fn view(engine: &Engine, tx: &mut Tx, mailbox: Mailbox) -> Result<MailboxView> {
    let identities = identities::list(tx, mailbox.workspace_id, mailbox.owner_id).await?;
    let named = identities.into_iter().filter(|identity| identity.mailbox_id == Some(mailbox.id));
    let addresses = named.map(|identity| identity.address).collect();
    let watch = mailbox_watches::find(tx, mailbox.workspace_id, mailbox.id).await?;
    let folders = mailbox_folders::list(tx, mailbox.workspace_id, mailbox.id).await?;
    let since = engine.now().plus(-LATELY);
    let found = store::mailboxes::found(tx, mailbox.workspace_id, mailbox.id, since).await?;
    Ok(MailboxView { mailbox, addresses, watch, folders, found })
}
