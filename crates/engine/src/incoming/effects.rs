//! What something that came back does to its email, and to the person it was sent to.

use domain::{
    EmailId, Status, UserId,
    events::{EventKind, Evidence},
    incoming::{Effect, Said, Via, effect, failure},
    ledger::{Outcome, RecipientKind},
    stops::{Cause, Source},
};
use store::{
    Tx,
    emails::Email,
    events::Event,
    received::{Received, Whom},
    recipients::{self, Recipient},
};

use super::admission::{Named, author, named};
use crate::{
    Engine, Result,
    emails::{forget_failure, stop_waiting},
    stops::NewStop,
};

/// Emails that changed besides, and whose they are.
type Changed = Vec<(UserId, EmailId)>;

impl Engine {
    /// Does what `received` does. `email` is locked; it is `None` when a person wants to be left alone and names no email.
    pub(super) async fn act_on(&self, tx: &mut Tx, email: Option<&mut Email>, received: &Received) -> Result<Changed> {
        let Some(email) = email else {
            return self.stop_author(tx, None, received, &received.from_address, Cause::Unsubscribed).await;
        };
        let ledger = recipients::list(tx, email.workspace_id, email.id).await?;
        let evidence = evidence_of(tx, received).await?;
        if received.kind.is_written() {
            return self.answered(tx, email, &ledger, received, evidence).await;
        }
        let mut changed = Changed::new();
        for named in named(&ledger, &received.evidence.recipients, received.kind, true) {
            changed.extend(self.heard_of(tx, email, named, received, &evidence).await?);
        }
        Ok(changed)
    }

    /// The recipient answered, or a program for them.
    async fn answered(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        ledger: &[Recipient],
        received: &Received,
        evidence: Evidence,
    ) -> Result<Changed> {
        let told = &received.evidence;
        let Some(effect) = effect(received.kind, told.by_person, told.has_left) else { return Ok(Changed::new()) };
        self.settle_as_arrived(tx, email, effect, received, &evidence).await?;
        let author = author(ledger, received);
        self.withdraw_bounce(tx, email, author, received, &evidence).await?;
        if let Some(event) = effect.event {
            if event == EventKind::Replied {
                store::emails::add_reply(tx, email.workspace_id, email.id, self.now()).await?;
            }
            self.note(tx, email, event, evidence).await?;
        }
        match (effect.stop, author) {
            // That somebody has left is said of the address it comes from: a colleague of theirs, or a program that answers in
            // the name of several, has not.
            (Some(cause), Some((author, wrote))) if wrote || cause.concerns_person() => {
                self.stop_author(tx, Some(email), received, &author.address, cause).await
            }
            _ => Ok(Changed::new()),
        }
    }

    /// What came among `events`, while `email` was to be sent once more, has the effect that it could not have then: the sending
    /// that it is about is the last one again.
    pub(crate) async fn hear_again(&self, tx: &mut Tx, email: &mut Email, events: &[Event]) -> Result<()> {
        for Event { evidence, .. } in events {
            let of_copy = evidence.recipient.is_some() && evidence.recipient != email.to_address;
            let Some(received) = evidence.received.filter(|_| !of_copy) else { continue };
            let received = store::received::find(tx, email.workspace_id, received).await?;
            let told = &received.evidence;
            let Some(effect) = effect(received.kind, told.by_person, told.has_left) else { continue };
            self.settle_as_arrived(tx, email, effect, &received, evidence).await?;
            if received.kind.is_written() {
                let ledger = recipients::list(tx, email.workspace_id, email.id).await?;
                self.withdraw_bounce(tx, email, author(&ledger, &received), &received, evidence).await?;
            }
        }
        Ok(())
    }

    /// An email that the To has answered in person did arrive, whatever a server said.
    async fn withdraw_bounce(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        author: Option<(&Recipient, bool)>,
        received: &Received,
        evidence: &Evidence,
    ) -> Result<()> {
        let is_to = author.is_some_and(|(it, wrote)| wrote && it.kind == RecipientKind::To);
        if received.evidence.by_person && is_to && email.status == Status::Bounced {
            forget_failure(email);
            email.last_activity_at = self.now();
            self.file(tx, email, Status::Delivered).await?;
            self.note(tx, email, EventKind::BounceWithdrawn, evidence.clone()).await?;
            self.resume_bounced(tx, email, self.now()).await?;
        }
        Ok(())
    }

    /// Something was said about a recipient.
    async fn heard_of(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        named: Named,
        received: &Received,
        evidence: &Evidence,
    ) -> Result<Changed> {
        let Named { mut recipient, whom } = named;
        let Some(effect) = effect(whom.kind, false, false) else { return Ok(Changed::new()) };
        let evidence = Evidence {
            recipient: Some(recipient.address.clone()),
            incoming: Some(whom.kind),
            said: Some(whom.said.clone()),
            ..evidence.clone()
        };
        if recipient.kind == RecipientKind::To {
            self.settle_as_arrived(tx, email, effect, received, &evidence).await?;
            self.file_because(tx, email, effect, &whom, received, evidence).await?;
        } else {
            self.note_copy(tx, email, &mut recipient, &whom, evidence).await?;
        }
        match effect.stop {
            Some(cause) => {
                self.stop_recipient(tx, email, &recipient, cause, received, whom.said.sentence.clone()).await
            }
            None => Ok(Changed::new()),
        }
    }

