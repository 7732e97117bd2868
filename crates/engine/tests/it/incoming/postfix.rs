//! Real bounces, made by a real Postfix, find their emails.

use domain::{Status, reasons::FailureReason};
use engine::incoming::Fate;
use rstest::rstest;
use testbed::postfix::{Options, Postfix};

use super::{Desk, SENDER};
use crate::{postfix::send_through, support::Backend};

#[rstest]
#[case("gone@example.test", "5.1.1 user unknown", FailureReason::NoSuchMailbox)]
#[case("full@example.test", "5.2.2 mailbox is full", FailureReason::MailboxFull)]
#[case("strict@example.test", "5.7.1 message looks like spam", FailureReason::RefusedAsSpam)]
#[tokio::test]
async fn what_postfix_takes_and_returns_is_matched(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] address: &str,
    #[case] words: &str,
    #[case] expected: FailureReason,
) {
    let postfix = Postfix::start_with(&Options {
        returned: vec![(address.to_owned(), words.to_owned())],
        senders: Some("northlight.example".into()),
        ..Options::default()
    });
    let desk = Desk::open(backend).await;
    send_through(&desk.room, &postfix).await;
    let email = desk.delivered(address).await;
    let report = postfix.maildir(SENDER).wait_for_message();
    let received = desk.receive(report).await;
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.failure_reason), (Status::Bounced, Some(expected)));
    desk.rebuilds_the_same().await;
}
