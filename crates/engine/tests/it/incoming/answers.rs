//! Replies, automatic replies, and wishes to be left alone.

use domain::{Status, events::EventKind, incoming::Kind, stops::Cause};
use engine::{emails::ActionKind, incoming::Fate};
use rstest::rstest;

use super::{Desk, SENDER, reply};
use crate::support::Backend;

const MARTA: &str = "accept.marta@b.example";

/// What a program answers for somebody, in a new mail.
fn automatic(from: &str, subject: &str, text: &str) -> String {
    format!(
        "From: <{from}>\r\nTo: <{SENDER}>\r\nSubject: {subject}\r\nMessage-ID: <{}@auto.example>\r\n\
         Auto-Submitted: auto-replied\r\nDate: Thu, 9 Oct 2025 09:00:00 +0000\r\n\r\n{text}\r\n",
        text.len()
    )
}

#[rstest]
#[tokio::test]
async fn a_reply_is_counted_and_kept_without_what_runs_or_tracks(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let sent = desk.room.world.inbox(MARTA).pop().unwrap();
    let html = mail_parser::MessageParser::default().parse(&sent.raw).unwrap().body_html(0).unwrap().into_owned();
    let raw = format!(
        "From: Marta Silva <{MARTA}>\r\nTo: <{SENDER}>\r\nSubject: =?utf-8?q?Re:_Ol=C3=A1?=\r\n\
         Message-ID: <r1@mail.example>\r\nIn-Reply-To: <{id}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n\
         <p>Yes, Tuesday.</p><script>x()</script><blockquote>{html}</blockquote>\r\n"
    );
    let received = desk.receive(raw).await;
    assert_eq!((received.kind, received.fate, received.email), (Kind::Reply, Fate::Recorded, Some(email.id)));
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.replies, after.unseen), (Status::Delivered, 1, true));
    let evidence = desk.evidence(email.id, EventKind::Replied).await;
    assert_eq!((evidence.from.as_deref(), evidence.received), (Some(MARTA), received.id));

    let mut tx = desk.engine().db().read().await.unwrap();
    let workspace = desk.room.actor.workspace;
    let body = store::received::body(&mut tx, workspace, received.id.unwrap()).await.unwrap();
    assert!(body.html.contains("<p>Yes, Tuesday.</p>"), "{}", body.html);
    assert!(!body.html.contains("script") && !body.html.contains("/o/") && !body.html.contains("/c/"), "{}", body.html);
    assert!(body.html.contains("https://northlight.example/plan"), "{}", body.html);
    let (person, owner) = (email.person_id.unwrap(), desk.room.actor.user);
    let written = store::received::of_person(&mut tx, workspace, person, owner, None, 10).await.unwrap();
    assert_eq!(written.len(), 1);
    assert_eq!((written[0].subject.as_str(), written[0].from_name.as_str()), ("Re: Olá", "Marta Silva"));
    assert_eq!(written[0].snippet, "Yes, Tuesday.");
    let before = Some((written[0].at, written[0].id));
    assert!(store::received::of_person(&mut tx, workspace, person, owner, before, 10).await.unwrap().is_empty());
    drop(tx);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn an_archived_email_counts_replies(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    desk.engine().act(&desk.room.actor, ActionKind::Archive, &[email.id], None).await.unwrap();
    let id = desk.message_id(email.id).await;
    desk.receive(reply(MARTA, &id, "Sorry for the wait.")).await;
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.replies), (Status::Archived, 1));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn an_out_of_office_is_no_reply_and_says_when_the_person_is_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    // A new mail with a subject of its own, and no In-Reply-To.
    let raw = automatic(MARTA, "Out of office", "I am away and back on 20 October 2025.");
    let received = desk.receive(raw).await;
    assert_eq!((received.kind, received.email), (Kind::AutoReply, Some(email.id)));
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.replies, after.unseen), (Status::Delivered, 0, false));
    let evidence = desk.evidence(email.id, EventKind::AutoReplied).await;
    assert_eq!(evidence.back_on.map(|day| day.to_string()).as_deref(), Some("2025-10-20"));
    assert!(!evidence.has_left);
    assert!(stops(&desk).await.is_empty());
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn who_has_left_is_written_to_no_more(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let text = "Marta Silva is no longer with the company. Please write to info@b.example.";
    desk.receive(automatic(MARTA, "Automatic reply: Hello Marta", text)).await;
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.replies), (Status::Delivered, 0));
    assert!(desk.evidence(email.id, EventKind::AutoReplied).await.has_left);
    assert_eq!(stops(&desk).await, [Cause::HardBounce]);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn that_somebody_has_left_is_said_of_the_address_it_comes_from_and_of_no_other(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let text = "I am no longer with the company. Please write to info@b.example.";
    let answers = format!("In-Reply-To: <{id}>\r\nAuto-Submitted");
    let of_colleague = |from: &str| automatic(from, "Automatic reply: Hello", text).replace("Auto-Submitted", &answers);
    let received = desk.receive(of_colleague("tom@b.example")).await;
    assert_eq!((received.kind, received.fate, received.email), (Kind::AutoReply, Fate::Recorded, Some(email.id)));
    assert_eq!(stops(&desk).await, []);
    let evidence = desk.evidence(email.id, EventKind::AutoReplied).await;
    assert_eq!((evidence.from.as_deref(), evidence.has_left), (Some("tom@b.example"), true));

    // However its domain is written, it is the same address.
    desk.receive(of_colleague("accept.Marta@B.example")).await;
    assert_eq!(stops(&desk).await, [Cause::HardBounce]);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn who_asks_to_be_left_alone_is(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let received = desk.receive(reply(MARTA, &id, "Please remove me from your list.")).await;
    assert_eq!((received.kind, received.email), (Kind::Unsubscribe, Some(email.id)));
    assert_eq!(stops(&desk).await, [Cause::Unsubscribed]);
    let kinds = desk.kinds(email.id).await;
    assert!(kinds.contains(&EventKind::Unsubscribed) && kinds.contains(&EventKind::Replied), "{kinds:?}");
    assert_eq!(desk.email(email.id).await.replies, 1);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn the_unsubscribe_button_is_no_reply(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let raw =
        format!("From: <{MARTA}>\r\nTo: <{SENDER}>\r\nSubject: unsubscribe\r\nMessage-ID: <u@b.example>\r\n\r\n\r\n");
    let received = desk.receive(raw).await;
    assert_eq!((received.kind, received.email), (Kind::Unsubscribe, Some(email.id)));
    assert_eq!(stops(&desk).await, [Cause::Unsubscribed]);
    assert_eq!(desk.email(email.id).await.replies, 0);
}

#[rstest]
#[tokio::test]
async fn an_answer_settles_an_uncertain_email_as_arrived(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let address = "drop-answer.marta@b.example";
    let id = desk.room.send(address).await;
    desk.room.deliver().await;
    assert!(desk.email(id).await.uncertain);
    let message_id = desk.message_id(id).await;
    desk.receive(reply(address, &message_id, "It came.")).await;
    let after = desk.email(id).await;
    assert_eq!((after.status, after.uncertain, after.replies), (Status::Delivered, false, 1));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn a_bounce_settles_an_uncertain_email_too(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let address = "drop-answer.marta@b.example";
    let id = desk.room.send(address).await;
    desk.room.deliver().await;
    assert!(desk.email(id).await.uncertain);
    let message_id = desk.message_id(id).await;
    desk.receive(super::dsn(1, &[super::unknown(address)], &super::header_of(&message_id))).await;
    let after = desk.email(id).await;
    assert_eq!((after.status, after.uncertain), (Status::Bounced, false));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn what_the_sender_wrote_is_no_reply(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    // A follow-up from the telephone, in copy to oneself; and the email itself, by a blind copy.
    let received = desk.receive(reply(SENDER, &id, "One more thing.")).await;
    assert_eq!(received.fate, Fate::NotOurs);
    let sent = desk.room.world.inbox(MARTA).pop().unwrap();
    assert_eq!(desk.receive(sent.raw.to_vec()).await.fate, Fate::NotOurs);
    assert_eq!(desk.email(email.id).await.replies, 0);
}

/// Why nobody writes to Marta any more.
pub(super) async fn stops(desk: &Desk) -> Vec<Cause> {
    let mut tx = desk.engine().db().read().await.unwrap();
    let stops = store::stops::of_address(&mut tx, desk.room.actor.workspace, MARTA).await.unwrap();
    stops.into_iter().map(|stop| stop.cause).collect()
}
