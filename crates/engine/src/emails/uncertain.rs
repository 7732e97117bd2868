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
    email_actions::{Doubt, RecipientBefore, RowBefore},
    emails::{Email, Listed},
    events::Event,
};

use super::{
    ActionResult,
    actions::{ActionKind, UNDO, remember},
    change::{self, forget_failure, wait_until},
};
use crate::{Engine, Error, Result, rebuild};

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
        let (before, doubt) = (remember(&email), doubt_of(&mut tx, &email).await?);
        let (kind, undo_until) = match settlement {
            Settlement::Arrived => {
                self.arrive(&mut tx, &mut email, by).await?;
                (ActionKind::Arrived, self.now().plus(UNDO))
            }
            Settlement::SendAgain => {
                let (due, reason) = self.due(&mut tx, actor, None).await?;
                self.prepare_again(&mut tx, &mut email, due, reason).await?;
                let evidence = Evidence { until: Some(due), wait: Some(reason), ..by };
                self.note(&mut tx, &email, EventKind::Retried, evidence).await?;
                (ActionKind::SendAgain, due)
            }
        };
        let row = RowBefore { doubt: Some(doubt), ..before.after(&email) };
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

    /// Nobody knows again whether `email` arrived: it is as it was before somebody settled it, which is now `undone`. If
    /// somebody has shown meanwhile that they have it, it arrived after all.
    pub(super) async fn doubt_again(
        &self,
        tx: &mut Tx,
        mut email: Email,
        current: Status,
        doubt: &Doubt,
        undone: Evidence,
    ) -> Result<()> {
        let workspace = email.workspace_id;
        for mut recipient in store::recipients::list(tx, workspace, email.id).await? {
            if let Some(before) = doubt.recipients.iter().find(|before| before.id == recipient.id) {
                recipient.outcome = before.outcome;
                recipient.send_number = before.send_number;
                recipient.settled_at = before.settled_at;
                store::recipients::update(tx, workspace, &recipient).await?;
            }
        }
        self.note(tx, &email, EventKind::Restored, undone).await?;
        let events = store::rebuild::events_of(tx, workspace, email.id, email.id).await?;
        let derived = rebuild::derived(tx, workspace, email.id, &events).await?;
        email.channel_id = doubt.channel_id;
        email.last_activity_at = derived.last_activity_at.unwrap_or(doubt.last_activity_at);
        email = rebuild::with_history(email, derived);
        self.save(tx, &mut email, current).await?;
        match shows_arrival(tx, &email, events).await? {
            Some(evidence) => self.arrive(tx, &mut email, evidence).await,
            None => Ok(()),
        }
    }
}

/// What of an uncertain email is changed by settling it, besides its row.
async fn doubt_of(tx: &mut Tx, email: &Email) -> Result<Doubt> {
    let recipients = store::recipients::list(tx, email.workspace_id, email.id).await?;
    let before = |it: store::recipients::Recipient| RecipientBefore {
        id: it.id,
        outcome: it.outcome,
        send_number: it.send_number,
        settled_at: it.settled_at,
    };
    Ok(Doubt {
        channel_id: email.channel_id,
        last_activity_at: email.last_activity_at,
        recipients: recipients.into_iter().map(before).collect(),
    })
}

/// The evidence of the To, or of whoever answered for them, that this sending arrived.
async fn shows_arrival(tx: &mut Tx, email: &Email, events: Vec<Event>) -> Result<Option<Evidence>> {
    for Event { kind, evidence, .. } in events {
        let shows = matches!(kind, EventKind::Replied | EventKind::AutoReplied | EventKind::Confirmed);
        let of_copy = evidence.recipient.is_some() && evidence.recipient != email.to_address;
        let Some(received) = evidence.received.filter(|_| shows && !of_copy) else { continue };
        let received = store::received::find(tx, email.workspace_id, received).await?;
        if received.send_number == Some(email.send_number) {
            return Ok(Some(evidence));
        }
    }
    Ok(None)
}
