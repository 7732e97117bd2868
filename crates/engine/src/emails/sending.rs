//! Send and Schedule: both queue the email; "now" is the end of the undo window.

use domain::{
    EmailId, Status, Timestamp,
    address::normalised,
    authorization::Actor,
    events::{EventKind, Evidence},
    input::{Code, Invalid},
    ledger::{Outcome, RecipientKind},
    reasons::WaitReason,
    time::{DAY, MINUTE},
};
use store::{
    Tx,
    emails::{Email, Listed},
    recipients::Recipient,
};

use super::{
    ActionResult, Context,
    actions::{ActionKind, remember},
    change,
};
use crate::{Engine, Error, Result};

/// How far ahead mail can be scheduled.
const MAX_AHEAD: i64 = 366 * DAY;

impl Engine {
    /// Queues a draft: for `at`, or for the end of the undo window when there is no `at`.
    ///
    /// # Errors
    /// [`Error::Blocked`] with everything that stands in the way; [`Error::Changed`] when `version` is not current;
    /// [`Error::Invalid`] for a time that has passed or is more than a year ahead.
    pub async fn send(
        &self,
        actor: &Actor,
        id: EmailId,
        version: i64,
        at: Option<Timestamp>,
    ) -> Result<(Listed, ActionResult)> {
        let mut tx = self.db().begin().await?;
        let email = change::changeable(self, &mut tx, actor, id).await?;
        if email.version != version {
            return Err(Error::Changed);
        }
        if email.status != Status::Draft {
            return Err(Error::Conflict("not_a_draft"));
        }
        let context = Context::load(&mut tx, email).await?;
        let checks = context.checks();
        if checks.iter().any(|check| check.blocking) {
            return Err(Error::Blocked(checks));
        }
        let (due, reason) = self.due(&mut tx, actor, at).await?;
        let mut email = context.email.clone();
        let before = remember(&email);
        (email.subject, email.snippet) = context.letter().shown();
        email.channel_id = context.channel.as_ref().map(|channel| channel.id);
        change::wait_until(&mut email, due, reason);
        email.attempts = 0;
        email.first_attempt_at = None;
        self.file(&mut tx, &mut email, Status::Scheduled).await?;
        self.open_ledger(&mut tx, &context).await?;
        let evidence = Evidence {
            until: Some(due),
            wait: Some(reason),
            channel: context.channel.as_ref().map(|channel| channel.name.clone()),
            ..change::by(&mut tx, actor).await?
        };
        self.note(&mut tx, &email, EventKind::Queued, evidence).await?;
        let undo_until = if reason == WaitReason::UndoWindow { due } else { self.now().plus(MINUTE) };
        let action = self
            .keep_action(&mut tx, actor, ActionKind::Send, vec![before.after(&email)], Vec::new(), undo_until)
            .await?;
        let listed = store::emails::find_listed(&mut tx, actor.workspace, id).await?;
        tx.commit().await?;
        self.wake_delivery();
        self.tell_emails(actor.workspace, email.owner_id, vec![id]);
        Ok((listed, action))
    }

    /// When mail queued now is due, and why then.
    pub(super) async fn due(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        at: Option<Timestamp>,
    ) -> Result<(Timestamp, WaitReason)> {
        let now = self.now();
        match at {
            None => {
                let window = store::users::find(tx, actor.user).await?.undo_window_s;
                Ok((now.plus_seconds(i64::from(window)), WaitReason::UndoWindow))
            }
            Some(at) if at < now.plus(-MINUTE) => Err(Invalid::new("at", Code::InThePast).into()),
            Some(at) if at > now.plus(MAX_AHEAD) => {
                Err(Invalid::new("at", Code::OutOfRange { min: 0, max: MAX_AHEAD / DAY }).into())
            }
            Some(at) => Ok((at, WaitReason::YourTime)),
        }
    }

    /// Writes the ledger's rows: one for each envelope recipient, each address once.
    pub(super) async fn open_ledger(&self, tx: &mut Tx, context: &Context) -> Result<()> {
        let email: &Email = &context.email;
        let name = context.person.as_ref().and_then(store::people::Person::full_name).unwrap_or_default();
        let to = (RecipientKind::To, name, email.to_address.clone().unwrap_or_default());
        let copy = |kind, copy: &store::bodies::Copy| (kind, copy.name.clone(), copy.address.clone());
        let cc = context.body.cc.iter().map(|it| copy(RecipientKind::Cc, it));
        let bcc = context.body.bcc.iter().map(|it| copy(RecipientKind::Bcc, it));
        let mut seen = std::collections::HashSet::new();
        store::recipients::delete(tx, email.workspace_id, email.id).await?;
        for (kind, name, address) in std::iter::once(to).chain(cc).chain(bcc) {
            if seen.insert(normalised(&address)) {
                let recipient = Recipient {
                    id: self.new_id(),
                    email_id: email.id,
                    kind,
                    name,
                    address,
                    outcome: Outcome::Waiting,
                    send_number: email.send_number,
                    channel_id: None,
                    attempted_at: None,
                    settled_at: None,
                    reply: None,
                };
                store::recipients::insert(tx, email.workspace_id, &recipient).await?;
            }
        }
        Ok(())
    }
}
