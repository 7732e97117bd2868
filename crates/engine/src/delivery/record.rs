//! Records what came of an attempt, and files the email accordingly.

use std::sync::atomic::Ordering;

use domain::{
    Status, Timestamp,
    delivery::Verdict,
    events::{EventKind, Evidence, Line},
    ledger::{Outcome, RecipientKind},
    reasons::{FailureReason, PauseReason, WaitReason},
    retry,
    smtp::{Reply, Stage},
    time::HOUR,
};
use store::{
    Tx,
    channels::{Channel, Pause},
    emails::Email,
    recipients::Recipient,
};

use super::pass::Batch;
use crate::{Engine, Result, emails::stop_waiting};

/// For how long a channel rests when its provider says that the quota is used up, without saying until when.
const QUOTA_PAUSE: i64 = HOUR;

/// What was heard about one recipient.
pub(super) struct Heard {
    pub(super) verdict: Verdict,
    stage: Option<Stage>,
    reply: Option<Reply>,
    /// What broke, when nothing was answered.
    detail: Option<String>,
    transcript: Vec<Line>,
    server: String,
}

/// When and why an email goes on later.
pub(super) struct Later {
    at: Option<Timestamp>,
    reason: WaitReason,
    text: Option<String>,
}

impl Later {
    pub(super) fn new(at: Timestamp, reason: WaitReason) -> Self {
        Self { at: Some(at), reason, text: None }
    }

    pub(super) fn paused() -> Self {
        Self { at: None, reason: WaitReason::ChannelPaused, text: None }
    }
}

impl Heard {
    pub(super) fn new(
        batch: &Batch,
        verdict: Verdict,
        stage: Option<Stage>,
        reply: Option<Reply>,
        detail: Option<String>,
    ) -> Self {
        Self { verdict, stage, reply, detail, transcript: Vec::new(), server: batch.channel.host.clone() }
    }

    pub(super) fn with_transcript(self, transcript: Vec<Line>) -> Self {
        Self { transcript, ..self }
    }

    fn evidence(&self, recipient: &Recipient) -> Evidence {
        Evidence {
            server: Some(self.server.clone()),
            reply: self.reply.clone(),
            stage: self.stage,
            recipient: Some(recipient.address.clone()),
            detail: self.detail.clone(),
            transcript: self.transcript.clone(),
            ..Evidence::default()
        }
    }

    /// The server's words, or what broke.
    fn words(&self) -> Option<String> {
        self.reply.as_ref().map(ToString::to_string).or_else(|| self.detail.clone())
    }
}

impl Engine {
    /// Records an answer about `recipient`. Files the email at once when its To was refused; answers when the recipient
    /// is to be tried again.
    pub(super) async fn record_answer(
        &self,
        batch: &Batch,
        email: &mut Email,
        recipient: &mut Recipient,
        heard: &Heard,
    ) -> Result<Option<Later>> {
        let now = self.now();
        let is_to = recipient.kind == RecipientKind::To;
        metrics::counter!("quarterdeck_smtp_transactions_total", "outcome" => heard.verdict.name()).increment(1);
        let mut tx = self.db().begin().await?;
        recipient.reply = heard.words();
        recipient.settled_at = Some(now);
        let evidence = heard.evidence(recipient);
        let mut later = None;
        match heard.verdict {
            Verdict::Delivered => {
                recipient.outcome = Outcome::Accepted;
                if is_to {
                    email.sent_at = Some(now);
                    self.note(&mut tx, email, EventKind::Accepted, evidence).await?;
                }
            }
            Verdict::Bounced(reason) | Verdict::Failed(reason) => {
                recipient.outcome = Outcome::Refused;
                let (status, kind) = match heard.verdict {
                    Verdict::Bounced(_) => (Status::Bounced, EventKind::Bounced),
                    _ => (Status::Failed, EventKind::Failed),
                };
                if is_to {
                    explain(email, now, reason, heard);
                    stop_waiting(email);
                    self.file(&mut tx, email, status).await?;
                    self.note(&mut tx, email, kind, Evidence { failure: Some(reason), ..evidence }).await?;
                } else {
                    self.note(&mut tx, email, EventKind::CopyRefused, Evidence { failure: Some(reason), ..evidence })
                        .await?;
                }
            }
            Verdict::TryLater | Verdict::Unreachable => {
                recipient.outcome = Outcome::Deferred;
                later = self.try_later(&mut tx, email, recipient, heard, evidence).await?;
            }
            Verdict::PauseChannel(reason) => {
                recipient.outcome = Outcome::Waiting;
                batch.paused.store(true, Ordering::SeqCst);
                self.pause_for(&mut tx, &batch.channel, reason, heard).await?;
                let wait = Evidence { wait: Some(WaitReason::ChannelPaused), ..evidence };
                self.note(&mut tx, email, EventKind::Deferred, wait).await?;
                later = Some(Later { text: heard.words(), ..Later::paused() });
            }
            Verdict::Uncertain => {
                recipient.outcome = Outcome::Uncertain;
                self.note(&mut tx, email, EventKind::Uncertain, evidence).await?;
            }
        }
        store::recipients::update(&mut tx, email.workspace_id, recipient).await?;
        tx.commit().await?;
        if let Verdict::PauseChannel(_) = heard.verdict {
            self.notify_channel_paused(&batch.channel).await;
        }
        if email.status != Status::InProgress {
            self.tell_one(email);
        }
        Ok(later)
    }

