//! What comes back to our own return addresses, over real SMTP.

use std::{net::SocketAddr, time::Duration};

use domain::{EmailId, Status, reasons::FailureReason, time::DAY};
use engine::feedback::{FeedbackWish, PortLimits, PortOptions, Tls};
use rstest::rstest;
use simulator::PostOffice;
use testbed::postfix::{Options, Postfix};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::{mailroom::Mailroom, postfix::send_through, support::Backend};

const DOMAIN: &str = "bounces.test";

/// Opens the port of the room.
async fn open_port(room: &Mailroom) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tls = Some(Tls::self_made("port.test").unwrap());
    let limits = PortLimits { mistakes: 1000, ..PortLimits::default() };
    let options = PortOptions { name: "port.test".into(), tls, limits };
    tokio::spawn(room.engine.clone().take_mail_until(listener, options, CancellationToken::new()));
    address
}

/// Lets bounces of the room's only channel come to our own addresses; gives the address of complaints.
async fn sign_return_addresses(room: &Mailroom, channel: domain::ChannelId) -> String {
    let wish = FeedbackWish { return_domain: Some(DOMAIN.into()), webhook: None };
    room.engine.set_feedback(&room.actor, channel, wish).await.unwrap().feedback_address.unwrap()
}

/// A room whose recipients write back to its port.
async fn room_with_port(backend: Backend) -> (Mailroom, SocketAddr) {
    let room = Mailroom::open(backend).await;
    let port = open_port(&room).await;
    let complaints = sign_return_addresses(&room, room.channel.channel.id).await;
    room.world.mail_goes_to(PostOffice { server: port, complaints: Some(complaints) });
    (room, port)
}

/// An email that was sent.
async fn sent(room: &Mailroom, address: &str) -> EmailId {
    let id = room.send(address).await;
    room.deliver().await;
    id
}

/// Sends an email, and lets its recipient do what they do.
async fn send_and_react(room: &Mailroom, address: &str) -> EmailId {
    let id = sent(room, address).await;
    for reaction in room.world.due(i64::MAX) {
        room.clock.move_to(domain::Timestamp(reaction.at));
        let _ = room.world.perform(&reaction).await;
    }
    id
}

async fn status(room: &Mailroom, id: EmailId) -> Status {
    room.email(id).await.listed.email.status
}

/// Hands a message to the port, and answers the last code.
async fn hand_in(port: SocketAddr, to: &str, message: &str) -> String {
    let mut stream = BufReader::new(TcpStream::connect(port).await.unwrap());
    let mut last = String::new();
    stream.read_line(&mut last).await.unwrap();
    let commands = [
        "HELO x".to_owned(),
        "MAIL FROM:<>".to_owned(),
        format!("RCPT TO:<{to}>"),
        "DATA".to_owned(),
        format!("{message}\r\n."),
    ];
    for command in commands {
        stream.write_all(format!("{command}\r\n").as_bytes()).await.unwrap();
        last.clear();
        stream.read_line(&mut last).await.unwrap();
        if last.starts_with(['4', '5']) {
            break;
        }
    }
    last[..3].to_owned()
}

#[rstest]
#[tokio::test]
async fn recipients_bounce_complain_and_answer_by_the_port(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, _) = room_with_port(backend).await;
    let bounced = send_and_react(&room, "bounce-later.ana@x.example").await;
    assert_eq!(status(&room, bounced).await, Status::Bounced);
    let spam = send_and_react(&room, "complain.ana@x.example").await;
    assert_eq!(status(&room, spam).await, Status::Spam);
    let answered = send_and_react(&room, "reply.ana@x.example").await;
    let email = room.email(answered).await.listed.email;
    assert_eq!((email.status, email.replies), (Status::Delivered, 1));
    let away = send_and_react(&room, "ooo.ana@x.example").await;
    assert_eq!(room.email(away).await.listed.email.replies, 0);
    let letter = room.world.inbox("reply.ana@x.example").remove(0);
    assert!(letter.mail_from.starts_with("r+") && letter.mail_from.ends_with("@bounces.test"), "{}", letter.mail_from);
}

#[rstest]
#[tokio::test]
async fn a_real_postfix_bounces_to_the_port_and_the_email_is_bounced(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let port = open_port(&room).await;
    let postfix = Postfix::start_with(&Options {
        returned: vec![("ana@example.test".into(), "5.1.1 nobody here has that name".into())],
        routes: vec![(DOMAIN.into(), port)],
        ..Options::default()
    });
    send_through(&room, &postfix).await;
    let channels = room.engine.channels(&room.actor).await.unwrap();
    let channel = channels.iter().find(|view| view.channel.name == "Postfix").unwrap().channel.id;
    sign_return_addresses(&room, channel).await;
    let id = sent(&room, "ana@example.test").await;
    for _ in 0..1200 {
        if status(&room, id).await == Status::Bounced {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let email = room.email(id).await.listed.email;
    assert_eq!(email.status, Status::Bounced);
    assert_eq!(email.failure_reason, Some(FailureReason::NoSuchMailbox));
    assert!(postfix.log().contains("to=<r+"));
}

#[tokio::test]
async fn forged_foreign_and_old_addresses_are_refused_and_change_nothing() {
    let (room, port) = room_with_port(Backend::Sqlite).await;
    let id = sent(&room, "accept.ana@x.example").await;
    let ours = room.world.inbox("accept.ana@x.example").remove(0).mail_from;
    let bounce = "From: MAILER-DAEMON@x.example\r\nContent-Type: text/plain\r\nSubject: Undelivered\r\n\r\n\
        <accept.ana@x.example>: 550 5.1.1 user unknown";
    let forged = format!("{}a@{DOMAIN}", &ours[..ours.find('@').unwrap() - 1]);
    let elsewhere = ours.replace(DOMAIN, "other.test");
    for to in [forged.as_str(), &elsewhere, "r+aaaa@bounces.test", "accept.ana@x.example"] {
        assert_eq!(hand_in(port, to, bounce).await, "550", "{to}");
    }
    room.clock.advance(100 * DAY);
    assert_eq!(hand_in(port, &ours, bounce).await, "550");
    assert_eq!(status(&room, id).await, Status::Delivered);
}

#[tokio::test]
async fn a_bounce_about_somebody_the_email_never_went_to_changes_nothing() {
    let (room, port) = room_with_port(Backend::Sqlite).await;
    let id = sent(&room, "accept.ana@x.example").await;
    let ours = room.world.inbox("accept.ana@x.example").remove(0).mail_from;
    let about = |who: &str| {
        format!(
            "From: MAILER-DAEMON@x.example\r\nMessage-ID: <{who}>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\n\
             Final-Recipient: rfc822; {who}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n--b--\r\n"
        )
    };
    assert_eq!(hand_in(port, &ours, &about("boss@y.example")).await, "250");
    assert_eq!(status(&room, id).await, Status::Delivered);
    assert_eq!(hand_in(port, &ours.to_uppercase(), &about("accept.ana@x.example")).await, "250");
    assert_eq!(status(&room, id).await, Status::Bounced);
    // The same again is the same.
    let events = room.email(id).await.events.len();
    assert_eq!(hand_in(port, &ours, &about("accept.ana@x.example")).await, "250");
    assert_eq!(room.email(id).await.events.len(), events);
}
