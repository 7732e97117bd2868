//! Servers that are none, or bad ones, and limits that let nothing through: mail waits and says why, and nothing is lost or
//! sent twice.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use domain::{
    Status,
    channel::{Auth, Security},
    limits::Limits,
    reasons::WaitReason,
    time::HOUR,
};
use engine::channels::ChannelChange;
use rstest::rstest;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

use crate::{mailroom::Mailroom, support::Backend};

/// A server that greets with `greeting`, takes everything, and answers the message itself with `verdict`.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) greeting: Vec<u8>,
    pub(crate) verdict: &'static str,
    /// One byte at a time.
    pub(crate) drips: bool,
    /// Lets it greet, and answer a message, once for each permit; without, it need not ask.
    pub(crate) gate: Option<Arc<Semaphore>>,
}

impl Server {
    pub(crate) fn greeting(greeting: impl Into<Vec<u8>>) -> Self {
        Self { greeting: greeting.into(), verdict: "250 queued\r\n", drips: false, gate: None }
    }

    async fn start(self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = self.clone();
                // Whoever hangs up ends the conversation.
                tokio::spawn(async move { server.converse(stream).await });
            }
        });
        address
    }

    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        self.pass_gate().await;
        self.say(&mut stream, &self.greeting).await?;
        let (mut line, mut content) = (String::new(), false);
        while stream.read_line(&mut line).await? > 0 {
            if content && line == ".\r\n" {
                self.pass_gate().await;
            }
            let answer = match line.as_str() {
                ".\r\n" if content => self.verdict,
                _ if content => "",
                "DATA\r\n" => "354 go on\r\n",
                _ => "250 ok\r\n",
            };
            content = if content { line != ".\r\n" } else { line == "DATA\r\n" };
            self.say(&mut stream, answer.as_bytes()).await?;
            line.clear();
        }
        Ok(())
    }

    async fn pass_gate(&self) {
        if let Some(gate) = &self.gate {
            gate.acquire().await.unwrap().forget();
        }
    }

    async fn say(&self, stream: &mut BufReader<TcpStream>, bytes: &[u8]) -> std::io::Result<()> {
        for chunk in bytes.chunks(if self.drips { 1 } else { usize::MAX }) {
            stream.write_all(chunk).await?;
            stream.flush().await?;
            if self.drips {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        Ok(())
    }
}

/// A room whose channel leads to `server` instead.
async fn room_with(backend: Backend, server: Server, security: Security) -> Mailroom {
    let room = Mailroom::open(backend).await;
    lead_to(&room, server, security).await;
    room
}

/// Leads the channel of `room` to `server`.
pub(crate) async fn lead_to(room: &Mailroom, server: Server, security: Security) {
    let address = server.start().await;
    let channel = &room.channel.channel;
    let change = ChannelChange {
        host: Some(address.ip().to_string()),
        port: Some(i64::from(address.port())),
        security: Some(security),
        auth: Some(Auth::None),
        ..ChannelChange::default()
    };
    room.engine.change_channel(&room.actor, channel.id, channel.version, change).await.unwrap();
}

#[rstest]
#[case(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), Security::None, "does not speak SMTP")]
#[case(b"\x15\x03\x01\x00\x02\x02\x46\r\n".to_vec(), Security::None, "does not speak SMTP")]
#[case([b"220 ".to_vec(), vec![b'x'; 1_000_000]].concat(), Security::None, "answer is too long")]
#[case(b"220 mx.example ESMTP\r\n".to_vec(), Security::Tls, "TLS")]
#[tokio::test]
async fn mail_for_a_server_that_is_none_waits_and_says_what_it_met(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] greeting: Vec<u8>,
    #[case] security: Security,
    #[case] expected: &str,
) {
    let room = room_with(backend, Server::greeting(greeting), security).await;
    let id = room.send("accept.marta@brisamar.example").await;
    for attempts in 1..3 {
        room.deliver().await;
        let email = room.email(id).await.listed.email;
        assert_eq!((email.status, email.wait_reason), (Status::Scheduled, Some(WaitReason::Unreachable)));
        let text = email.wait_text.unwrap();
        assert!(text.contains(expected) && text.len() < 1000, "{text}");
        assert_eq!(email.attempts, attempts);
        assert!(email.next_at.unwrap() > room.engine.now(), "tried again later, not at once");
        room.clock.advance(HOUR);
    }
}

#[rstest]
#[tokio::test]
async fn a_server_that_answers_byte_by_byte_is_waited_for(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let server = Server { drips: true, ..Server::greeting("220 mx.example ESMTP\r\n") };
    let room = room_with(backend, server, Security::None).await;
    let id = room.send("accept.marta@brisamar.example").await;
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
}

#[rstest]
#[tokio::test]
async fn garbage_after_the_final_dot_leaves_the_email_uncertain_and_it_is_not_sent_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let server = Server { verdict: "\u{1}\u{2} segmentation fault\r\n", ..Server::greeting("220 mx.example\r\n") };
    let room = room_with(backend, server, Security::None).await;
    let id = room.send("accept.marta@brisamar.example").await;
    for _ in 0..3 {
        room.deliver().await;
        let email = room.email(id).await.listed.email;
        assert_eq!((email.status, email.uncertain, email.attempts), (Status::InProgress, true, 1));
        room.clock.advance(HOUR);
    }
}

#[rstest]
#[case(Limits { per_minute: Some(0), ..Limits::default() })]
#[case(Limits { per_day: Some(0), ..Limits::default() })]
#[case(Limits { batch_size: Some(0), batch_pause_s: Some(60), ..Limits::default() })]
#[tokio::test]
async fn a_limit_of_zero_lets_nothing_through_and_a_higher_one_lets_it_go(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] limits: Limits,
) {
    let room = Mailroom::open(backend).await;
    let channel = room.engine.channel(&room.actor, room.channel.channel.id).await.unwrap().channel;
    let change = ChannelChange { limits: Some(limits), ..ChannelChange::default() };
    let changed = room.engine.change_channel(&room.actor, channel.id, channel.version, change).await.unwrap().channel;
    let id = room.send("accept.marta@brisamar.example").await;
    for _ in 0..3 {
        room.deliver().await;
        let email = room.email(id).await.listed.email;
        assert_eq!((email.status, email.attempts), (Status::Scheduled, 0));
        room.clock.advance(HOUR);
    }
    let change = ChannelChange { limits: Some(Limits::default()), ..ChannelChange::default() };
    room.engine.change_channel(&room.actor, channel.id, changed.version, change).await.unwrap();
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
}
