//! One conversation with one client.

mod auth;

use super::command::{Command, Mail};
use super::read::{Line, Text, read_line, read_text};
use crate::behaviour::{Answer, Behaviour, Stage};
use crate::world::{Incoming, Shared};
use std::io;
use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

const IDLE: Duration = Duration::from_mins(5);
const LONGEST_COMMAND: usize = 4096;
const MOST_RECIPIENTS: usize = 1000;
const READ_AHEAD: usize = 32 * 1024;

/// Why a conversation ended.
enum End {
    /// Somebody hung up in good order.
    Closed,
    /// The connection is dropped on purpose.
    Dropped,
}

type Step = io::Result<ControlFlow<End>>;

/// The state of a conversation.
pub(super) struct Session {
    world: Arc<Shared>,
    input: BufReader<OwnedReadHalf>,
    output: OwnedWriteHalf,
    /// Answers to pipelined commands, sent together.
    queued: Vec<u8>,
    greeted: bool,
    authenticated: bool,
    transaction: Option<Transaction>,
}

/// One message under way.
struct Transaction {
    mail: Mail,
    recipients: Vec<(String, Behaviour)>,
}

impl Transaction {
    fn has(&self, answer: Answer) -> bool {
        self.recipients.iter().any(|(_, behaviour)| behaviour.answer == answer)
    }

    /// What is wrong with the message itself.
    fn fault(&self, text: &Text) -> Option<&'static str> {
        let header = text
            .bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .map_or(&text.bytes[..], |end| &text.bytes[..end]);
        if text.too_large {
            Some("552 5.3.4 The message is larger than the size announced")
        } else if text.has_bare_feed {
            Some("554 5.6.0 The message has a line feed without a carriage return")
        } else if text.has_long_line {
            Some("554 5.6.0 The message has a line of more than 998 characters")
        } else if !self.mail.utf8 && !header.is_ascii() {
            Some("554 5.6.7 The header is beyond ASCII, and SMTPUTF8 was not asked for")
        } else if !self.mail.eight_bit && !text.bytes.is_ascii() {
            Some("554 5.6.3 The content is 8-bit, and BODY=8BITMIME was not asked for")
        } else {
            None
        }
    }
}

impl Session {
    pub(super) fn new(stream: TcpStream, world: Arc<Shared>) -> Self {
        // Answers are gathered before they are sent, so waiting for more only costs time.
        let _ = stream.set_nodelay(true);
        let (input, output) = stream.into_split();
        Self {
            world,
            input: BufReader::with_capacity(READ_AHEAD, input),
            output,
            queued: Vec::new(),
            greeted: false,
            authenticated: false,
            transaction: None,
        }
    }

    /// Talks until one side hangs up.
    pub(super) async fn run(mut self) {
        match self.converse().await {
            Ok(End::Closed) => {}
            Ok(End::Dropped) => self.world.tallies.dropped.add(1),
            Err(error) => tracing::debug!(%error, "a client is gone"),
        }
    }

    async fn converse(&mut self) -> io::Result<End> {
        if self.world.drops_at(Stage::Greeting).await {
            return Ok(End::Dropped);
        }
        self.say("220 simulator.localhost ESMTP");
        loop {
            let Some(line) = self.next_line().await? else {
                return Ok(End::Closed);
            };
            self.world.tallies.commands.add(1);
            if let Break(end) = self.obey(&line).await? {
                return Ok(end);
            }
        }
    }

