//! Taking back what was done: each email gets its earlier state, unless it was changed since.

use domain::{
    EmailActionId, EmailId, Status, StopId, TextEnum,
    authorization::{Action, Actor, Denied},
    events::{EventKind, Evidence, Undone},
    status::may_restore,
};
use store::{Tx, email_actions::RowBefore, emails::Email};

use super::{
    ActionKind, Context, Skipped,
    actions::{skip_reason, state},
    change,
};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoResult {
    /// The emails that are as they were before.
    pub restored: Vec<EmailId>,
    /// The emails that were left as they are.
    pub skipped: Vec<Skipped>,
}

impl Engine {
    /// Takes an action back: each email gets its earlier state, except those changed since.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is too late or was undone already.
    pub async fn undo(&self, actor: &Actor, id: EmailActionId) -> Result<UndoResult> {
        let mut tx = self.db().begin().await?;
        let action = store::email_actions::find(&mut tx, actor.workspace, id).await?;
        self.allow(actor, Action::Change { owner: action.user_id }).map_err(|denied| match denied {
            Error::Denied(Denied::Forbidden) => Error::NotFound,
            other => other,
        })?;
        if self.now() > action.undo_until {
            return Err(Error::Conflict("too_late"));
        }
        store::email_actions::mark_undone(&mut tx, actor.workspace, id, self.now())
            .await
            .map_err(|_| Error::Conflict("undone_already"))?;
        let by = change::by(&mut tx, actor).await?;
        let stopped = [ActionKind::Unsubscribe, ActionKind::ReportSpam].map(ActionKind::as_str);
        let told = if action.kind == ActionKind::Unsubscribe.as_str() {
            self.resume_own(&mut tx, actor, StopId(id.0)).await?
        } else {
            None
        };
        let mut result = UndoResult { restored: Vec::new(), skipped: Vec::new() };
        for row in &action.rows_before {
            match self.restore(&mut tx, actor, row, &by).await {
                Ok(()) => result.restored.push(row.id),
                Err(error) => result.skipped.push(Skipped { id: row.id, reason: skip_reason(error)? }),
            }
        }
        if action.kind == ActionKind::ReportSpam.as_str() {
            // Of whom the email is still under Spam is still said to have reported it.
            self.resume_reported(&mut tx, actor, &result.restored).await?;
        }
        if action.kind == ActionKind::Delete.as_str() {
            let restored = serde_json::json!({ "emails": result.restored });
            self.record(&mut tx, actor, AuditAction::EmailsRestored, Target::EmailAction(id), None, Some(restored))
                .await?;
        }
        tx.commit().await?;
        self.wake_delivery();
        if stopped.contains(&action.kind.as_str()) {
            self.tell_stops(actor.workspace);
            self.tell_feed(actor.workspace, actor.user);
        }
        self.tell_taken_back(actor.workspace, told);
        self.tell_emails(actor.workspace, actor.user, result.restored.clone());
        Ok(result)
    }

    /// Gives one email its earlier state.
    async fn restore(&self, tx: &mut Tx, actor: &Actor, row: &RowBefore, by: &Evidence) -> Result<()> {
        change::changeable(self, tx, actor, row.id).await?;
        // A node that is about to send it waits, or has it already and then its state says so.
        let mut email = store::emails::lock(tx, actor.workspace, row.id).await?;
        if state(&email) != row.after {
            return Err(Error::Changed);
        }
        let current = email.status;
        let noted = match (current, row.before.status) {
            (Status::Deleted, before) if may_restore(before) => {
                email.deleted_at = None;
                email.status_before = None;
                EventKind::Restored
            }
            (Status::Scheduled, Status::Draft) => {
                store::recipients::delete(tx, email.workspace_id, email.id).await?;
                EventKind::Unscheduled
            }
            (Status::Draft, Status::Scheduled) => return self.schedule_again(tx, actor, &mut email, row).await,
            (Status::Archived, _) => EventKind::Unarchived,
            (Status::Delivered, Status::Archived) => EventKind::Archived,
            (_, before) if before == current && row.before.success_at.is_some() => EventKind::Success,
            (_, before) if before == current && row.after.success_at.is_some() => EventKind::SuccessWithdrawn,
            _ => EventKind::Restored,
        };
        email.status = row.before.status;
        email.success_at = row.before.success_at;
        email.send_number = row.before.send_number;
        email.due_at = row.before.due_at;
        email.next_at = row.before.due_at;
        email.wait_reason = row.before.wait_reason;
        let evidence = Evidence { undone: Some(given_back(&email)), ..by.clone() };
        if let Some(doubt) = &row.doubt {
            return self.doubt_again(tx, email, current, doubt, evidence).await;
        }
        self.save(tx, &mut email, current).await?;
        self.note(tx, &email, noted, evidence).await?;
        if current == Status::Spam {
            let history = store::rebuild::events_of(tx, email.workspace_id, email.id, email.id).await?;
            store::feed::withdraw(tx, email.workspace_id, &history).await?;
        }
        Ok(())
    }

    /// Undoing Edit: the draft goes back into the queue, for its time or, if that has passed, for now.
    async fn schedule_again(&self, tx: &mut Tx, actor: &Actor, email: &mut Email, row: &RowBefore) -> Result<()> {
        let context = Context::load(tx, email.clone()).await?;
        if context.checks().iter().any(|check| check.blocking) {
            return Err(Error::Changed);
        }
        let ahead = row.before.due_at.filter(|due| *due > self.now());
        let (due, reason) = self.due(tx, actor, ahead).await?;
        change::wait_until(email, due, reason);
        self.file(tx, email, Status::Scheduled).await?;
        self.open_ledger(tx, &context).await?;
        let undone = Some(given_back(email));
        let evidence = Evidence { until: Some(due), wait: Some(reason), undone, ..change::by(tx, actor).await? };
        self.note(tx, email, EventKind::Queued, evidence).await
    }
}

/// What of its state the email's history would not tell.
fn given_back(email: &Email) -> Undone {
    Undone {
        status: email.status,
        send_number: email.send_number,
        due_at: email.due_at,
        wait_reason: email.wait_reason,
        success_at: email.success_at,
    }
}
