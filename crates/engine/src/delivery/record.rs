//! Records what came of an attempt, and files the email accordingly.

use std::ops::ControlFlow::{self, Break, Continue};

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
    sent_ids::Sending,
};

use super::{crew::Crew, prepare::Parcel};
use crate::{
    Engine, Result,
    emails::stop_waiting,
    incoming::{GivenId, keep_given_ids},
};

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
#[derive(Clone)]
pub(super) struct Later {
    at: Timestamp,
    /// `None` where the queue can tell by itself.
    reason: Option<WaitReason>,
    text: Option<String>,
}

impl Heard {
    pub(super) fn new(
        crew: &Crew,
        verdict: Verdict,
        stage: Option<Stage>,
        reply: Option<Reply>,
        detail: Option<String>,
    ) -> Self {
        Self { verdict, stage, reply, detail, transcript: Vec::new(), server: crew.channel.host.clone() }
    }

    pub(super) fn with_transcript(self, transcript: Vec<Line>) -> Self {
        Self { transcript, ..self }
    }

    pub(super) fn evidence(&self, recipient: &Recipient) -> Evidence {
        Evidence {
            server: Some(self.server.clone()),
            reply: self.reply.clone(),
            stage: self.stage,
            recipient: Some(recipient.address.clone()),
            detail: self.detail.clone(),
            // What went well need not be read line by line: the server's last word is enough, ten million times.
            transcript: if self.verdict == Verdict::Delivered { Vec::new() } else { self.transcript.clone() },
            ..Evidence::default()
        }
    }

    /// The server's words, or what broke.
    pub(super) fn words(&self) -> Option<String> {
        self.reply.as_ref().map(ToString::to_string).or_else(|| self.detail.clone())
    }
}

impl Engine {
    /// Records an answer about a recipient of `parcel`, however long writing takes. `Break` when the email is filed.
    pub(super) async fn record_answer(
        &self,
        crew: &Crew,
        parcel: &mut Parcel,
        recipient: usize,
        heard: &Heard,
    ) -> ControlFlow<()> {
        if let Verdict::PauseChannel(_) = heard.verdict {
            crew.close();
        }
        let written = {
            let parcel = &*parcel;
            let write = || self.try_to_record(crew, parcel, recipient, heard);
            self.until_written(&crew.stop, "what a server answered", write).await
        };
        if let Verdict::PauseChannel(_) = heard.verdict {
            self.notify_channel_paused(&crew.channel).await;
        }
        let Some(Recorded { outcome, later, filed }) = written else {
            return Break(());
        };
        parcel.recipients[recipient].outcome = outcome;
        parcel.later = later.or(parcel.later.take());
        if !filed {
            return Continue(());
        }
        self.tell_emails(crew.workspace(), parcel.owner, vec![parcel.email]);
        if let Verdict::Bounced(_) = heard.verdict {
            self.tell_feed(crew.workspace(), parcel.owner);
        }
        Break(())
    }

    async fn try_to_record(&self, crew: &Crew, parcel: &Parcel, index: usize, heard: &Heard) -> Result<Recorded> {
        let mut tx = self.db().begin().await?;
        let mut recipient = parcel.recipients[index].clone();
        let Some(mut email) = self.ours(&mut tx, crew, parcel).await? else {
            return Ok(Recorded { outcome: recipient.outcome, later: None, filed: true });
        };
        if recipient.kind == RecipientKind::To {
            email.was_attempted(recipient.attempted_at.unwrap_or(self.now()));
        }
        recipient.reply = heard.words();
        recipient.settled_at = Some(self.now());
        let later = self.judge_answer(&mut tx, crew, &mut email, &mut recipient, heard).await?;
        store::recipients::update(&mut tx, email.workspace_id, &recipient).await?;
        let stopped = self.stop_refused(&mut tx, &email, &recipient, heard.verdict).await?;
        let outcome = recipient.outcome;
        let stops = recipient.kind == RecipientKind::To && later.is_some() || crew.is_closed() && later.is_some();
        let undecided = email.status == Status::InProgress && !email.uncertain;
        if undecided && (stops || parcel.next_recipient().is_none()) {
            let mut recipients = parcel.recipients.clone();
            recipients[index] = recipient;
            self.file_settled(&mut tx, &mut email, &recipients, later.as_ref().or(parcel.later.as_ref())).await?;
        } else if undecided && email.sent_at.is_some() && email.leased_by == Some(self.node()) {
            // Copies come next; that the To has it is true already.
            self.save(&mut tx, &mut email, Status::InProgress).await?;
        }
        tx.commit().await?;
        self.tell_of(crew.workspace(), stopped);
        Ok(Recorded { outcome, later, filed: email.status != Status::InProgress || email.uncertain })
    }

