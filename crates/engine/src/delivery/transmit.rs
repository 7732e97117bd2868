//! The hands: each has one connection and speaks SMTP for one email at a time, a transaction for each recipient.
//!
//! While a quick server keeps many waiting, each hand has the ledger say *attempting* for a few more emails than it speaks
//! for, and begins with the next in the packet in which one ends.

use std::{collections::VecDeque, ops::ControlFlow, sync::Arc, time::Duration};

use domain::{
    delivery::{Ending, Verdict, judge},
    reasons::{FailureReason, PauseReason},
    smtp::Stage,
};
use mail::smtp::{Connection, Patience, Transaction, Unsendable};
use tokio::{
    sync::{Mutex, mpsc},
    time::Instant,
};

use super::{
    begin::Asked,
    crew::{Crew, Wait},
    pool::{Pool, Taken},
    prepare::Parcel,
    record::Heard,
    scribe::ToScribes,
};
use crate::{Engine, channels::ServerError};

/// For how many emails more than the one it speaks for a hand has the ledger say *attempting*: a crash can leave as many in
/// doubt, and one sync of the disk serves as many for each hand.
const AHEAD: usize = 3;

/// A transaction that took less leaves no doubt that the server is awake.
const QUICK: Duration = Duration::from_millis(100);

/// A parcel for which somebody asked whether it may begin.
struct Next {
    parcel: Parcel,
    asked: Asked,
    /// Why there is no connection for it.
    no_line: Option<Heard>,
}

impl Engine {
    /// Sends what comes until nothing comes any more.
    pub(super) async fn send_all(
        self,
        crew: Arc<Crew>,
        to_send: Arc<Mutex<mpsc::Receiver<Parcel>>>,
        scribes: ToScribes,
    ) {
        let mut line = None;
        let mut ahead = VecDeque::with_capacity(AHEAD);
        let mut is_quick = false;
        loop {
            let next = if let Some(next) = ahead.pop_front() {
                next
            } else {
                let parcel = to_send.lock().await.recv().await;
                let Some(parcel) = parcel else { break };
                let Some(next) = self.come_forward(&crew, parcel, &mut line, &scribes).await else { continue };
                next
            };
            let Next { mut parcel, asked, no_line } = next;
            let Some(recipient) = asked.answered(&mut parcel).await else {
                crew.leave(parcel.email);
                continue;
            };
            crew.has_begun();
            if is_quick && no_line.is_none() {
                self.look_ahead(&crew, &to_send, &scribes, &mut ahead);
            }
            let began = Instant::now();
            self.send_parcel(&crew, parcel, (recipient, no_line), &mut ahead, &mut line, &scribes).await;
            is_quick = began.elapsed() < QUICK;
        }
        if let Some(line) = line {
            self.shared.pool.give_back(line).await;
        }
    }

    /// Asks to begin with `parcel`, unless nothing more should begin.
    async fn come_forward(
        &self,
        crew: &Crew,
        mut parcel: Parcel,
        line: &mut Option<Taken>,
        scribes: &ToScribes,
    ) -> Option<Next> {
        if crew.is_closed() {
            crew.leave(parcel.email);
            return None;
        }
        // Connected before the ledger speaks: whoever dies while a server keeps them waiting has left no doubt.
        let no_line = self.keep_line(crew, line).await.err();
        let Some(asked) = self.ask(crew, scribes, &mut parcel) else {
            crew.leave(parcel.email);
            return None;
        };
        Some(Next { parcel, asked, no_line })
    }

    /// Asks to begin with more parcels while the one before is on the wire, so that the wire does not wait for the disk.
    /// What is asked for is sent, whatever happens meanwhile; so only where no limit counts when it was, and when many wait.
    fn look_ahead(
        &self,
        crew: &Crew,
        to_send: &Mutex<mpsc::Receiver<Parcel>>,
        scribes: &ToScribes,
        ahead: &mut VecDeque<Next>,
    ) {
        if crew.is_closed() || !crew.channel.limits().is_unlimited() {
            return;
        }
        // Somebody with empty hands comes first: he holds the lock while he waits.
        let Ok(mut to_send) = to_send.try_lock() else { return };
        while ahead.len() < AHEAD
            && let Ok(mut parcel) = to_send.try_recv()
        {
            match self.ask(crew, scribes, &mut parcel) {
                Some(asked) => ahead.push_back(Next { parcel, asked, no_line: None }),
                None => crew.leave(parcel.email),
            }
        }
    }

