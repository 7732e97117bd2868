//! One message to one recipient: `MAIL`, `RCPT`, `DATA`, the content, and what the server says to each.
//!
//! Where the server offers `PIPELINING` (RFC 2920) the three commands travel in one packet, and that may be the packet in
//! which the message before it ends (§3.1).

use domain::{
    events::Line,
    smtp::{Reply, Stage},
};

use super::{
    connection::{Cause, Connection, OpenError},
    content::Content,
    dsn,
    fault::Fault,
    reply::expect,
    transcript::Log,
};
use crate::{address, net};

/// How much of a message is sent at once.
const BLOCK: usize = 64 * 1024;

/// Who sends to whom, as the server is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Where bounces go.
    pub from: &'a str,
    /// The recipient.
    pub to: &'a str,
    /// Whether the message's headers are written in UTF-8.
    pub smtputf8: bool,
    /// Whether the message's body holds bytes above 127.
    pub eight_bit: bool,
    /// What is to be reported later, by servers that let themselves be told.
    pub reports: Option<Reports<'a>>,
}

/// What servers on the way are to report (RFC 3461).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reports<'a> {
    /// What reports are to name the message by.
    pub envelope_id: &'a str,
}

/// How it ended, and what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// How it ended.
    pub outcome: Outcome,
    /// What was said.
    pub transcript: Vec<Line>,
}

/// How a transaction ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken responsibility for the message.
    Accepted {
        /// Its answer to the final dot.
        reply: Reply,
    },
    /// The server said no.
    Refused {
        /// To what.
        stage: Stage,
        /// In which words.
        reply: Reply,
    },
    /// The conversation broke off.
    Lost {
        /// Where.
        stage: Stage,
        /// Why.
        fault: Fault,
        /// Whether the final dot may have reached the server: then nobody knows whether the message was taken.
        after_final_dot: bool,
    },
    /// This server cannot take this message, by what it has said in advance; it was not asked.
    Unsendable(Unsendable),
}

/// Why a message was not even offered to a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// It is larger than the server takes.
    #[error("the message has {size} bytes and the server takes {limit}")]
    TooLarge {
        /// The message's size.
        size: u64,
        /// The server's limit.
        limit: u64,
    },
    /// An address or a header needs `SMTPUTF8`.
    #[error("the server does not take addresses in other letters")]
    NeedsSmtpUtf8,
    /// The body needs `8BITMIME`.
    #[error("the server takes ASCII only")]
    NeedsEightBit,
    /// An address that would break the envelope.
    #[error("{0:?} is not an address")]
    BadAddress(String),
}

/// `MAIL`, `RCPT` and `DATA` that are on their way, and have not been answered.
pub(super) struct Offered {
    commands: [String; 2],
    log: Log,
}

impl From<OpenError> for Transaction {
    /// A transaction that ended before it began.
    fn from(error: OpenError) -> Self {
        let outcome = ended(error.stage, error.cause);
        Self { outcome, transcript: error.transcript }
    }
}

impl Connection {
    /// Sends `message` and waits for the server's word on it.
    ///
    /// Afterwards the connection is ready for the next message, unless [`Self::is_usable`] says otherwise.
    pub async fn transact(&mut self, envelope: &Envelope<'_>, message: &[u8]) -> Transaction {
        self.transact_before(envelope, message, || None).await
    }

    /// As [`Self::transact`], with the beginning of the next transaction in the packet in which `message` ends, where the
    /// server lets it: that saves both sides a packet and a wait. `next`, asked when that packet is made up, tells envelope
    /// and size, in bytes, of the message that is sent next over this connection; it must be sent, or the connection left.
    pub async fn transact_before<'n>(
        &mut self,
        envelope: &Envelope<'_>,
        message: &[u8],
        next: impl FnOnce() -> Option<(Envelope<'n>, u64)>,
    ) -> Transaction {
        let mut log = Log::new();
        let outcome = match self.commands(envelope, message.len() as u64) {
            Ok(commands) => match self.run(commands, (message, next), &mut log).await {
                Ok(reply) => Outcome::Accepted { reply },
                Err(outcome) => outcome,
            },
            Err(unsendable) => Outcome::Unsendable(unsendable),
        };
        Transaction { outcome, transcript: log.lines }
    }

