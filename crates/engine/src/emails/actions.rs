//! What a user does to one email or to many at once.

use domain::{
    EmailActionId, EmailId, Status, TextEnum, Timestamp,
    authorization::{Action, Actor},
    events::{EventKind, Evidence},
    input::{Code, Invalid},
    ledger::Outcome,
    reasons::{FailureReason, WaitReason},
    status::DELETED_DAYS,
    text_enum,
    time::{DAY, MINUTE},
};
use store::{
    Tx,
    email_actions::{EmailAction, RowBefore, RowState},
    emails::Email,
};

use super::{change, lists::Folder};
use crate::{
    Engine, Error, Result,
    accounts::audit::{AuditAction, Target},
};

text_enum!(
    /// A verb of the Command Center.
    ActionKind {
        /// Put away; views and clicks are no longer recorded.
        Archive = "archive",
        /// Take out again.
        Unarchive = "unarchive",
        /// Mark as a success.
        Success = "success",
        /// No longer a success.
        WithdrawSuccess = "withdraw_success",
        /// Send again what was undelivered.
        Retry = "retry",
        /// Delete.
        Delete = "delete",
        /// Send what is scheduled now, or give it another time.
        SendNow = "send_now",
        /// Give what is scheduled another time.
        Reschedule = "reschedule",
        /// Take what is scheduled back into Draft.
        Edit = "edit",
        /// The recipient marked it as spam, says the owner.
        ReportSpam = "report_spam",
        /// The owner has looked at it.
        Seen = "seen",
        /// The recipient wants no more mail; done by [`Engine::unsubscribe_by_hand`] only.
        Unsubscribe = "unsubscribe",
        /// Send or schedule a draft; done by [`Engine::send`] only.
        Send = "send",
        /// An uncertain email arrived, says the owner; done by [`Engine::settle_uncertain`] only.
        Arrived = "arrived",
        /// Send an uncertain email once more; done by [`Engine::settle_uncertain`] only.
        SendAgain = "send_again",
    }
);

impl ActionKind {
    /// Whether it can be done to any emails that somebody names; the others have ways of their own.
    pub fn is_for_many(self) -> bool {
        !matches!(self, Self::Send | Self::Unsubscribe | Self::Arrived | Self::SendAgain)
    }
}

text_enum!(
    /// Why an email was left as it was.
    SkipReason {
        /// Its folder does not allow the action.
        NotAllowedHere = "not_allowed_here",
        /// Nobody knows whether it arrived; that is settled first.
        Uncertain = "uncertain",
        /// It was changed since.
        ChangedSince = "changed_since",
        /// The recipient is not to be mailed.
        HeldBack = "held_back",
        /// Its identity is deleted, not verified, or without a channel: that is mended first.
        Identity = "identity",
        /// There is no such email.
        NotFound = "not_found",
    }
);

/// The most emails one action names.
pub(crate) const MAX_ROWS: usize = 1000;

/// How long what has not left can be taken back. The page offers it for ten seconds; a slow hand gets more.
pub(super) const UNDO: i64 = 10 * MINUTE;

/// An email that was left as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub id: EmailId,
    /// Why.
    pub reason: SkipReason,
}

/// What an action did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionResult {
    /// By which it can be undone; `None` when there is nothing to undo.
    pub id: Option<EmailActionId>,
    /// The verb.
    pub kind: ActionKind,
    /// The emails it changed.
    pub changed: Vec<EmailId>,
    /// The emails it left as they were.
    pub skipped: Vec<Skipped>,
    /// Until when it can be undone.
    pub undo_until: Option<Timestamp>,
}

/// More emails than this, queued by one action, take turns apart from their owner's single emails.
const BULK: usize = 20;

/// How an action queues emails.
#[derive(Clone, Copy)]
struct Queued {
    due: Timestamp,
    reason: WaitReason,
    bulk: bool,
}

/// What is to be done to each of some emails.
struct Doing<'a> {
    actor: &'a Actor,
    kind: ActionKind,
    folder: Option<Folder>,
    queued: Option<Queued>,
    by: Evidence,
}

/// Whether so many emails queued at once are bulk mail.
pub(super) fn is_bulk(ids: &[EmailId]) -> bool {
    ids.len() > BULK
}

/// Whether `kind` queues an email that is filed under `status`.
pub(super) fn queues(kind: ActionKind, status: Status) -> bool {
    match kind {
        ActionKind::SendNow | ActionKind::Reschedule => status == Status::Scheduled,
        ActionKind::Retry => matches!(status, Status::Failed | Status::Bounced | Status::Spam),
        _ => false,
    }
}

/// Refuses no emails at all, and more than `most`.
pub(super) fn refuse_count(ids: &[EmailId], most: usize) -> Result<()> {
    if ids.is_empty() || ids.len() > most {
        let max = i64::try_from(most).unwrap_or(i64::MAX);
        return Err(Invalid::new("email_ids", Code::OutOfRange { min: 1, max }).into());
    }
    Ok(())
}

