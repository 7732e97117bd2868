//! Emails of which nobody knows whether they arrived: the user knows, or decides.

use domain::{
    EmailId, Status,
    authorization::Actor,
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    reasons::WaitReason,
    text_enum,
};
use store::{
    Tx,
    email_actions::RowBefore,
    emails::{Email, Listed},
};

use super::{
    ActionResult,
    actions::{ActionKind, UNDO, remember},
    change::{self, forget_failure, wait_until},
    retry::sending_before,
};
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
    /// Settles an uncertain email. Until it leaves once more, or for a while where it arrived, that can be undone.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is not uncertain.
    pub async fn settle_uncertain(
        &self,
        actor: &Actor,
        id: EmailId,
        settlement: Settlement,
    ) -> Result<(Listed, ActionResult)> {
        let mut tx = self.db().begin().await?;
        let mut email = change::changeable(self, &mut tx, actor, id).await?;
        if !email.uncertain {
            return Err(Error::Conflict("not_uncertain"));
        }
        let by = change::by(&mut tx, actor).await?;
        let before = remember(&email);
        let (kind, undo_until, sending) = match settlement {
            Settlement::Arrived => {
                let recipients = store::recipients::list(&mut tx, actor.workspace, id).await?;
                let sending = sending_before(&email, &recipients);
                self.arrive(&mut tx, &mut email, by).await?;
                (ActionKind::Arrived, self.now().plus(UNDO), sending)
            }
            Settlement::SendAgain => {
                let (due, reason) = self.due(&mut tx, actor, None).await?;
                let sending = self.prepare_again(&mut tx, &mut email, due, reason).await?;
                let evidence = Evidence { until: Some(due), wait: Some(reason), ..by };
                self.note(&mut tx, &email, EventKind::Retried, evidence).await?;
                (ActionKind::SendAgain, due, sending)
            }
        };
        let row = RowBefore { sending: Some(sending), ..before.after(&email) };
        let action = self.keep_action(&mut tx, actor, kind, vec![row], Vec::new(), undo_until).await?;
        let listed = store::emails::find_listed(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        self.wake_delivery();
        self.tell_emails(actor.workspace, email.owner_id, vec![id]);
        Ok((listed, action))
    }

    /// Files an uncertain email as delivered, because of `evidence`. Copies that nobody was asked about yet go out now.
    pub(crate) async fn arrive(&self, tx: &mut Tx, email: &mut Email, evidence: Evidence) -> Result<()> {
        let (workspace, now) = (email.workspace_id, self.now());
        let mut recipients = store::recipients::list(tx, workspace, email.id).await?;
        for recipient in recipients.iter_mut().filter(|recipient| recipient.kind == RecipientKind::To) {
            recipient.outcome = Outcome::Accepted;
            recipient.settled_at = Some(now);
            store::recipients::update(tx, workspace, recipient).await?;
        }
        email.uncertain = false;
        email.sent_at = email.first_attempt_at.or(Some(now));
        if recipients.iter().any(|it| matches!(it.outcome, Outcome::Waiting | Outcome::Deferred)) {
            wait_until(email, now, WaitReason::BatchPause);
            self.file(tx, email, Status::Scheduled).await?;
        } else {
            forget_failure(email);
            email.last_activity_at = now;
            self.file(tx, email, Status::Delivered).await?;
        }
        self.note(tx, email, EventKind::Accepted, evidence).await
    }
}
