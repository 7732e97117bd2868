//! One conversation with one client.

use std::{
    io,
    net::IpAddr,
    ops::ControlFlow::{self, Break, Continue},
    sync::Arc,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use super::{
    Door, Letter, Port, Taken, Unavailable,
    command::{Command, Mail},
    data::{Collector, Content},
    wire::{Line, Wire},
};

const LATER: &str = "451 4.3.0 Not now, try again later";

/// How a conversation goes on.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// It does not.
    Over,
    /// In TLS.
    Secured,
}

/// What is known of a conversation.
struct Session<'a, D: Door> {
    port: &'a Port<D>,
    client: IpAddr,
    secured: bool,
    greeted: bool,
    commands: u32,
    mistakes: u32,
    message: Option<Message<D::Addressee>>,
}

/// A message under way.
struct Message<A> {
    mail: Mail,
    to: Vec<A>,
}

/// Talks with a client until one side hangs up, or its time is over.
pub(super) async fn attend<D: Door>(port: &Port<D>, stream: TcpStream, client: IpAddr) {
    let mut session = Session { port, client, secured: false, greeted: false, commands: 0, mistakes: 0, message: None };
    let ended = timeout(port.options.limits.session, session.run(stream)).await;
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%client, %error, "a client is gone"),
        Err(_) => tracing::info!(%client, "a connection lasted too long and was closed"),
    }
    if session.mistakes > 0 {
        tracing::info!(%client, mistakes = session.mistakes, "a client asked for what is not here");
    }
}

