//! One email: a transaction for each envelope recipient that has not got it yet.

use std::sync::atomic::Ordering;

use domain::{
    Status,
    delivery::{Ending, Verdict, judge},
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    reasons::{FailureReason, PauseReason, WaitReason},
    smtp::Stage,
};
use mail::smtp::{Connection, Envelope, Patience, Transaction, Unsendable};
use store::{emails::Email, recipients::Recipient};

use super::{
    pass::Batch,
    pool::{NoConnection, Pool, Taken},
    prepare::Prepared,
    record::{Heard, Later},
};
use crate::{Engine, Result, channels::ServerError, emails::Context};

impl Engine {
    /// Hands one claimed email over and records what came of it.
    pub(super) async fn transmit(&self, batch: &Batch, email: Email) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let mut context = Context::load(&mut tx, email).await?;
        let mut recipients = store::recipients::list(&mut tx, context.email.workspace_id, context.email.id).await?;
        let prepared = match self.prepare(&mut tx, &context, &recipients).await? {
            Ok(prepared) => prepared,
            Err(unfit) => {
                self.fail(&mut tx, &mut context.email, unfit.reason, unfit.param).await?;
                tx.commit().await?;
                self.tell_one(&context.email);
                return Ok(());
            }
        };
        tx.commit().await?;
        (context.email.subject, context.email.snippet) = context.shown();

        let mut later = None;
        for recipient in &mut recipients {
            if !matches!(recipient.outcome, Outcome::Waiting | Outcome::Deferred) {
                continue;
            }
            if batch.paused.load(Ordering::SeqCst) {
                later = Some(Later::paused());
                break;
            }
            if batch.stop.is_cancelled() {
                later = Some(Later::new(self.now(), WaitReason::BatchPause));
                break;
            }
            if !batch.spend() {
                later = batch.then.map(|(until, reason)| Later::new(until, reason));
                break;
            }
            let heard = self.attempt(batch, &mut context.email, recipient, &prepared).await?;
            if heard.verdict == Verdict::Uncertain && recipient.kind == RecipientKind::To {
                return self.record_uncertain(&mut context.email, recipient, &heard).await;
            }
            if let Some(wait) = self.record_answer(batch, &mut context.email, recipient, &heard).await? {
                later = Some(wait);
                if batch.paused.load(Ordering::SeqCst) || recipient.kind == RecipientKind::To {
                    break;
                }
            }
            if context.email.status != Status::InProgress {
                return Ok(());
            }
        }
        self.settle(&mut context.email, &recipients, later).await
    }

    /// One transaction. The ledger says *attempting* before its first byte.
    async fn attempt(
        &self,
        batch: &Batch,
        email: &mut Email,
        recipient: &mut Recipient,
        prepared: &Prepared,
    ) -> Result<Heard> {
        let taken = match self.connect(batch).await {
            Ok(taken) => taken,
            Err(NoConnection::Open(error)) => {
                self.mark_attempt(batch, email, recipient, Outcome::Waiting).await?;
                return Ok(heard(batch, Transaction::from(error)));
            }
            Err(NoConnection::NoServer(error)) => {
                let verdict = match error {
                    ServerError::Credentials { .. } => Verdict::PauseChannel(PauseReason::Credentials),
                    ServerError::Unreachable { .. } => Verdict::Unreachable,
                };
                self.mark_attempt(batch, email, recipient, Outcome::Waiting).await?;
                return Ok(Heard::new(batch, verdict, Some(Stage::Auth), None, Some(error.to_string())));
            }
        };
        self.mark_attempt(batch, email, recipient, Outcome::Attempting).await?;
        let mut taken: Taken = taken;
        let envelope = Envelope {
            from: &prepared.from,
            to: &recipient.address,
            smtputf8: prepared.needs_smtputf8 || mail::address::needs_smtputf8(&recipient.address),
            eight_bit: false,
        };
        let transaction = taken.connection.transact(&envelope, &prepared.bytes).await;
        self.shared.pool.give_back(taken).await;
        Ok(heard(batch, transaction))
    }

    async fn connect(&self, batch: &Batch) -> std::result::Result<Taken, NoConnection> {
        if let Some(taken) = self.shared.pool.take(&batch.channel).await {
            return Ok(taken);
        }
        let server = self.server_of(&batch.channel).await.map_err(NoConnection::NoServer)?;
        match Connection::open(&server, &self.smtp_client(Patience::default())).await {
            Ok(connection) => Ok(Pool::adopt(&batch.channel, connection)),
            Err(error) => Err(NoConnection::Open(error)),
        }
    }

    async fn mark_attempt(
        &self,
        batch: &Batch,
        email: &mut Email,
        recipient: &mut Recipient,
        outcome: Outcome,
    ) -> Result<()> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        recipient.outcome = outcome;
        recipient.attempted_at = Some(now);
        recipient.send_number = email.send_number;
        recipient.channel_id = Some(batch.channel.id);
        store::recipients::update(&mut tx, email.workspace_id, recipient).await?;
        store::attempts::insert(&mut tx, email.workspace_id, batch.channel.id, now, recipient.id).await?;
        if recipient.kind == RecipientKind::To {
            email.attempts += 1;
            email.first_attempt_at.get_or_insert(now);
            self.save(&mut tx, email, Status::InProgress).await?;
            let evidence = Evidence {
                channel: Some(batch.channel.name.clone()),
                recipient: Some(recipient.address.clone()),
                ..Evidence::default()
            };
            self.note(&mut tx, email, EventKind::Attempted, evidence).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// What the wire showed, judged.
fn heard(batch: &Batch, transaction: Transaction) -> Heard {
    use mail::smtp::Outcome as O;
    let (ending, detail) = match transaction.outcome {
        O::Accepted { reply } => (Ending::Accepted(reply), None),
        O::Refused { stage, reply } => (Ending::Refused { stage, reply }, None),
        O::Lost { stage, fault, after_final_dot } => (Ending::Lost { stage, after_final_dot }, Some(fault.to_string())),
        O::Unsendable(why) => {
            let reason = match why {
                Unsendable::TooLarge { .. } => FailureReason::MessageTooLarge,
                Unsendable::NeedsSmtpUtf8 | Unsendable::NeedsEightBit | Unsendable::BadAddress(_) => {
                    FailureReason::BadAddress
                }
            };
            let heard = Heard::new(batch, Verdict::Failed(reason), None, None, Some(why.to_string()));
            return heard.with_transcript(transaction.transcript);
        }
    };
    let verdict = judge(&ending);
    let (stage, reply) = match ending {
        Ending::Accepted(reply) => (Some(Stage::FinalDot), Some(reply)),
        Ending::Refused { stage, reply } => (Some(stage), Some(reply)),
        Ending::Lost { stage, .. } => (Some(stage), None),
    };
    Heard::new(batch, verdict, stage, reply, detail).with_transcript(transaction.transcript)
}
