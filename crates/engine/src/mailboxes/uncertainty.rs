//! What is known about an uncertain email: where it was looked for, and when it is looked for again.

use domain::{EmailId, Timestamp, authorization::Actor};
use store::{mailboxes::Trouble, sent_looks};

use crate::{Engine, Error, Result, emails::visible};

/// What is known about an uncertain email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncertainty {
    /// The mailbox of its identity, if it names one.
    pub search: Option<Search>,
}

/// The search in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The mailbox's name.
    pub mailbox: String,
    /// The folder that was looked into last.
    pub folder: Option<String>,
    /// When it was looked for last, in vain.
    pub looked_at: Option<Timestamp>,
    /// When it is looked for next; `None` when it is not, any more.
    pub next_at: Option<Timestamp>,
    /// Sent cannot tell: a copy of the email left under the same id.
    pub cannot_tell: bool,
    /// What keeps us from looking.
    pub trouble: Option<Trouble>,
}

impl Engine {
    /// What is known about an uncertain email.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is not uncertain.
    pub async fn uncertainty(&self, actor: &Actor, id: EmailId) -> Result<Uncertainty> {
        let mut tx = self.db().read().await?;
        let email = visible(self, &mut tx, actor, id).await?;
        if !email.uncertain {
            return Err(Error::Conflict("not_uncertain"));
        }
        let identity = match email.identity_id {
            Some(id) => Some(store::identities::find(&mut tx, actor.workspace, id).await?),
            None => None,
        };
        let Some(mailbox) = identity.and_then(|identity| identity.mailbox_id) else {
            return Ok(Uncertainty { search: None });
        };
        let mailbox = store::mailboxes::find(&mut tx, actor.workspace, mailbox).await?;
        let look = sent_looks::find(&mut tx, actor.workspace, id, email.send_number).await?;
        let looked = look.as_ref().filter(|look| look.looks > 0);
        Ok(Uncertainty {
            search: Some(Search {
                folder: looked.map(|look| look.folder.clone()),
                looked_at: looked.map(|look| look.looked_at),
                next_at: match &look {
                    Some(look) => look.next_at.max(look.next_at.and(mailbox.visit_after)),
                    None => Some(mailbox.visit_after.map_or(self.now(), |after| after.max(self.now()))),
                },
                cannot_tell: look.as_ref().is_some_and(|look| look.looks == 0),
                trouble: mailbox.problem.map(|code| Trouble { code, text: mailbox.problem_text.unwrap_or_default() }),
                mailbox: mailbox.name,
            }),
        })
    }
}