    /// Sends what is queued if the client waits for it, and reads a line without its line end.
    async fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if !self.input.buffer().contains(&b'\n') {
            self.flush().await?;
        }
        let mut line = Vec::new();
        let reading = read_line(&mut self.input, &mut line);
        match tokio::time::timeout(IDLE, reading).await {
            Ok(Ok(Line::End)) => Ok(None),
            Ok(Ok(Line::Whole | Line::Cut)) => {
                line.truncate(line.trim_ascii_end().len());
                Ok(Some(line))
            }
            Ok(Err(error)) => Err(error),
            Err(_) => {
                self.say("421 4.4.2 You have said nothing for too long");
                self.flush().await?;
                Ok(None)
            }
        }
    }

    fn say(&mut self, answer: &str) {
        self.queued.extend_from_slice(answer.as_bytes());
        self.queued.extend_from_slice(b"\r\n");
    }

    async fn flush(&mut self) -> io::Result<()> {
        if !self.queued.is_empty() {
            self.output.write_all(&self.queued).await?;
            self.queued.clear();
        }
        Ok(())
    }

    async fn obey(&mut self, line: &[u8]) -> Step {
        if line.len() > LONGEST_COMMAND {
            self.say("500 5.5.2 The line is too long");
            return Ok(Continue(()));
        }
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(fault) => {
                self.say(fault);
                return Ok(Continue(()));
            }
        };
        match command {
            Command::Ehlo => return self.ehlo().await,
            Command::Auth { mechanism, initial } => return self.auth(&mechanism, initial).await,
            Command::Mail(mail) => return self.mail(mail).await,
            Command::Rcpt { to } => return self.rcpt(to).await,
            Command::Data => return self.data().await,
            Command::Helo => {
                self.greeted = true;
                self.transaction = None;
                self.say("250 simulator.localhost");
            }
            Command::Rset => {
                self.transaction = None;
                self.say("250 2.0.0 Forgotten");
            }
            Command::Noop => self.say("250 2.0.0 Still here"),
            Command::Vrfy => self.say("252 2.5.2 Write and see"),
            Command::Quit => {
                self.say("221 2.0.0 Goodbye");
                self.flush().await?;
                return Ok(Break(End::Closed));
            }
        }
        Ok(Continue(()))
    }

    async fn ehlo(&mut self) -> Step {
        if self.world.drops_at(Stage::Ehlo).await {
            return self.hang_up().await;
        }
        self.greeted = true;
        self.transaction = None;
        let size = self.world.options.max_size;
        self.say(&format!(
            "250-simulator.localhost\r\n250-PIPELINING\r\n250-SIZE {size}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n\
             250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES"
        ));
        Ok(Continue(()))
    }

    async fn mail(&mut self, mail: Mail) -> Step {
        let by_keyword = Behaviour::by_keyword(&mail.from).map(|behaviour| behaviour.answer);
        if by_keyword == Some(Answer::Drop(Stage::Mail)) || self.world.drops_at(Stage::Mail).await {
            return self.hang_up().await;
        }
        let answer = if !self.greeted {
            "503 5.5.1 Say EHLO first"
        } else if self.world.options.login.is_some() && !self.authenticated {
            "530 5.7.0 Sign in first"
        } else if self.transaction.is_some() {
            "503 5.5.1 One message at a time"
        } else if mail.size > self.world.options.max_size {
            "552 5.3.4 The message is larger than the size announced"
        } else if !mail.utf8 && !mail.from.is_ascii() {
            "553 5.6.7 The address is beyond ASCII, and SMTPUTF8 was not asked for"
        } else {
            self.transaction = Some(Transaction { mail, recipients: Vec::new() });
            "250 2.1.0 Sender taken"
        };
        self.say(answer);
        Ok(Continue(()))
    }

    async fn rcpt(&mut self, to: String) -> Step {
        let Some(transaction) = &self.transaction else {
            self.say("503 5.5.1 Say MAIL first");
            return Ok(Continue(()));
        };
        if transaction.recipients.len() >= MOST_RECIPIENTS {
            self.say("452 4.5.3 That is enough recipients");
            return Ok(Continue(()));
        }
        if !transaction.mail.utf8 && !to.is_ascii() {
            self.say("553 5.6.7 The address is beyond ASCII, and SMTPUTF8 was not asked for");
            return Ok(Continue(()));
        }
        if self.world.drops_at(Stage::Rcpt).await {
            return self.hang_up().await;
        }
        let behaviour = Behaviour::of(self.world.options.seed, &to);
        match behaviour.answer {
            Answer::Drop(Stage::Mail) => {
                // The answer to a pipelined MAIL still waits to be sent, and never is.
                self.queued.clear();
                return self.hang_up().await;
            }
            Answer::Drop(Stage::Rcpt) => return self.hang_up().await,
            Answer::NoMailbox => self.refuse(&format!("550 5.1.1 <{to}>: no such mailbox here")),
            Answer::NoDomain => self.refuse(&format!("550 5.1.2 <{to}>: no such domain")),
            Answer::Full => self.refuse(&format!("552 5.2.2 <{to}>: the mailbox is full")),
            Answer::OverQuota => {
                self.defer(&format!("452 4.2.2 <{to}>: the mailbox is over its quota"));
            }
            Answer::Greylist if self.world.is_greylisted(&transaction.mail.from, &to) => {
                self.defer(&format!("450 4.7.1 <{to}>: greylisted, try again later"));
            }
            Answer::Busy => {
                self.defer("421 4.3.2 The system is busy, come back later");
                self.flush().await?;
                return Ok(Break(End::Closed));
            }
            Answer::Slow => {
                self.flush().await?;
                tokio::time::sleep(self.world.options.slow).await;
                self.take(to, behaviour);
            }
            Answer::Accept | Answer::SpamFilter | Answer::Greylist | Answer::Drop(_) => {
                self.take(to, behaviour);
            }
        }
        Ok(Continue(()))
    }

    fn take(&mut self, recipient: String, behaviour: Behaviour) {
        if let Some(transaction) = &mut self.transaction {
            transaction.recipients.push((recipient, behaviour));
            self.say("250 2.1.5 Recipient taken");
        }
    }

    fn refuse(&mut self, answer: &str) {
        self.world.tallies.refused.add(1);
        self.say(answer);
    }

    fn defer(&mut self, answer: &str) {
        self.world.tallies.deferred.add(1);
        self.say(answer);
    }

    async fn data(&mut self) -> Step {
        let ready = |transaction: &mut Transaction| !transaction.recipients.is_empty();
        let Some(transaction) = self.transaction.take_if(ready) else {
            self.say("503 5.5.1 There is no recipient to write to");
            return Ok(Continue(()));
        };
        if self.drops(&transaction, Stage::Data).await {
            return self.hang_up().await;
        }
        self.say("354 Go ahead, and end with a dot");
        self.flush().await?;
        if self.drops(&transaction, Stage::Body).await {
            read_line(&mut self.input, &mut Vec::new()).await?;
            return self.hang_up().await;
        }
        let reading = read_text(&mut self.input, self.world.options.max_size);
        let Ok(Some(text)) = tokio::time::timeout(IDLE, reading).await.map_or(Ok(None), |read| read) else {
            return Ok(Break(End::Closed));
        };
        if self.drops(&transaction, Stage::Dot).await {
            return self.hang_up().await;
        }
        if transaction.has(Answer::Slow) {
            tokio::time::sleep(self.world.options.slow).await;
        }
        if let Some(fault) = transaction.fault(&text) {
            self.refuse(fault);
            return Ok(Continue(()));
        }
        if transaction.has(Answer::SpamFilter) {
            self.refuse("554 5.7.1 The message looks like spam and was not taken");
            return Ok(Continue(()));
        }
        let answer_is_lost = transaction.has(Answer::Drop(Stage::Answer));
        self.world.keep(Incoming {
            mail_from: transaction.mail.from,
            recipients: transaction.recipients,
            raw: text.bytes,
        });
        if answer_is_lost || self.world.drops_at(Stage::Answer).await {
            return self.hang_up().await;
        }
        self.say("250 2.0.0 Message taken");
        Ok(Continue(()))
    }

    async fn drops(&self, transaction: &Transaction, stage: Stage) -> bool {
        transaction.has(Answer::Drop(stage)) || self.world.drops_at(stage).await
    }

    /// Sends the answers given so far, and drops the connection without the one that is waited for.
    async fn hang_up(&mut self) -> Step {
        self.flush().await?;
        Ok(Break(End::Dropped))
    }
}