/// Refuses an email that is no longer in the folder in which it was chosen.
pub(super) fn refuse_elsewhere(folder: Option<Folder>, email: &Email) -> Result<()> {
    match folder {
        Some(folder) if !folder.statuses().contains(&email.status) => Err(Error::Changed),
        _ => Ok(()),
    }
}

/// A row's state before an action.
pub(super) struct Remembered {
    id: EmailId,
    before: RowState,
}

pub(super) fn remember(email: &Email) -> Remembered {
    Remembered { id: email.id, before: state(email) }
}

impl Remembered {
    pub(super) fn after(self, email: &Email) -> RowBefore {
        RowBefore { id: self.id, before: self.before, after: state(email), sending: None }
    }
}

pub(super) fn state(email: &Email) -> RowState {
    RowState {
        status: email.status,
        due_at: email.due_at,
        wait_reason: email.wait_reason,
        success_at: email.success_at,
        send_number: email.send_number,
    }
}

impl Engine {
    /// Does `kind` to every email of `ids` that allows it; says which ones did not. `at` is the new time of Reschedule.
    ///
    /// # Errors
    /// [`Error::Invalid`] for no or too many emails, or a missing or bad time.
    pub async fn act(
        &self,
        actor: &Actor,
        kind: ActionKind,
        ids: &[EmailId],
        at: Option<Timestamp>,
    ) -> Result<ActionResult> {
        self.act_within(actor, None, kind, ids, at).await
    }

    /// As [`Engine::act`], and leaves what is no longer in `folder` as it is: of a whole folder that somebody chose a
    /// while ago, nobody looked at each email.
    ///
    /// # Errors
    /// As [`Engine::act`].
    pub async fn act_within(
        &self,
        actor: &Actor,
        folder: Option<Folder>,
        kind: ActionKind,
        ids: &[EmailId],
        at: Option<Timestamp>,
    ) -> Result<ActionResult> {
        self.allow(actor, Action::Change { owner: actor.seen_user() })?;
        refuse_count(ids, MAX_ROWS)?;
        let mut tx = self.db().begin().await?;
        let time = self.due_of(&mut tx, actor, kind, at).await?;
        let queued = time.map(|(due, reason)| Queued { due, reason, bulk: is_bulk(ids) });
        let doing = Doing { actor, kind, folder, queued, by: change::by(&mut tx, actor).await? };
        let (mut rows, mut skipped) = (Vec::new(), Vec::new());
        for &id in ids {
            match self.act_on_one(&mut tx, &doing, id).await {
                Ok(row) => rows.push(row),
                Err(error) => skipped.push(Skipped { id, reason: skip_reason(error)? }),
            }
        }
        if kind == ActionKind::ReportSpam {
            let reported: Vec<EmailId> = rows.iter().map(|row| row.id).collect();
            rows.extend(self.stop_reported(&mut tx, actor, &reported).await?);
        }
        let undo_until = match (kind, time) {
            (ActionKind::SendNow | ActionKind::Retry, Some((due, _))) => due,
            (ActionKind::Delete, _) => self.now().plus(DELETED_DAYS * DAY),
            _ => self.now().plus(UNDO),
        };
        let result = self.keep_action(&mut tx, actor, kind, rows, skipped, undo_until).await?;
        if let (ActionKind::Delete, Some(id)) = (kind, result.id) {
            let deleted = serde_json::json!({ "emails": result.changed });
            self.record(&mut tx, actor, AuditAction::EmailsDeleted, Target::EmailAction(id), Some(deleted), None)
                .await?;
        }
        tx.commit().await?;
        if time.is_some() {
            self.wake_delivery();
        }
        if kind == ActionKind::ReportSpam {
            self.tell_stops(actor.workspace);
            self.tell_feed(actor.workspace, actor.user);
        }
        if !result.changed.is_empty() {
            self.tell_emails(actor.workspace, actor.user, result.changed.clone());
        }
        Ok(result)
    }

    /// When emails that `kind` queues are due, and why then; `None` for an action that queues nothing.
    pub(super) async fn due_of(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        kind: ActionKind,
        at: Option<Timestamp>,
    ) -> Result<Option<(Timestamp, WaitReason)>> {
        match (kind, at) {
            (ActionKind::Reschedule, None) => Err(Invalid::new("at", Code::Required).into()),
            (kind, _) if !kind.is_for_many() => Err(Invalid::new("action", Code::Unknown).into()),
            (ActionKind::Reschedule, at) => Ok(Some(self.due(tx, actor, at).await?)),
            (ActionKind::SendNow | ActionKind::Retry, _) => Ok(Some(self.due(tx, actor, None).await?)),
            _ => Ok(None),
        }
    }

