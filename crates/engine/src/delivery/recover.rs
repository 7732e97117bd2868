//! Takes back what a worker that is gone had claimed.

use domain::{
    Status,
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    reasons::WaitReason,
};
use store::{Tx, emails::Email};

use crate::{Engine, Result, emails::stop_waiting};

impl Engine {
    /// Looks for leases that have run out; at the start of a program that is alone on its store, `all` of them have.
    ///
    /// What never reached the final dot goes again. What may have passed it is uncertain.
    pub(super) async fn recover_leases(&self, all: bool) -> Result<()> {
        let mut tx = self.db().read().await?;
        let workspaces = store::workspaces::list(&mut tx).await?;
        drop(tx);
        let alone = all && matches!(self.db(), store::Db::Sqlite { .. });
        let until = if alone { domain::Timestamp(i64::MAX) } else { self.now() };
        for workspace in workspaces {
            let mut tx = self.db().read().await?;
            let expired = store::emails::return_expired(&mut tx, workspace.id, until).await?;
            drop(tx);
            for mut email in expired {
                let mut tx = self.db().begin().await?;
                self.take_back(&mut tx, &mut email).await?;
                tx.commit().await?;
                self.tell_emails(email.workspace_id, email.owner_id, vec![email.id]);
            }
        }
        Ok(())
    }

    async fn take_back(&self, tx: &mut Tx, email: &mut Email) -> Result<()> {
        let mut recipients = store::recipients::list(tx, email.workspace_id, email.id).await?;
        for recipient in recipients.iter_mut().filter(|it| it.outcome == Outcome::Attempting) {
            recipient.outcome = Outcome::Uncertain;
            recipient.settled_at = Some(self.now());
            store::recipients::update(tx, email.workspace_id, recipient).await?;
            let evidence = Evidence {
                recipient: Some(recipient.address.clone()),
                detail: Some("the program stopped during the transaction".to_owned()),
                ..Evidence::default()
            };
            if recipient.kind == RecipientKind::To {
                return self.make_uncertain(tx, email, evidence).await;
            }
            self.note(tx, email, EventKind::Uncertain, evidence).await?;
        }
        let open = recipients.iter().any(|it| matches!(it.outcome, Outcome::Waiting | Outcome::Deferred));
        stop_waiting(email);
        if open {
            let now = self.now();
            email.due_at = Some(now);
            email.next_at = Some(now);
            email.wait_reason = Some(WaitReason::BatchPause);
            self.file(tx, email, Status::Scheduled).await
        } else {
            email.sent_at = email.sent_at.or(Some(self.now()));
            self.file(tx, email, Status::Delivered).await
        }
    }
}