    async fn send_parcel(
        &self,
        crew: &Crew,
        mut parcel: Parcel,
        (mut recipient, mut no_line): (usize, Option<Heard>),
        ahead: &mut VecDeque<Next>,
        line: &mut Option<Taken>,
        scribes: &ToScribes,
    ) {
        loop {
            if no_line.is_none() {
                no_line = self.keep_line(crew, line).await.err();
            }
            let heard = match no_line.take() {
                Some(heard) => {
                    // Nobody else of the crew needs to find that out.
                    crew.close_for(Wait::unreachable(self.now(), &heard));
                    heard
                }
                None => match self.address(&mut parcel, recipient).await {
                    Ok(()) => self.transact(crew, &parcel, recipient, ahead, line).await,
                    Err(error) => {
                        tracing::error!(%error, email = %parcel.email, "a copy's message could not be made");
                        Heard::new(crew, Verdict::Unreachable, None, None, None)
                    }
                },
            };
            metrics::counter!("quarterdeck_smtp_transactions_total", "outcome" => heard.verdict.name()).increment(1);
            if heard.verdict == Verdict::Delivered && parcel.recipients.len() == 1 {
                scribes.accepted(self.accepted(parcel, heard));
                return;
            }
            if let ControlFlow::Break(()) = self.record_answer(crew, &mut parcel, recipient, &heard).await {
                return;
            }
            no_line = self.keep_line(crew, line).await.err();
            let next = if crew.is_closed() { None } else { self.begin(crew, scribes, &mut parcel).await };
            let Some(next) = next else {
                self.settle(crew, &mut parcel).await;
                return;
            };
            recipient = next;
        }
    }

    async fn transact(
        &self,
        crew: &Crew,
        parcel: &Parcel,
        recipient: usize,
        ahead: &mut VecDeque<Next>,
        line: &mut Option<Taken>,
    ) -> Heard {
        let Some(taken) = line else {
            return Heard::new(crew, Verdict::Unreachable, None, None, None);
        };
        let envelope = parcel.envelope(recipient);
        let transaction = taken.transact(&envelope, &parcel.message.bytes, || {
            // Whoever has copies goes on with those.
            let next = ahead.front_mut().filter(|_| parcel.recipients.len() == 1)?;
            let recipient = next.asked.granted()?;
            Some((next.parcel.envelope(recipient), next.parcel.message.bytes.len() as u64))
        });
        heard(crew, transaction.await)
    }

    /// Sees to it that `line` is a connection on which a transaction can begin.
    async fn keep_line(&self, crew: &Crew, line: &mut Option<Taken>) -> Result<(), Heard> {
        if let Some(taken) = line.take() {
            *line = self.shared.pool.keep(taken).await;
        }
        if line.is_none() {
            *line = self.shared.pool.take(&crew.channel).await;
        }
        if line.is_some() {
            return Ok(());
        }
        let server = self.server_of(&crew.channel).await.map_err(|error| {
            let verdict = match error {
                ServerError::Credentials { .. } => Verdict::PauseChannel(PauseReason::Credentials),
                ServerError::Unreachable { .. } => Verdict::Unreachable,
            };
            Heard::new(crew, verdict, Some(Stage::Auth), None, Some(error.to_string()))
        })?;
        let opened = Connection::open(&server, &self.smtp_client(Patience::default())).await;
        let connection = opened.map_err(|error| heard(crew, Transaction::from(error)))?;
        *line = Some(Pool::adopt(&crew.channel, connection));
        Ok(())
    }
}

/// What the wire showed, judged.
fn heard(crew: &Crew, transaction: Transaction) -> Heard {
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
            let heard = Heard::new(crew, Verdict::Failed(reason), None, None, Some(why.to_string()));
            return heard.with_transcript(transaction.transcript);
        }
    };
    let verdict = judge(&ending);
    let (stage, reply) = match ending {
        Ending::Accepted(reply) => (Some(Stage::FinalDot), Some(reply)),
        Ending::Refused { stage, reply } => (Some(stage), Some(reply)),
        Ending::Lost { stage, .. } => (Some(stage), None),
    };
    Heard::new(crew, verdict, stage, reply, detail).with_transcript(transaction.transcript)
}
