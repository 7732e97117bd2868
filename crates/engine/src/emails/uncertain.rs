//! Emails of which nobody knows whether they arrived: the user knows, or decides.

use domain::{
    EmailId, Status,
    authorization::Actor,
    events::EventKind,
    ledger::{Outcome, RecipientKind},
    text_enum,
};
use store::emails::Listed;

use super::change;
use crate::{Engine, Error, Result};

text_enum!(
    /// What a user says about an email of uncertain fate.
    Settlement {
        /// It arrived.
        Arrived = "arrived",
        /// Send it once more; the recipient may get it twice.
        SendAgain = "send_again",
    }
);

impl Engine {
    /// Settles an uncertain email.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is not uncertain.
    pub async fn settle_uncertain(&self, actor: &Actor, id: EmailId, settlement: Settlement) -> Result<Listed> {
        let mut tx = self.db().begin().await?;
        let mut email = change::changeable(self, &mut tx, actor, id).await?;
        if !email.uncertain {
            return Err(Error::Conflict("not_uncertain"));
        }
        let by = change::by(&mut tx, actor).await?;
        match settlement {
            Settlement::Arrived => {
                email.uncertain = false;
                email.sent_at = email.first_attempt_at.or(Some(self.now()));
                self.file(&mut tx, &mut email, Status::Delivered).await?;
                for mut recipient in store::recipients::list(&mut tx, actor.workspace, id).await? {
                    if recipient.kind == RecipientKind::To {
                        recipient.outcome = Outcome::Accepted;
                        recipient.settled_at = Some(self.now());
                        store::recipients::update(&mut tx, actor.workspace, &recipient).await?;
                    }
                }
                self.note(&mut tx, &email, EventKind::Accepted, by).await?;
            }
            Settlement::SendAgain => {
                let (due, reason) = self.due(&mut tx, actor, None).await?;
                self.prepare_again(&mut tx, &mut email, due, reason).await?;
                self.note(&mut tx, &email, EventKind::Retried, by).await?;
            }
        }
        let listed = store::emails::find_listed(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        self.wake_delivery();
        self.tell_emails(actor.workspace, email.owner_id, vec![id]);
        Ok(listed)
    }
}