    /// A temporary refusal: the next attempt, or giving up.
    async fn try_later(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        recipient: &mut Recipient,
        heard: &Heard,
        evidence: Evidence,
    ) -> Result<Option<Later>> {
        let now = self.now();
        let give_up = i64::from(store::workspaces::find(tx, email.workspace_id).await?.give_up_after_h) * HOUR;
        let first = email.first_attempt_at.unwrap_or(now);
        let next = retry::next_attempt(email.attempts.max(1), first, now, give_up, self.random().fraction());
        let reason = match heard.verdict {
            Verdict::TryLater => WaitReason::ServerAsked,
            _ => WaitReason::Unreachable,
        };
        if let Some(at) = next {
            let evidence = Evidence { wait: Some(reason), until: Some(at), ..evidence };
            self.note(tx, email, EventKind::Deferred, evidence).await?;
            return Ok(Some(Later { at: Some(at), reason, text: heard.words() }));
        }
        recipient.outcome = Outcome::Refused;
        let failure = FailureReason::GaveUp;
        let evidence = Evidence { failure: Some(failure), ..evidence };
        if recipient.kind == RecipientKind::To {
            explain(email, now, failure, heard);
            stop_waiting(email);
            self.file(tx, email, Status::Failed).await?;
            self.note(tx, email, EventKind::Failed, evidence).await?;
        } else {
            self.note(tx, email, EventKind::CopyRefused, evidence).await?;
        }
        Ok(None)
    }

    async fn pause_for(&self, tx: &mut Tx, channel: &Channel, reason: PauseReason, heard: &Heard) -> Result<()> {
        let now = self.now();
        let until = (reason == PauseReason::Quota).then(|| now.plus(QUOTA_PAUSE));
        let pause = Pause { reason, text: heard.words(), at: now, until };
        Ok(store::channels::pause(tx, channel.workspace_id, channel.id, &pause).await?)
    }

    /// Nobody knows whether it arrived: it stays in progress, without a lease, until somebody or something settles it.
    pub(super) async fn record_uncertain(
        &self,
        email: &mut Email,
        recipient: &mut Recipient,
        heard: &Heard,
    ) -> Result<()> {
        let mut tx = self.db().begin().await?;
        recipient.outcome = Outcome::Uncertain;
        recipient.settled_at = Some(self.now());
        recipient.reply = heard.words();
        store::recipients::update(&mut tx, email.workspace_id, recipient).await?;
        self.make_uncertain(&mut tx, email, heard.evidence(recipient)).await?;
        tx.commit().await?;
        self.tell_one(email);
        Ok(())
    }

    pub(super) async fn make_uncertain(&self, tx: &mut Tx, email: &mut Email, evidence: Evidence) -> Result<()> {
        email.uncertain = true;
        stop_waiting(email);
        self.save(tx, email, Status::InProgress).await?;
        self.note(tx, email, EventKind::Uncertain, evidence).await
    }

    /// Files the email after its transactions: delivered when everybody who can have it has it, else later.
    pub(super) async fn settle(&self, email: &mut Email, recipients: &[Recipient], later: Option<Later>) -> Result<()> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let open = recipients.iter().any(|it| matches!(it.outcome, Outcome::Waiting | Outcome::Deferred));
        stop_waiting(email);
        if open {
            let later = later.unwrap_or_else(|| Later::new(now, WaitReason::BatchPause));
            email.due_at = Some(later.at.unwrap_or(now));
            email.next_at = email.due_at;
            email.wait_reason = Some(later.reason);
            email.wait_text = later.text;
            self.file(&mut tx, email, Status::Scheduled).await?;
        } else {
            email.failure_reason = None;
            email.failure_code = None;
            email.failure_text = None;
            email.failure_param = None;
            email.failed_at = None;
            email.sent_at = email.sent_at.or(Some(now));
            email.last_activity_at = now;
            self.file(&mut tx, email, Status::Delivered).await?;
        }
        tx.commit().await?;
        self.tell_one(email);
        Ok(())
    }

    /// The email cannot leave, and nobody was asked.
    pub(crate) async fn fail(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        reason: FailureReason,
        param: Option<String>,
    ) -> Result<()> {
        email.failure_reason = Some(reason);
        email.failure_code = None;
        email.failure_text = None;
        email.failure_param.clone_from(&param);
        email.failed_at = Some(self.now());
        email.last_activity_at = self.now();
        stop_waiting(email);
        self.file(tx, email, Status::Failed).await?;
        let evidence = Evidence { failure: Some(reason), detail: param, ..Evidence::default() };
        self.note(tx, email, EventKind::Failed, evidence).await
    }

    /// Fails what waits for a channel that was deleted; answers whose emails those are.
    pub(crate) async fn fail_waiting_of_channel(
        &self,
        tx: &mut Tx,
        channel: &Channel,
    ) -> Result<Vec<(domain::UserId, Vec<domain::EmailId>)>> {
        let mut told = Vec::new();
        for mut email in store::emails::waiting_of_channel(tx, channel.workspace_id, channel.id).await? {
            self.fail(tx, &mut email, FailureReason::ChannelGone, Some(channel.name.clone())).await?;
            told.push((email.owner_id, vec![email.id]));
        }
        Ok(told)
    }

    pub(super) fn tell_one(&self, email: &Email) {
        self.tell_emails(email.workspace_id, email.owner_id, vec![email.id]);
    }
}

/// Writes why the email is undelivered into its row.
fn explain(email: &mut Email, now: Timestamp, reason: FailureReason, heard: &Heard) {
    email.failure_reason = Some(reason);
    email.failure_code = heard.reply.as_ref().map(Reply::codes);
    email.failure_text = heard.reply.as_ref().map(|reply| reply.text.clone()).or_else(|| heard.detail.clone());
    email.failure_param = None;
    email.failed_at = Some(now);
    email.last_activity_at = now;
}