    /// `MAIL` and `RCPT` with the parameters that the server understands.
    fn commands(&self, envelope: &Envelope<'_>, size: u64) -> Result<[String; 2], Unsendable> {
        let offers = &self.extensions;
        let [from, to] = [envelope.from, envelope.to].map(address::with_ascii_domain);
        if let Some(bad) = [&from, &to].into_iter().find(|address| !address::is_safe(address)) {
            return Err(Unsendable::BadAddress(bad.to_string()));
        }
        let smtputf8 = envelope.smtputf8 || !from.is_ascii() || !to.is_ascii();
        if smtputf8 && !offers.smtputf8 {
            return Err(Unsendable::NeedsSmtpUtf8);
        }
        // RFC 6531: whoever offers SMTPUTF8 takes 8-bit content.
        let eight_bit = envelope.eight_bit || smtputf8;
        if eight_bit && !offers.eight_bit && !offers.smtputf8 {
            return Err(Unsendable::NeedsEightBit);
        }
        if let Some(limit) = offers.size_limit.filter(|limit| size > *limit) {
            return Err(Unsendable::TooLarge { size, limit });
        }
        let parameters = [
            offers.size.then(|| format!(" SIZE={size}")),
            (eight_bit && offers.eight_bit).then(|| " BODY=8BITMIME".to_owned()),
            smtputf8.then(|| " SMTPUTF8".to_owned()),
        ];
        let mail: String =
            std::iter::once(format!("MAIL FROM:<{from}>")).chain(parameters.into_iter().flatten()).collect();
        let [for_mail, for_rcpt] = dsn::parameters(envelope.reports.filter(|_| offers.dsn), &to);
        Ok([mail + &for_mail, format!("RCPT TO:<{to}>{for_rcpt}")])
    }

