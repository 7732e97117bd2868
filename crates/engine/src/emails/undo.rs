//! Taking back what was done: each email gets its earlier state, unless it was changed since.

use domain::{
    EmailActionId, EmailId, Status, StopId, TextEnum,
    authorization::{Action, Actor, Denied},
    events::{EventKind, Evidence, Undone},
    status::may_restore,
};
use store::{
    Tx,
    email_actions::{RowBefore, SendingBefore},
    emails::{Email, Listed},
};

use super::{
    ActionKind, Context, Skipped,
    actions::{UNDO, skip_reason, state},
    change,
};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
    rebuild,
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

    /// Takes back what sends one email, as long as it waits: it is what it was before, and what else was done with it in one
    /// go still goes out. Where nothing says what it was, it becomes a draft.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it does not wait any more, or cannot be taken back.
    pub async fn unsend(&self, actor: &Actor, id: EmailId) -> Result<Listed> {
        let mut tx = self.db().begin().await?;
        let email = change::changeable(self, &mut tx, actor, id).await?;
        if email.status != Status::Scheduled {
            return Err(Error::Conflict("too_late"));
        }
        let now = self.now();
        let actions =
            store::email_actions::undoable(&mut tx, actor.workspace, actor.user, id, now.plus(-UNDO), now).await?;
        let rows = actions.iter().flat_map(|action| &action.rows_before);
        let Some(row) = rows.into_iter().find(|row| row.id == id && row.after == state(&email)) else {
            drop(tx);
            return self.unschedule(actor, id).await;
        };
        let by = change::by(&mut tx, actor).await?;
        self.restore(&mut tx, actor, row, &by).await?;
        let listed = store::emails::find_listed(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        self.wake_delivery();
        self.tell_emails(actor.workspace, email.owner_id, vec![id]);
        Ok(listed)
    }

    async fn unschedule(&self, actor: &Actor, id: EmailId) -> Result<Listed> {
        if self.act(actor, ActionKind::Edit, &[id], None).await?.changed.is_empty() {
            return Err(Error::Conflict("not_allowed_here"));
        }
        self.email_row(actor, id).await
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
        if let Some(sending) = &row.sending {
            return self.give_sending_back(tx, email, current, sending, evidence).await;
        }
        self.save(tx, &mut email, current).await?;
        self.note(tx, &email, noted, evidence).await?;
        if current == Status::Spam {
            let history = store::rebuild::events_of(tx, email.workspace_id, email.id, email.id).await?;
            store::feed::withdraw(tx, email.workspace_id, &history).await?;
        }
        Ok(())
    }

    /// Makes the sending `before` the last one of `email` again: sending it once more, or settling it, is now `undone`. What came
    /// back meanwhile has the effect that it would have had.
    async fn give_sending_back(
        &self,
        tx: &mut Tx,
        mut email: Email,
        current: Status,
        before: &SendingBefore,
        undone: Evidence,
    ) -> Result<()> {
        let workspace = email.workspace_id;
        for mut recipient in store::recipients::list(tx, workspace, email.id).await? {
            if let Some(before) = before.recipients.iter().find(|before| before.id == recipient.id) {
                recipient.outcome = before.outcome;
                recipient.send_number = before.send_number;
                recipient.settled_at = before.settled_at;
                store::recipients::update(tx, workspace, &recipient).await?;
            }
        }
        self.note(tx, &email, EventKind::Restored, undone).await?;
        let events = store::rebuild::events_of(tx, workspace, email.id, email.id).await?;
        let derived = rebuild::derived(tx, workspace, email.id, &events).await?;
        email.channel_id = before.channel_id;
        email.last_activity_at = derived.last_activity_at.unwrap_or(before.last_activity_at);
        email = rebuild::with_history(email, derived);
        self.save(tx, &mut email, current).await?;
        let done = events.iter().rposition(|it| matches!(it.kind, EventKind::Retried | EventKind::Accepted));
        self.hear_again(tx, &mut email, &events[done.unwrap_or(events.len())..]).await
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