    /// An uncertain email of which somebody has shown that they have it has arrived.
    async fn settle_as_arrived(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        effect: Effect,
        received: &Received,
        evidence: &Evidence,
    ) -> Result<()> {
        if effect.arrived && email.uncertain && is_this_sending(email, received) {
            self.arrive(tx, email, evidence.clone()).await?;
            self.wake_delivery();
        }
        Ok(())
    }

    /// Files the email where `effect` says, if an email may go there from where it is: what bounced before does not bounce
    /// again, and what was sent again since is another sending.
    async fn file_because(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        effect: Effect,
        whom: &Whom,
        received: &Received,
        evidence: Evidence,
    ) -> Result<()> {
        let Some(event) = effect.event else { return Ok(()) };
        let Some(status) = effect.status else {
            return self.note(tx, email, event, evidence).await;
        };
        if !is_this_sending(email, received) || !email.status.may_become(status) {
            return Ok(());
        }
        let reason = failure(whom.kind, &whom.said);
        email.uncertain = false;
        email.failure_reason = Some(reason);
        email.failed_at = Some(self.now());
        if status == Status::Bounced {
            email.failure_code = whom.said.codes();
            email.failure_text.clone_from(&whom.said.sentence);
            email.failure_param = None;
            email.last_activity_at = self.now();
            stop_waiting(email);
        }
        self.file(tx, email, status).await?;
        self.note(tx, email, event, Evidence { failure: Some(reason), ..evidence }).await
    }

    /// What was said about a copy (CC, BCC) is noted; the email's status is that of its To.
    async fn note_copy(
        &self,
        tx: &mut Tx,
        email: &Email,
        recipient: &mut Recipient,
        whom: &Whom,
        evidence: Evidence,
    ) -> Result<()> {
        if !whom.kind.is_bounce() {
            let quiet = effect(whom.kind, false, false).filter(|effect| effect.status.is_none());
            return match quiet.and_then(|effect| effect.event) {
                Some(event) => self.note(tx, email, event, evidence).await,
                None => Ok(()),
            };
        }
        if recipient.outcome == Outcome::Refused {
            return Ok(());
        }
        recipient.outcome = Outcome::Refused;
        recipient.settled_at = Some(self.now());
        recipient.reply = in_words(&whom.said).or(recipient.reply.take());
        recipients::update(tx, email.workspace_id, recipient).await?;
        let evidence = Evidence { failure: Some(failure(whom.kind, &whom.said)), ..evidence };
        self.note(tx, email, EventKind::CopyRefused, evidence).await
    }

    async fn stop_recipient(
        &self,
        tx: &mut Tx,
        email: &Email,
        recipient: &Recipient,
        cause: Cause,
        received: &Received,
        note: Option<String>,
    ) -> Result<Changed> {
        let source = match cause {
            _ if received.channel_id.is_some() => Source::Webhook,
            Cause::Complaint => Source::ComplaintReport,
            _ => Source::Bounce,
        };
        let person_id = email.person_id.filter(|_| recipient.kind == RecipientKind::To);
        self.stop(
            tx,
            NewStop {
                workspace: email.workspace_id,
                address: recipient.address.clone(),
                person_id,
                cause,
                source,
                email_id: Some(email.id),
                at: self.now(),
                by: None,
                note,
            },
        )
        .await
    }

    /// Whoever wrote from `address` is not to be written to.
    async fn stop_author(
        &self,
        tx: &mut Tx,
        email: Option<&Email>,
        received: &Received,
        address: &str,
        cause: Cause,
    ) -> Result<Changed> {
        let in_words = received.evidence.by_person || received.kind == domain::incoming::Kind::AutoReply;
        let source = match received.source {
            Via::Webhook => Source::Webhook,
            Via::Mailbox | Via::Port if in_words => Source::Reply,
            Via::Mailbox | Via::Port => Source::Mailto,
        };
        self.stop(
            tx,
            NewStop {
                workspace: received.workspace_id,
                address: address.to_owned(),
                person_id: None,
                cause,
                source,
                email_id: email.map(|email| email.id),
                at: self.now(),
                by: None,
                note: Some(received.snippet.clone()),
            },
        )
        .await
    }
}

/// Whether it is about the last sending of the email, and not about one before a retry.
fn is_this_sending(email: &Email, received: &Received) -> bool {
    received.send_number == Some(email.send_number)
}

/// What is known of how it came and what it is.
async fn evidence_of(tx: &mut Tx, received: &Received) -> Result<Evidence> {
    let mailbox = match received.mailbox_id {
        Some(id) => Some(store::mailboxes::find(tx, received.workspace_id, id).await?.name),
        None => None,
    };
    let channel = match received.channel_id {
        Some(id) => Some(store::channels::find(tx, received.workspace_id, id).await?.name),
        None => None,
    };
    let from = (!received.from_address.is_empty()).then(|| received.from_address.clone());
    Ok(Evidence {
        mailbox,
        channel,
        received: Some(received.id),
        incoming: Some(received.kind),
        from: from.filter(|_| received.kind.is_written()),
        back_on: received.evidence.back_on,
        has_left: received.evidence.has_left,
        detail: Some(received.snippet.clone()).filter(|words| received.kind.is_written() && !words.is_empty()),
        ..Evidence::default()
    })
}

/// The codes and the sentence, as a server's answer is kept.
fn in_words(said: &Said) -> Option<String> {
    match (said.codes(), &said.sentence) {
        (Some(codes), Some(sentence)) => Some(format!("{codes} {sentence}")),
        (codes, sentence) => codes.or_else(|| sentence.clone()),
    }
}