    /// What `heard` means for the recipient, and for the email where its To is concerned. Answers when the recipient is to
    /// be tried again.
    async fn judge_answer(
        &self,
        tx: &mut Tx,
        crew: &Crew,
        email: &mut Email,
        recipient: &mut Recipient,
        heard: &Heard,
    ) -> Result<Option<Later>> {
        let now = self.now();
        let is_to = recipient.kind == RecipientKind::To;
        let evidence = heard.evidence(recipient);
        match heard.verdict {
            Verdict::Delivered => {
                recipient.outcome = Outcome::Accepted;
                if is_to {
                    email.sent_at = Some(now);
                    let sending = Sending { email_id: email.id, send_number: recipient.send_number };
                    let given = GivenId::of(heard.reply.as_ref(), sending);
                    keep_given_ids(tx, email.workspace_id, &given).await?;
                    self.note(tx, email, EventKind::Accepted, evidence).await?;
                }
            }
            Verdict::Bounced(reason) | Verdict::Failed(reason) => {
                recipient.outcome = Outcome::Refused;
                let evidence = Evidence { failure: Some(reason), ..evidence };
                let (status, kind) = match heard.verdict {
                    Verdict::Bounced(_) => (Status::Bounced, EventKind::Bounced),
                    _ => (Status::Failed, EventKind::Failed),
                };
                if is_to {
                    self.file_refused(tx, email, status, reason, heard).await?;
                    self.note(tx, email, kind, evidence).await?;
                } else {
                    self.note(tx, email, EventKind::CopyRefused, evidence).await?;
                }
            }
            Verdict::TryLater | Verdict::Unreachable => {
                recipient.outcome = Outcome::Deferred;
                return self.try_later(tx, email, recipient, heard, evidence).await;
            }
            Verdict::PauseChannel(reason) => {
                recipient.outcome = Outcome::Waiting;
                self.pause_for(tx, &crew.channel, reason, heard).await?;
                let wait = Evidence { wait: Some(WaitReason::ChannelPaused), ..evidence };
                self.note(tx, email, EventKind::Deferred, wait).await?;
                return Ok(Some(Later { at: now, reason: None, text: heard.words() }));
            }
            Verdict::Uncertain => {
                recipient.outcome = Outcome::Uncertain;
                if is_to {
                    self.make_uncertain(tx, email, evidence).await?;
                } else {
                    self.note(tx, email, EventKind::Uncertain, evidence).await?;
                }
            }
        }
        Ok(None)
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
            return Ok(Some(Later { at, reason: Some(reason), text: heard.words() }));
        }
        recipient.outcome = Outcome::Refused;
        let failure = FailureReason::GaveUp;
        let evidence = Evidence { failure: Some(failure), ..evidence };
        if recipient.kind == RecipientKind::To {
            self.file_refused(tx, email, Status::Failed, failure, heard).await?;
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
    pub(super) async fn make_uncertain(&self, tx: &mut Tx, email: &mut Email, evidence: Evidence) -> Result<()> {
        email.uncertain = true;
        stop_waiting(email);
        self.save(tx, email, Status::InProgress).await?;
        self.note(tx, email, EventKind::Uncertain, evidence).await
    }

    /// Files an email whose transactions ended before all its recipients were asked.
    pub(super) async fn settle(&self, crew: &Crew, parcel: &mut Parcel) {
        let parcel = &*parcel;
        let write = || async {
            let mut tx = self.db().begin().await?;
            if let Some(mut email) = self.ours(&mut tx, crew, parcel).await? {
                // Who was not begun waits, even if the ledger says otherwise since the answer to a commit was lost.
                for recipient in parcel.recipients.iter().filter(|it| it.outcome == Outcome::Waiting) {
                    store::recipients::update(&mut tx, crew.workspace(), recipient).await?;
                }
                self.file_settled(&mut tx, &mut email, &parcel.recipients, parcel.later.as_ref()).await?;
            }
            Ok(tx.commit().await?)
        };
        self.until_written(&crew.stop, "an email's copies", write).await;
        self.tell_emails(crew.workspace(), parcel.owner, vec![parcel.email]);
    }

    /// Delivered when everybody who can have it has it, else Scheduled again.
    pub(super) async fn file_settled(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        recipients: &[Recipient],
        later: Option<&Later>,
    ) -> Result<()> {
        let now = self.now();
        email.leased_by = None;
        if recipients.iter().any(Recipient::is_open) {
            let at = later.map_or(now, |later| later.at);
            email.due_at = Some(at);
            email.next_at = Some(at);
            email.wait_reason = later.and_then(|later| later.reason).or(email.wait_reason);
            email.wait_text = later.and_then(|later| later.text.clone());
            return self.file(tx, email, Status::Scheduled).await;
        }
        stop_waiting(email);
        email.uncertain = false;
        email.failure_reason = None;
        email.failure_code = None;
        email.failure_text = None;
        email.failure_param = None;
        email.failed_at = None;
        email.sent_at = email.sent_at.or(Some(now));
        email.last_activity_at = now;
        self.file(tx, email, Status::Delivered).await
    }

    /// The parcel's email, locked, if it is still ours to file: under our lease, or uncertain since another node believed
    /// us dead, in which case what the server told us settles it.
    async fn ours(&self, tx: &mut Tx, crew: &Crew, parcel: &Parcel) -> Result<Option<Email>> {
        let email = store::emails::lock(tx, crew.workspace(), parcel.email).await?;
        let settles_doubt = email.uncertain && email.send_number == parcel.send_number;
        let ours = email.status == Status::InProgress && (email.leased_by == Some(self.node()) || settles_doubt);
        Ok(ours.then_some(Email {
            uncertain: false,
            subject: parcel.message.subject.clone(),
            snippet: parcel.message.snippet.clone(),
            ..email
        }))
    }

    /// The recipient's side, or our own server, said no to the email.
    async fn file_refused(
        &self,
        tx: &mut Tx,
        email: &mut Email,
        status: Status,
        reason: FailureReason,
        heard: &Heard,
    ) -> Result<()> {
        email.failure_reason = Some(reason);
        email.failure_code = heard.reply.as_ref().map(Reply::codes);
        email.failure_text = heard.reply.as_ref().map(|reply| reply.text.clone()).or_else(|| heard.detail.clone());
        email.failure_param = None;
        email.failed_at = Some(self.now());
        email.last_activity_at = self.now();
        stop_waiting(email);
        self.file(tx, email, status).await
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
    ) -> Result<Vec<(domain::UserId, domain::EmailId)>> {
        let mut told = Vec::new();
        for mut email in store::emails::waiting_of_channel(tx, channel.workspace_id, channel.id).await? {
            self.fail(tx, &mut email, FailureReason::ChannelGone, Some(channel.name.clone())).await?;
            told.push((email.owner_id, email.id));
        }
        Ok(told)
    }
}

/// What was written about an answer.
struct Recorded {
    outcome: Outcome,
    later: Option<Later>,
    /// Whether the email has left the crew's hands.
    filed: bool,
}
