//! Ids that servers gave to messages of ours: what comes back names those.

use domain::{WorkspaceId, smtp::Reply};
use mail::{imap::Told, smtp::given_id};
use store::{Tx, mailboxes::Mailbox, sent_ids::Sending};

use super::admission::is_about;
use crate::{
    Engine, Result,
    emails::{id_left, parse_mark},
};

/// The longest id that is one (RFC 5322 §2.1.1 bounds a line).
const LONGEST_ID: usize = 998;

/// An id that a server gave.
#[derive(Debug, Clone)]
pub(crate) struct GivenId {
    id: String,
    sending: Sending,
}

impl GivenId {
    /// The id that a server's `answer` names for `sending`, if it names one.
    pub(crate) fn of(answer: Option<&Reply>, sending: Sending) -> Option<Self> {
        Some(Self { id: given_id(&answer?.text)?.to_owned(), sending })
    }
}

/// Keeps `given` ids; most servers give none.
pub(crate) async fn keep_given_ids(
    tx: &mut Tx,
    workspace: WorkspaceId,
    given: impl IntoIterator<Item = &GivenId>,
) -> Result<()> {
    for given in given {
        store::sent_ids::keep(tx, workspace, &given.id, given.sending).await?;
    }
    Ok(())
}

impl Engine {
    /// Keeps the ids under which messages of ours stand in the Sent folder of `mailbox`, where its provider gave them others
    /// than we did.
    pub(crate) async fn learn_ids(&self, mailbox: &Mailbox, told: &[Told]) -> Result<()> {
        let mut given = Vec::new();
        let mut tx = self.db().read().await?;
        for told in told {
            given.extend(given_in_sent(&mut tx, mailbox, told).await?);
        }
        drop(tx);
        if given.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        keep_given_ids(&mut tx, mailbox.workspace_id, &given).await?;
        tx.commit().await?;
        tracing::debug!(mailbox = %mailbox.id, ids = given.len(), "a provider gave our messages ids of its own");
        Ok(())
    }
}

/// The id that a message in Sent bears, if it is one of ours and we do not know it by that id yet.
async fn given_in_sent(tx: &mut Tx, mailbox: &Mailbox, told: &Told) -> Result<Option<GivenId>> {
    let workspace = mailbox.workspace_id;
    let Some(sending) = told.mark.as_deref().and_then(parse_mark) else { return Ok(None) };
    let Some(id) = told.message_id.as_ref().filter(|id| id.len() <= LONGEST_ID) else { return Ok(None) };
    if parse_mark(id_left(id)) == Some(sending)
        || !store::sent_ids::find(tx, workspace, &[id]).await?.is_empty()
        || !store::sent_ids::was_sent(tx, workspace, sending).await?
    {
        return Ok(None);
    }
    let email = store::emails::find(tx, workspace, sending.email_id).await?;
    Ok(is_about(tx, mailbox, &email).await?.then(|| GivenId { id: id.clone(), sending }))
}