    async fn run<'n>(
        &mut self,
        commands: [String; 2],
        (message, next): (&[u8], impl FnOnce() -> Option<(Envelope<'n>, u64)>),
        log: &mut Log,
    ) -> Result<Reply, Outcome> {
        let offered = self.offered.take();
        // Until the last answer: whoever stops waiting for us leaves the conversation in the middle.
        if !std::mem::replace(&mut self.in_step, false) || offered.as_ref().is_some_and(|it| it.commands != commands) {
            return Err(ended(Stage::MailFrom, net::Error::Closed.into()));
        }
        let reset = std::mem::replace(&mut self.needs_reset, true).then(|| (Stage::MailFrom, "RSET".to_owned()));
        if let Some(offered) = offered {
            // A message that was refused at its end leaves nothing to be reset.
            *log = offered.log;
            self.hear_answers(STAGES, None, log).await?;
            // Whoever hung up meanwhile need not be left in doubt.
            if !self.wire.is_quiet().await {
                return Err(ended(Stage::Data, net::Error::Closed.into()));
            }
        } else {
            let [mail, rcpt] = commands;
            let commands = STAGES.into_iter().zip([mail, rcpt, "DATA".to_owned()]);
            let commands = reset.into_iter().chain(commands);
            if self.extensions.pipelining {
                self.offer_at_once(commands, log).await?;
            } else {
                self.offer_one_by_one(commands, log).await?;
            }
        }
        let reply = self.send_content(message, next, log).await?;
        self.in_step = reply.code != LEAVING;
        match expect(reply, 2) {
            Ok(reply) => {
                self.needs_reset = false;
                Ok(reply)
            }
            Err(Cause::Lost(fault)) => Err(in_doubt(fault)),
            Err(refused) => Err(ended(Stage::FinalDot, refused)),
        }
    }

    async fn offer_one_by_one(
        &mut self,
        commands: impl Iterator<Item = (Stage, String)>,
        log: &mut Log,
    ) -> Result<(), Outcome> {
        for (stage, command) in commands {
            self.wire.command(command, log);
            let sent = self.wire.send(self.patience.command).await;
            sent.map_err(|fault| ended(stage, fault.into()))?;
            let reply = self.wire.reply(self.patience.command, log).await;
            let reply = reply.map_err(|fault| ended(stage, fault.into()))?;
            let stays = reply.code != LEAVING;
            expect(reply, class_hoped_for(stage)).map_err(|cause| {
                self.in_step = stays && matches!(cause, Cause::Refused(_));
                ended(stage, cause)
            })?;
        }
        Ok(())
    }

    /// All commands in one packet.
    async fn offer_at_once(
        &mut self,
        commands: impl Iterator<Item = (Stage, String)>,
        log: &mut Log,
    ) -> Result<(), Outcome> {
        let mut stages = Vec::with_capacity(4);
        for (stage, command) in commands {
            self.wire.command(command, log);
            stages.push(stage);
        }
        // A server may refuse and hang up before it has read everything: what it has said counts.
        let unsent = self.wire.send(self.patience.command).await.err();
        self.hear_answers(stages, unsent, log).await
    }

    /// The answers to commands that left together. Every answer is read, so that the two sides stay in step after a refusal.
    async fn hear_answers(
        &mut self,
        stages: impl IntoIterator<Item = Stage>,
        mut unsent: Option<Fault>,
        log: &mut Log,
    ) -> Result<(), Outcome> {
        let mut refusal: Option<(Stage, Reply)> = None;
        let mut content_awaited = false;
        for stage in stages {
            let answer = match self.wire.reply(self.patience.command, log).await {
                Ok(reply) => expect(reply, class_hoped_for(stage)),
                Err(fault) => Err(unsent.take().unwrap_or(fault).into()),
            };
            match (answer, &refusal) {
                (Ok(_), _) => content_awaited = stage == Stage::Data,
                (Err(Cause::Refused(reply)), None) => refusal = Some((stage, reply)),
                (Err(Cause::Refused(_)), Some(_)) => {}
                (Err(cause), None) => return Err(ended(stage, cause)),
                (Err(_), Some((stage, reply))) => return Err(ended(*stage, Cause::Refused(reply.clone()))),
            }
        }
        let Some((stage, reply)) = refusal else {
            return Ok(());
        };
        self.in_step = reply.code != LEAVING && (!content_awaited || self.withhold_content(stage, log).await);
        Err(ended(stage, Cause::Refused(reply)))
    }

    /// Answers a server that waits for a content without a recipient: an empty one, as RFC 2920 §3.1 says. Whether the
    /// two sides are in step afterwards.
    async fn withhold_content(&mut self, refused: Stage, log: &mut Log) -> bool {
        if refused != Stage::RcptTo {
            return false;
        }
        self.wire.command(".".to_owned(), log);
        self.wire.send(self.patience.command).await.is_ok() && self.wire.reply(self.patience.command, log).await.is_ok()
    }

    async fn send_content<'n>(
        &mut self,
        message: &[u8],
        next: impl FnOnce() -> Option<(Envelope<'n>, u64)>,
        log: &mut Log,
    ) -> Result<Reply, Outcome> {
        let mut content = Content::new();
        for block in message.chunks(BLOCK) {
            content.push(block, &mut self.wire.outbox);
            if self.wire.outbox.len() >= BLOCK {
                let sent = self.wire.send(self.patience.block).await;
                sent.map_err(|fault| ended(Stage::Data, fault.into()))?;
            }
        }
        content.finish(&mut self.wire.outbox);
        log.us(format!("({} bytes)", message.len()));
        log.us(".");
        self.offered = self.offer_ahead(next);
        self.wire.send(self.patience.block).await.map_err(in_doubt)?;
        self.wire.reply(self.patience.final_dot, log).await.map_err(in_doubt)
    }

    /// Puts the commands of the next transaction behind the message. What cannot be sent is not offered, and found out in
    /// its turn.
    fn offer_ahead<'n>(&mut self, next: impl FnOnce() -> Option<(Envelope<'n>, u64)>) -> Option<Offered> {
        let (envelope, size) = if self.extensions.pipelining { next() } else { None }?;
        let commands = self.commands(&envelope, size).ok()?;
        let mut log = Log::new();
        for command in commands.iter().map(String::as_str).chain(["DATA"]) {
            self.wire.command(command.to_owned(), &mut log);
        }
        Some(Offered { commands, log })
    }
}

/// What is said before a message, in this order.
const STAGES: [Stage; 3] = [Stage::MailFrom, Stage::RcptTo, Stage::Data];

/// The code by which a server takes its leave, whatever it was asked.
const LEAVING: u16 = 421;

/// `DATA` hopes for “go on”, everything else for “done”.
fn class_hoped_for(stage: Stage) -> u16 {
    if stage == Stage::Data { 3 } else { 2 }
}

fn ended(stage: Stage, cause: Cause) -> Outcome {
    match cause {
        Cause::Refused(reply) => Outcome::Refused { stage, reply },
        Cause::Lost(fault) => Outcome::Lost { stage, fault, after_final_dot: false },
    }
}

/// Lost after the final dot may have left.
fn in_doubt(fault: Fault) -> Outcome {
    Outcome::Lost { stage: Stage::FinalDot, fault, after_final_dot: true }
}