    async fn act_on_one(&self, tx: &mut Tx, doing: &Doing<'_>, id: EmailId) -> Result<RowBefore> {
        let &Doing { actor, kind, folder, queued, ref by } = doing;
        let mut email = change::changeable(self, tx, actor, id).await?;
        refuse_elsewhere(folder, &email)?;
        let remembered = remember(&email);
        let before = email.status;
        let now = self.now();
        let mut sending = None;
        let noted = match kind {
            ActionKind::Archive if before == Status::Delivered => {
                email.unseen = false;
                self.file(tx, &mut email, Status::Archived).await?;
                Some(EventKind::Archived)
            }
            ActionKind::Unarchive if before == Status::Archived => {
                self.file(tx, &mut email, Status::Delivered).await?;
                Some(EventKind::Unarchived)
            }
            ActionKind::Success if before == Status::Delivered && email.success_at.is_none() => {
                email.success_at = Some(now);
                self.save(tx, &mut email, before).await?;
                Some(EventKind::Success)
            }
            ActionKind::WithdrawSuccess if email.success_at.is_some() => {
                email.success_at = None;
                self.save(tx, &mut email, before).await?;
                Some(EventKind::SuccessWithdrawn)
            }
            ActionKind::Delete => {
                email.status_before = Some(before);
                email.deleted_at = Some(now);
                self.file(tx, &mut email, Status::Deleted).await?;
                Some(EventKind::Deleted)
            }
            ActionKind::Edit if before == Status::Scheduled => {
                self.refuse_partly_sent(tx, &email).await?;
                change::stop_waiting(&mut email);
                self.file(tx, &mut email, Status::Draft).await?;
                store::recipients::delete(tx, email.workspace_id, id).await?;
                Some(EventKind::Unscheduled)
            }
            ActionKind::SendNow | ActionKind::Reschedule if queues(kind, before) => {
                let Queued { due, reason, bulk } = queued.ok_or(Error::Conflict("not_allowed_here"))?;
                email.bulk = bulk;
                change::wait_until(&mut email, due, reason);
                self.save(tx, &mut email, before).await?;
                Some(EventKind::Queued)
            }
            ActionKind::Retry if queues(kind, before) => {
                let Queued { due, reason, bulk } = queued.ok_or(Error::Conflict("not_allowed_here"))?;
                email.bulk = bulk;
                sending = Some(self.prepare_again(tx, &mut email, due, reason).await?);
                Some(EventKind::Retried)
            }
            ActionKind::ReportSpam if matches!(before, Status::Delivered | Status::Archived) => {
                email.failure_reason = Some(FailureReason::SpamComplaint);
                email.failed_at = Some(now);
                self.file(tx, &mut email, Status::Spam).await?;
                Some(EventKind::Complained)
            }
            ActionKind::Seen => {
                if email.unseen {
                    email.unseen = false;
                    self.save(tx, &mut email, before).await?;
                }
                None
            }
            _ if email.uncertain => return Err(Error::Conflict("uncertain")),
            _ => return Err(Error::Conflict("not_allowed_here")),
        };
        if let Some(noted) = noted {
            let evidence = Evidence { until: queued.map(|it| it.due), wait: queued.map(|it| it.reason), ..by.clone() };
            self.note(tx, &email, noted, evidence).await?;
        }
        Ok(RowBefore { sending, ..remembered.after(&email) })
    }

    async fn refuse_partly_sent(&self, tx: &mut Tx, email: &Email) -> Result<()> {
        let recipients = store::recipients::list(tx, email.workspace_id, email.id).await?;
        if recipients.iter().any(|it| matches!(it.outcome, Outcome::Accepted | Outcome::Uncertain)) {
            return Err(Error::Conflict("not_allowed_here"));
        }
        Ok(())
    }

    pub(super) async fn keep_action(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        kind: ActionKind,
        rows: Vec<RowBefore>,
        skipped: Vec<Skipped>,
        undo_until: Timestamp,
    ) -> Result<ActionResult> {
        let changed: Vec<EmailId> = rows.iter().map(|row| row.id).collect();
        if changed.is_empty() || kind == ActionKind::Seen {
            return Ok(ActionResult { id: None, kind, changed, skipped, undo_until: None });
        }
        let action = EmailAction {
            id: self.new_id(),
            user_id: actor.user,
            kind: kind.as_str().to_owned(),
            at: self.now(),
            undo_until,
            undone_at: None,
            rows_before: rows,
        };
        store::email_actions::insert(tx, actor.workspace, &action).await?;
        Ok(ActionResult { id: Some(action.id), kind, changed, skipped, undo_until: Some(undo_until) })
    }
}

/// What an error on one row means for the whole: most only skip the row.
pub(super) fn skip_reason(error: Error) -> Result<SkipReason> {
    match error {
        Error::NotFound | Error::Denied(_) => Ok(SkipReason::NotFound),
        Error::Changed => Ok(SkipReason::ChangedSince),
        Error::Conflict("uncertain") => Ok(SkipReason::Uncertain),
        Error::Conflict("held_back") => Ok(SkipReason::HeldBack),
        Error::Conflict("identity") => Ok(SkipReason::Identity),
        Error::Conflict(_) => Ok(SkipReason::NotAllowedHere),
        other => Err(other),
    }
}

/// What an action made of an email.
pub(crate) fn row_before(before: &Email, after: &Email) -> RowBefore {
    remember(before).after(after)
}