impl<D: Door> Session<'_, D> {
    async fn run(&mut self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let patience = self.port.options.limits.idle;
        let mut wire = Wire::new(stream, patience);
        wire.say(&format!("220 {} ESMTP", self.port.options.name));
        if self.converse(&mut wire).await? == End::Over {
            return wire.flush().await;
        }
        let Some(tls) = &self.port.options.tls else { return Ok(()) };
        let secured =
            timeout(patience, tls.0.accept(wire.into_inner())).await.map_err(|_| io::ErrorKind::TimedOut)??;
        (self.secured, self.greeted, self.message) = (true, false, None);
        let mut wire = Wire::new(secured, patience);
        self.converse(&mut wire).await?;
        wire.flush().await
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<S>) -> io::Result<End> {
        loop {
            let Some(line) = self.port.stop.run_until_cancelled(wire.line()).await else {
                wire.say("421 4.3.2 The server is being stopped, come again");
                return Ok(End::Over);
            };
            let line = match line {
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    wire.say("421 4.4.2 You have taken too long");
                    return Ok(End::Over);
                }
                line => line?,
            };
            let went = match line {
                Line::Closed => return Ok(End::Over),
                Line::TooLong => {
                    wire.say("500 5.5.2 The line is too long");
                    return Ok(End::Over);
                }
                Line::Bare => self.mistake(wire, "500 5.5.2 A line ends with CRLF"),
                Line::Command(line) => self.obey(wire, &line).await?,
            };
            if let Break(end) = went {
                return Ok(end);
            }
        }
    }

    async fn obey<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        wire: &mut Wire<S>,
        line: &[u8],
    ) -> io::Result<ControlFlow<End>> {
        self.commands += 1;
        if self.commands > self.port.options.limits.commands {
            wire.say("421 4.7.0 That is enough for one connection");
            return Ok(Break(End::Over));
        }
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(refusal) => return Ok(self.mistake(wire, refusal)),
        };
        match command {
            Command::Ehlo(_) => self.greet(wire, true),
            Command::Helo(_) => self.greet(wire, false),
            Command::StartTls => return self.start_tls(wire).await,
            Command::Mail(mail) => return Ok(self.mail(wire, mail)),
            Command::Rcpt(to) => return Ok(self.rcpt(wire, &to).await),
            Command::Data => return self.data(wire).await,
            Command::Rset => {
                self.message = None;
                wire.say("250 2.0.0 Forgotten");
            }
            Command::Noop => wire.say("250 2.0.0 Still here"),
            Command::Vrfy => wire.say("252 2.5.2 Write, and see"),
            Command::Quit => {
                wire.say("221 2.0.0 Goodbye");
                return Ok(Break(End::Over));
            }
        }
        Ok(Continue(()))
    }

    fn greet<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<S>, extended: bool) {
        (self.greeted, self.message) = (true, None);
        let options = &self.port.options;
        if !extended {
            return wire.say(&format!("250 {}", options.name));
        }
        wire.say(&format!("250-{}", options.name));
        if options.tls.is_some() && !self.secured {
            wire.say("250-STARTTLS");
        }
        wire.say("250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES");
        wire.say(&format!("250 SIZE {}", options.limits.message));
    }

    async fn start_tls<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        wire: &mut Wire<S>,
    ) -> io::Result<ControlFlow<End>> {
        if self.port.options.tls.is_none() || self.secured {
            return Ok(self.mistake(wire, "503 5.5.1 There is no TLS to begin here"));
        }
        if wire.has_more() {
            // What was sent in clear text must not be taken for something said in TLS.
            wire.say("501 5.5.4 Nothing may follow STARTTLS");
            return Ok(Break(End::Over));
        }
        wire.say("220 2.0.0 Go ahead");
        wire.flush().await?;
        Ok(Break(End::Secured))
    }

    fn mail<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<S>, mail: Mail) -> ControlFlow<End> {
        if !self.greeted {
            return self.mistake(wire, "503 5.5.1 Say EHLO first");
        }
        if self.message.is_some() {
            return self.mistake(wire, "503 5.5.1 One message at a time");
        }
        if mail.size.is_some_and(|size| size > self.port.options.limits.message as u64) {
            wire.say("552 5.3.4 The message is larger than the size announced");
            return Continue(());
        }
        self.message = Some(Message { mail, to: Vec::new() });
        wire.say("250 2.1.0 Go on");
        Continue(())
    }

    async fn rcpt<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<S>, to: &str) -> ControlFlow<End> {
        let Some(message) = &mut self.message else {
            return self.mistake(wire, "503 5.5.1 Say MAIL first");
        };
        if message.to.len() >= self.port.options.limits.recipients {
            wire.say("452 4.5.3 That is enough recipients for one message");
            return Continue(());
        }
        match self.port.door.addressee(to).await {
            Ok(Some(addressee)) => {
                message.to.push(addressee);
                wire.say("250 2.1.5 Go on");
                Continue(())
            }
            Ok(None) => self.mistake(wire, "550 5.1.1 There is no such address here"),
            Err(Unavailable) => {
                wire.say(LATER);
                Continue(())
            }
        }
    }

    async fn data<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<S>) -> io::Result<ControlFlow<End>> {
        let Some(message) = self.message.take_if(|message| !message.to.is_empty()) else {
            return Ok(self.mistake(wire, "503 5.5.1 There is nobody to write to"));
        };
        wire.say("354 Go ahead, and end with a dot");
        wire.flush().await?;
        let first = format!("Return-Path: <{}>\r\n", message.mail.from).into_bytes();
        let most = self.port.options.limits.message + first.len();
        let mut collector = Collector::new(first, most, Arc::clone(&self.port.memory));
        loop {
            let block = wire.block().await?;
            if block.is_empty() {
                return Ok(Break(End::Over));
            }
            let (taken, ended) = collector.take(block);
            wire.consume(taken);
            if ended {
                break;
            }
        }
        let answer = match collector.finish() {
            // The memory stays taken until the door has let go of the message.
            Content::Whole(raw, _memory) => self.hand_over(message, raw).await,
            Content::TooLarge => "552 5.3.4 The message is larger than the size announced",
            Content::NoRoom => "452 4.3.1 There is no room now, try again later",
        };
        wire.say(answer);
        Ok(Continue(()))
    }

    /// Gives the message to each of its addressees; who has it already when a later one fails knows it again.
    async fn hand_over(&self, message: Message<D::Addressee>, raw: Vec<u8>) -> &'static str {
        let Ok(_turn) = self.port.at_the_door.acquire().await else { return LATER };
        let letter = Letter { sender: message.mail.from, raw };
        let mut recorded = false;
        for to in message.to {
            match self.port.door.take(to, letter.clone()).await {
                Ok(Taken::Recorded) => recorded = true,
                Ok(Taken::Nobodys) => {}
                Err(Unavailable) => return LATER,
            }
        }
        if recorded { "250 2.0.0 Taken" } else { "550 5.1.1 There is no such address here any more" }
    }

    /// Refuses something; who makes too many mistakes has to go.
    fn mistake<S: AsyncRead + AsyncWrite + Unpin>(&mut self, wire: &mut Wire<S>, answer: &str) -> ControlFlow<End> {
        self.mistakes += 1;
        wire.say(answer);
        if self.mistakes < self.port.options.limits.mistakes {
            return Continue(());
        }
        tracing::debug!(client = %self.client, "too many mistakes");
        wire.say("421 4.7.0 Too many mistakes");
        Break(End::Over)
    }
}
