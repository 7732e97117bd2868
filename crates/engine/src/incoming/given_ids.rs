//! Ids that servers gave to messages of ours: what comes back names those.

use domain::{WorkspaceId, smtp::Reply};
use mail::smtp::given_id;
use store::{Tx, sent_ids::Sending};

use crate::Result;

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
