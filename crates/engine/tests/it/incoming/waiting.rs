//! What comes before its email has settled takes effect when it has.

use domain::{Status, events::EventKind};
use engine::{emails::DraftChange, incoming::Fate};
use rstest::rstest;
use store::bodies::Copy;

use super::{Desk, dsn, header_of, unknown};
use crate::support::Backend;

const MARTA: &str = "accept.marta@b.example";

#[rstest]
#[tokio::test]
async fn a_bounce_waits_until_the_copies_have_gone(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let draft = desk.room.draft(MARTA).await.listed.email;
    let cc = vec![Copy { name: String::new(), address: "busy.first@b.example".into() }];
    let change = DraftChange { cc: Some(cc), ..DraftChange::default() };
    let draft = desk.engine().edit_draft(&desk.room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    desk.engine().send(&desk.room.actor, draft.id, draft.version, None).await.unwrap();
    desk.room.clock.advance(10 * domain::time::SECOND);
    desk.room.deliver().await;
    let waits = desk.email(draft.id).await;
    assert_eq!(waits.status, Status::Scheduled, "the copy is still to go");
    let id = desk.message_id(draft.id).await;
    let received = desk.receive(dsn(1, &[unknown(MARTA)], &header_of(&id))).await;
    assert_eq!(received.fate, Fate::Waits);
    desk.engine().act_on_waiting().await.unwrap();
    assert_eq!(desk.email(draft.id).await.status, Status::Scheduled);
    assert!(!desk.kinds(draft.id).await.contains(&EventKind::Bounced));

    // The copy is given up at last.
    desk.room.clock.advance(60 * domain::time::DAY);
    desk.room.deliver().await;
    assert_eq!(desk.email(draft.id).await.status, Status::Delivered);
    desk.engine().act_on_waiting().await.unwrap();
    assert_eq!(desk.email(draft.id).await.status, Status::Bounced);
    desk.engine().act_on_waiting().await.unwrap();
    let bounces = desk.kinds(draft.id).await.into_iter().filter(|kind| *kind == EventKind::Bounced).count();
    assert_eq!(bounces, 1);
    desk.rebuilds_the_same().await;
}
