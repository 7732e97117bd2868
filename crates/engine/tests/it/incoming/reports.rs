//! What providers tell without a message.

use domain::{
    Status,
    events::EventKind,
    incoming::Kind,
    reasons::FailureReason,
    stops::{Cause, Source},
};
use engine::incoming::Fate;
use rstest::rstest;

use super::{Desk, answers::stops};
use crate::support::Backend;

const MARTA: &str = "accept.marta@b.example";

#[rstest]
#[tokio::test]
async fn a_provider_tells_of_a_bounce_by_our_mark(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let mut told = desk.report(Kind::HardBounce, "e1", MARTA);
    told.our_mark = Some(format!("{}.1", email.id.0.simple()));
    (told.status, told.code, told.reason) = (Some("5.1.1".into()), Some(550), Some("No such user here".into()));
    assert_eq!(desk.engine().report(told).await.unwrap().fate, Fate::Recorded);
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.failure_reason), (Status::Bounced, Some(FailureReason::NoSuchMailbox)));
    assert_eq!(after.failure_text.as_deref(), Some("No such user here"));
    assert_eq!(desk.evidence(email.id, EventKind::Bounced).await.channel.as_deref(), Some("Workspace SMTP"));
    assert_eq!(stops(&desk).await, [Cause::HardBounce]);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[case(Kind::SoftBounce, Status::Bounced, None)]
#[case(Kind::Complaint, Status::Spam, Some(Cause::Complaint))]
#[case(Kind::Unsubscribe, Status::Delivered, Some(Cause::Unsubscribed))]
#[case(Kind::Delay, Status::Delivered, None)]
#[case(Kind::Receipt, Status::Delivered, None)]
#[case(Kind::Other, Status::Delivered, None)]
#[tokio::test]
async fn each_kind_does_what_a_message_of_it_would(
    #[case] kind: Kind,
    #[case] status: Status,
    #[case] stop: Option<Cause>,
) {
    let desk = Desk::open(Backend::Sqlite).await;
    let email = desk.delivered(MARTA).await;
    let mut told = desk.report(kind, "e1", MARTA);
    told.message_ids = vec![desk.message_id(email.id).await];
    desk.engine().report(told).await.unwrap();
    assert_eq!(desk.email(email.id).await.status, status);
    assert_eq!(stops(&desk).await.into_iter().next(), stop);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn a_receipt_of_a_provider_settles_an_uncertain_email(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let address = "drop-answer.marta@b.example";
    let id = desk.room.send(address).await;
    desk.room.deliver().await;
    assert!(desk.email(id).await.uncertain);
    let mut told = desk.report(Kind::Receipt, "e1", address);
    told.message_ids = vec![desk.message_id(id).await];
    desk.engine().report(told).await.unwrap();
    let after = desk.email(id).await;
    assert_eq!((after.status, after.uncertain), (Status::Delivered, false));
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn an_unsubscribe_that_a_provider_tells_is_known_to_come_from_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let mut told = desk.report(Kind::Unsubscribe, "e1", MARTA);
    told.message_ids = vec![desk.message_id(email.id).await];
    desk.engine().report(told).await.unwrap();
    let mut tx = desk.engine().db().read().await.unwrap();
    let stops = store::stops::of_address(&mut tx, desk.room.actor.workspace, MARTA).await.unwrap();
    assert_eq!(stops.into_iter().map(|stop| stop.source).collect::<Vec<_>>(), [Source::Webhook]);
}

#[rstest]
#[tokio::test]
async fn somebody_else_than_the_recipient_does_not_unsubscribe_them(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let mut told = desk.report(Kind::Unsubscribe, "e1", "accept.other@b.example");
    told.message_ids = vec![desk.message_id(email.id).await];
    assert_eq!(desk.engine().report(told).await.unwrap().fate, Fate::Refused);
    assert!(stops(&desk).await.is_empty());
}
