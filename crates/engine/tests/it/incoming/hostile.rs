//! Bad input: bounded, and nothing changes.

use std::fmt::Write as _;

use domain::incoming::Kind;
use engine::incoming::Fate;

use super::{Desk, Refusal, dsn, reply, unknown};
use crate::support::Backend;

const MARTA: &str = "accept.marta@b.example";

#[tokio::test]
async fn a_message_of_50_megabytes_is_understood_by_its_beginning() {
    let desk = Desk::open(Backend::Sqlite).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let mut raw = reply(MARTA, &id, "Here is the film.").into_bytes();
    raw.resize(50 * 1024 * 1024, b'x');
    assert_eq!(desk.receive(raw).await.email, Some(email.id));
    let mut tx = desk.engine().db().read().await.unwrap();
    let kept = store::received::of_email(&mut tx, email.workspace_id, email.id).await.unwrap().remove(0);
    let body = store::received::body(&mut tx, email.workspace_id, kept.id).await.unwrap();
    assert!(body.text.len() <= 128 * 1024 && kept.evidence.text.unwrap().len() <= 4_000);
}

#[tokio::test]
async fn ten_thousand_nested_parts_are_taken_for_nothing() {
    let desk = Desk::open(Backend::Sqlite).await;
    let email = desk.delivered(MARTA).await;
    let mut nested = String::from("From: <x@y.example>\r\nSubject: deep\r\nMIME-Version: 1.0\r\n");
    for depth in 0..10_000 {
        let _ = write!(nested, "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
    }
    assert_eq!(desk.receive(nested).await.fate, Fate::NotOurs);
    let messages = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);
    assert_eq!(desk.receive(format!("From: <x@y.example>\r\n{messages}")).await.fate, Fate::NotOurs);
    assert_eq!(desk.email(email.id).await, email);
}

#[tokio::test]
async fn charsets_that_do_not_exist_and_bytes_that_are_no_text_are_kept_as_far_as_they_can_be_read() {
    let desk = Desk::open(Backend::Sqlite).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let head = format!(
        "From: =?x-klingon?q?M=FFrta?= <{MARTA}>\r\nSubject: =?utf-9?b?////?=\r\nMessage-ID: <k@b.example>\r\n\
         In-Reply-To: <{id}>\r\nContent-Type: text/plain; charset=x-klingon\r\n\r\n"
    );
    let mut raw = head.into_bytes();
    raw.extend(b"Yes \xff\xfe\x00\x80 please\r\n");
    assert_eq!(desk.receive(raw).await.email, Some(email.id));
    assert_eq!(desk.email(email.id).await.replies, 1);
}

#[tokio::test]
async fn no_message_at_all_is_nothing() {
    let desk = Desk::open(Backend::Postgres).await;
    for raw in [&b""[..], b"\r\n\r\n", b"\0\0\0", b"not a message", &[0xff; 1000]] {
        assert_eq!(desk.receive(raw.to_vec()).await.fate, Fate::NotOurs);
    }
}

#[tokio::test]
async fn letters_that_no_database_takes_are_left_out() {
    let desk = Desk::open(Backend::Postgres).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let received = desk.receive(reply(MARTA, &id, "A\0B")).await;
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
}

#[tokio::test]
async fn a_report_full_of_such_letters_is_read_as_far_as_it_makes_sense() {
    let desk = Desk::open(Backend::Postgres).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let odd =
        dsn(1, &[Refusal { said: "550 5.1.1 No\0body", ..unknown("ma\0rta@b.example") }], "Message-ID: <a\0b@x>\r\n");
    assert_eq!(desk.receive(odd.clone()).await.fate, Fate::NotOurs);
    let ours = odd.replace("ma\0rta@b.example", MARTA).replace("a\0b@x", &id);
    assert_eq!(desk.receive(ours).await.fate, Fate::Recorded);
    let words = desk.email(email.id).await.failure_text.unwrap();
    assert!(!words.contains('\0') && words.starts_with("No"), "{words:?}");
    let answer = reply("ma\0rta@b.example", "n\0ne@x", "x").replace("Subject: ", "Subject: \0");
    assert_eq!(desk.receive(answer).await.fate, Fate::NotOurs);
}

#[tokio::test]
async fn a_provider_that_tells_nonsense_is_heard_and_nothing_breaks() {
    let desk = Desk::open(Backend::Postgres).await;
    let email = desk.delivered(MARTA).await;
    let mut told = desk.report(Kind::HardBounce, "e1", "ma\0rta@b.example");
    (told.message_ids, told.our_mark) = (vec!["a\0b@x".into(), "x".repeat(100_000)], Some("\0".into()));
    assert_eq!(desk.engine().report(told).await.unwrap().fate, Fate::NotOurs);
    let mut told = desk.report(Kind::HardBounce, "e\u{0}2", MARTA);
    told.message_ids = vec![desk.message_id(email.id).await];
    (told.status, told.reason) = (Some("5\0.1.1".into()), Some("No\0body ".repeat(100_000)));
    assert_eq!(desk.engine().report(told).await.unwrap().fate, Fate::Recorded);
    let after = desk.email(email.id).await;
    let words = after.failure_text.unwrap();
    assert!(words.starts_with("Nobody Nobody") && words.len() <= 2_000, "{} bytes", words.len());
}
