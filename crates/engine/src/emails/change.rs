//! The two ways an email changes: it is filed elsewhere, and something is noted about it.

use domain::{
    EmailId, Status, Timestamp, UserId, WorkspaceId,
    authorization::{Action, Actor},
    events::{EventKind, Evidence},
};
use store::{Tx, emails::Email, events::Event};

use crate::{
    Engine, Error, Result,
    live::{Change, Topic},
};

impl Engine {
    /// Files `email` under `to`, if an email may go there from where it is.
    pub(crate) async fn file(&self, tx: &mut Tx, email: &mut Email, to: Status) -> Result<()> {
        let before = email.status;
        if !before.may_become(to) {
            return Err(Error::Conflict("not_allowed_here"));
        }
        email.status = to;
        self.save(tx, email, before).await
    }

    /// Saves a changed `email` that was read with the status `before`.
    pub(crate) async fn save(&self, tx: &mut Tx, email: &mut Email, before: Status) -> Result<()> {
        email.updated_at = self.now();
        Ok(store::emails::update(tx, email, before).await?)
    }

    /// Appends an event.
    pub(crate) async fn note(&self, tx: &mut Tx, email: &Email, kind: EventKind, evidence: Evidence) -> Result<()> {
        let event = Event { id: self.new_id(), email_id: email.id, at: self.now(), kind, evidence };
        Ok(store::events::insert(tx, email.workspace_id, &event).await?)
    }

    /// Tells open screens that emails of `owner` changed.
    pub(crate) fn tell_emails(&self, workspace: WorkspaceId, owner: UserId, emails: Vec<EmailId>) {
        self.live().tell(Change { workspace, owner: Some(owner), topic: Topic::Emails, emails });
    }
}

/// The email, if `actor` may see it. What they may not see does not exist for them.
pub(crate) async fn visible(engine: &Engine, tx: &mut Tx, actor: &Actor, id: EmailId) -> Result<Email> {
    let email = store::emails::find(tx, actor.workspace, id).await?;
    match engine.allow(actor, Action::See { owner: email.owner_id }) {
        Ok(()) => Ok(email),
        Err(_) => Err(Error::NotFound),
    }
}

/// The email, if `actor` may change it.
pub(crate) async fn changeable(engine: &Engine, tx: &mut Tx, actor: &Actor, id: EmailId) -> Result<Email> {
    let email = visible(engine, tx, actor, id).await?;
    engine.allow(actor, Action::Change { owner: email.owner_id })?;
    Ok(email)
}

/// Evidence that a user did it.
pub(crate) async fn by(tx: &mut Tx, actor: &Actor) -> Result<Evidence> {
    let name = store::users::find(tx, actor.user).await?.name;
    Ok(Evidence { by: Some(name), ..Evidence::default() })
}

/// Takes everything off `email` that belongs to waiting.
pub(crate) fn stop_waiting(email: &mut Email) {
    email.due_at = None;
    email.next_at = None;
    email.wait_reason = None;
    email.wait_text = None;
    email.leased_by = None;
}

/// Takes everything off `email` that says why it was undelivered.
pub(crate) fn forget_failure(email: &mut Email) {
    email.failure_reason = None;
    email.failure_code = None;
    email.failure_text = None;
    email.failure_param = None;
    email.failed_at = None;
}

/// Lets `email` go out at `due`, anew: without attempts.
pub(crate) fn wait_until(email: &mut Email, due: Timestamp, reason: domain::reasons::WaitReason) {
    email.due_at = Some(due);
    email.next_at = Some(due);
    email.wait_reason = Some(reason);
    email.wait_text = None;
    email.leased_by = None;
}
