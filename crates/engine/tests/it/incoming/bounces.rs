//! Bounces, delays and receipts: what becomes of the email.

use domain::{Status, events::EventKind, incoming::Kind, ledger::Outcome, reasons::FailureReason};
use engine::{
    emails::{ActionKind, DraftChange},
    incoming::Fate,
};
use rstest::rstest;
use store::bodies::Copy;

use super::{Desk, Refusal, dsn, header_of, reply, unknown};
use crate::support::Backend;

const MARTA: &str = "accept.marta@b.example";

#[rstest]
#[tokio::test]
async fn a_delivered_email_that_comes_back_is_bounced_with_the_servers_words(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let received = desk.receive(dsn(1, &[unknown(MARTA)], &header_of(&id))).await;
    assert_eq!((received.kind, received.fate, received.email), (Kind::HardBounce, Fate::Recorded, Some(email.id)));
    let bounced = desk.email(email.id).await;
    assert_eq!((bounced.status, bounced.failure_reason), (Status::Bounced, Some(FailureReason::NoSuchMailbox)));
    assert_eq!(bounced.failure_code.as_deref(), Some("550 5.1.1"));
    assert_eq!(bounced.failure_text.as_deref(), Some("User unknown"));
    let evidence = desk.evidence(email.id, EventKind::Bounced).await;
    assert_eq!(evidence.mailbox.as_deref(), Some("Elena's mail"));
    assert_eq!((evidence.received, evidence.incoming), (received.id, Some(Kind::HardBounce)));
    assert_eq!(evidence.recipient.as_deref(), Some(MARTA));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[case("4.2.2", "452 4.2.2 mailbox full", FailureReason::MailboxFull)]
#[case("5.7.1", "550 5.7.1 rejected as spam", FailureReason::RefusedAsSpam)]
#[case("5.7.26", "550 5.7.26 unauthenticated email is not accepted", FailureReason::RefusedByPolicy)]
#[case("5.4.4", "Host or domain name not found", FailureReason::NoSuchDomain)]
#[tokio::test]
async fn each_refusal_has_its_reason(#[case] status: &str, #[case] said: &str, #[case] expected: FailureReason) {
    let desk = Desk::open(Backend::Sqlite).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let refusal = Refusal { to: MARTA, action: "failed", status, said };
    desk.receive(dsn(1, &[refusal], &header_of(&id))).await;
    let bounced = desk.email(email.id).await;
    assert_eq!((bounced.status, bounced.failure_reason), (Status::Bounced, Some(expected)));
}

#[rstest]
#[tokio::test]
async fn an_archived_email_bounces_too_and_the_folders_stay_counted(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    desk.engine().act(&desk.room.actor, ActionKind::Archive, &[email.id], None).await.unwrap();
    let id = desk.message_id(email.id).await;
    desk.receive(dsn(1, &[unknown(MARTA)], &header_of(&id))).await;
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
    let mut tx = desk.engine().db().read().await.unwrap();
    for (status, count) in [(Status::Bounced, 1), (Status::Archived, 0), (Status::Delivered, 0)] {
        let counted = store::folder_counts::total(&mut tx, email.workspace_id, status).await.unwrap();
        assert_eq!(counted, count, "{status}");
    }
    drop(tx);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn a_delay_and_a_receipt_are_shown_and_change_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let late = Refusal { to: MARTA, action: "delayed", status: "4.4.1", said: "451 4.4.1 timed out" };
    desk.receive(dsn(1, &[late], &header_of(&id))).await;
    let there = Refusal { to: MARTA, action: "delivered", status: "2.0.0", said: "250 ok" };
    desk.receive(dsn(2, &[there], &header_of(&id))).await;
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.failure_reason, after.replies), (Status::Delivered, None, 0));
    let kinds = desk.kinds(email.id).await;
    assert!(kinds.ends_with(&[EventKind::Delayed, EventKind::Confirmed]), "{kinds:?}");
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn the_same_bounce_by_two_ways_bounces_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let raw = dsn(1, &[unknown(MARTA)], &header_of(&id));
    let first = desk.receive(raw.clone()).await;
    let by_port = engine::incoming::Arrival {
        source: engine::incoming::Source::Port,
        return_path: Some((email.id, 1)),
        ..desk.arrival(format!("Received: from elsewhere\r\n{raw}"))
    };
    let second = desk.engine().receive(by_port).await.unwrap();
    assert_eq!((second.fate, second.id, second.email), (Fate::Known, first.id, Some(email.id)));
    // A provider tells of the same refusal in its own way: recorded, and nothing bounces twice.
    let mut told = desk.report(Kind::HardBounce, "event-1", MARTA);
    told.message_ids = vec![format!("<{id}>")];
    assert_eq!(desk.engine().report(told.clone()).await.unwrap().fate, Fate::Recorded);
    assert_eq!(desk.engine().report(told).await.unwrap().fate, Fate::Known);
    let bounces = desk.kinds(email.id).await.into_iter().filter(|kind| *kind == EventKind::Bounced).count();
    assert_eq!(bounces, 1);
    assert_eq!(desk.received(email.id).await.len(), 2);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn who_answers_has_the_email_whatever_was_said(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let full = Refusal { to: MARTA, action: "failed", status: "5.2.2", said: "552 5.2.2 over quota" };
    desk.receive(dsn(1, &[full], &header_of(&id))).await;
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
    desk.receive(reply(MARTA, &id, "I have it, thank you.")).await;
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.failure_reason, after.replies), (Status::Delivered, None, 1));
    let kinds = desk.kinds(email.id).await;
    assert!(kinds.ends_with(&[EventKind::BounceWithdrawn, EventKind::Replied]), "{kinds:?}");
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn a_copy_that_is_refused_later_is_noted_and_the_email_stays_delivered(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let draft = desk.room.draft(MARTA).await.listed.email;
    let cc = vec![Copy { name: String::new(), address: "accept.cc@b.example".into() }];
    let change = DraftChange { cc: Some(cc), ..DraftChange::default() };
    let draft = desk.engine().edit_draft(&desk.room.actor, draft.id, draft.version, change).await.unwrap();
    let draft = draft.listed.email;
    desk.engine().send(&desk.room.actor, draft.id, draft.version, None).await.unwrap();
    desk.room.clock.advance(10 * domain::time::SECOND);
    for _ in 0..3 {
        desk.room.deliver().await;
    }
    let id = desk.message_id(draft.id).await;
    desk.receive(dsn(1, &[unknown("accept.cc@b.example")], &header_of(&id))).await;
    let details = desk.details(draft.id).await;
    assert_eq!(details.listed.email.status, Status::Delivered);
    let evidence = desk.evidence(draft.id, EventKind::CopyRefused).await;
    assert_eq!(evidence.recipient.as_deref(), Some("accept.cc@b.example"));
    let copy = details.recipients.iter().find(|it| it.address == "accept.cc@b.example").unwrap();
    assert_eq!(copy.outcome, Outcome::Refused);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn a_bounce_of_what_was_sent_again_since_is_about_the_first_sending(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let first = desk.message_id(email.id).await;
    let full = || Refusal { to: MARTA, action: "failed", status: "5.2.2", said: "552 5.2.2 over quota" };
    desk.receive(dsn(1, &[full()], &header_of(&first))).await;
    desk.engine().act(&desk.room.actor, ActionKind::Retry, &[email.id], None).await.unwrap();
    desk.room.clock.advance(10 * domain::time::SECOND);
    desk.room.deliver().await;
    assert_eq!(desk.email(email.id).await.status, Status::Delivered);
    desk.receive(dsn(2, &[full()], &header_of(&first))).await;
    assert_eq!(desk.email(email.id).await.status, Status::Delivered);
    let second = desk.message_id(email.id).await;
    assert_ne!(first, second);
    desk.receive(dsn(3, &[full()], &header_of(&second))).await;
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
    desk.rebuilds_the_same().await;
}
