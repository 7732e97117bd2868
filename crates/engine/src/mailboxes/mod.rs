//! Mailboxes: setting them up, trying them out, watching for what comes back, and what their Sent folder tells and keeps.
//!
//! A mailbox belongs to a user; an identity names the mailbox its sent mail is kept in. One worker watches every mailbox:
//! new mail goes to [`crate::incoming`]. Another visits a mailbox when there is something to do in Sent: an uncertain email
//! is looked for, and where the provider keeps no copies, ours are put there. What goes wrong is shown on the mailbox and
//! never touches an email.

mod consent;
mod copies;
mod input;
mod list;
mod looks;
mod save;
mod server;
mod test;
mod uncertainty;
mod visit;
mod watch;

use domain::{
    MailboxId,
    authorization::{Action, Actor},
};
use serde_json::{Value, json};
use store::{Tx, mailboxes::Mailbox};

pub use input::{MailboxChange, MailboxInput, folders};
pub use list::MailboxView;
pub use mail::imap::{MailboxStep, Probe, ProbeStep, Problem};
pub use store::{
    mailbox_watches::Watch,
    mailboxes::{Found, Trouble},
};
pub use uncertainty::{Search, Uncertainty};

pub(crate) use visit::is_refusal;
pub(crate) use watch::Bell;

use crate::{
    Engine, Error, Result,
    live::{Change, Topic},
};

impl Engine {
    /// Tells the owner of a mailbox, whose identities may name it.
    fn tell_mailbox(&self, mailbox: &Mailbox) {
        for topic in [Topic::Mailboxes, Topic::Identities] {
            self.live().tell(Change {
                workspace: mailbox.workspace_id,
                owner: Some(mailbox.owner_id),
                topic,
                emails: Vec::new(),
            });
        }
    }

    /// The mailbox, once it is clear that `actor` may change it.
    async fn mailbox_to_change(&self, actor: &Actor, id: MailboxId) -> Result<Mailbox> {
        let mut tx = self.db().read().await?;
        let mailbox = visible(self, &mut tx, actor, id).await?;
        self.allow(actor, Action::Change { owner: mailbox.owner_id })?;
        Ok(mailbox)
    }
}

/// The mailbox, if it belongs to the user whose things `actor` sees.
pub(crate) async fn visible(engine: &Engine, tx: &mut Tx, actor: &Actor, id: MailboxId) -> Result<Mailbox> {
    let mailbox = store::mailboxes::find(tx, actor.workspace, id).await?;
    match engine.allow(actor, Action::See { owner: mailbox.owner_id }) {
        Ok(()) if mailbox.deleted_at.is_none() => Ok(mailbox),
        _ => Err(Error::NotFound),
    }
}

/// A mailbox as the audit record shows it.
fn described(mailbox: &Mailbox) -> Value {
    json!({
        "name": mailbox.name,
        "host": mailbox.host,
        "port": mailbox.port,
        "security": mailbox.security,
        "username": mailbox.username,
        "sent_folder": mailbox.sent_folder,
        "append_sent": mailbox.append_since.is_some(),
        "provider": mailbox.provider,
        "reads": mailbox.reads,
        "read_folders": mailbox.read_folders,
    })
}
