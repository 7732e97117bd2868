//! Nothing is news before its verdict is settled.

use domain::{
    engagement::{Verdict, Why},
    time::{MINUTE, SECOND},
};
use engine::tracking::VisitKind;
use rstest::rstest;

use super::{click, delivered, visit, visit_to};
use crate::{mailroom::Mailroom, support::Backend};

#[rstest]
#[tokio::test]
async fn what_a_person_did_is_news_when_the_burst_has_had_its_time(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, ..) = delivered(&room, "accept.marta@brisamar.example").await;
    room.clock.advance(2 * MINUTE);
    visit(&room, visit_to(&room, id, VisitKind::View, "198.51.100.7")).await;
    let unseen = async || {
        room.engine.settle_visits().await.unwrap();
        room.email(id).await.listed.email.unseen
    };
    assert!(!unseen().await);
    room.clock.advance(4 * MINUTE);
    assert!(!unseen().await);
    assert!(room.email(id).await.visits[0].settles_at.is_some());
    room.clock.advance(MINUTE);
    assert!(unseen().await);
    assert_eq!(room.email(id).await.visits[0].settles_at, None);
    // Long after the sending a minute is enough.
    room.engine.act(&room.actor, engine::emails::ActionKind::Seen, &[id], None).await.unwrap();
    visit(&room, visit_to(&room, id, click(0), "198.51.100.7")).await;
    room.clock.advance(59 * SECOND);
    assert!(!unseen().await);
    room.clock.advance(SECOND);
    assert!(unseen().await);
}

#[rstest]
#[tokio::test]
async fn what_turned_out_to_be_a_scanner_is_never_news(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let (id, ..) = delivered(&room, "accept.marta@brisamar.example").await;
    room.clock.advance(2 * MINUTE);
    for kind in [VisitKind::View, click(0), click(1), click(2)] {
        room.clock.advance(SECOND / 3);
        visit(&room, visit_to(&room, id, kind, "198.51.100.7")).await;
    }
    room.clock.advance(10 * MINUTE);
    room.engine.settle_visits().await.unwrap();
    let email = room.email(id).await.listed.email;
    assert_eq!((email.views, email.clicks, email.unseen), (0, 0, false));
}

#[rstest]
#[tokio::test]
async fn somebody_quick_in_a_browser_is_nobody_until_they_come_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, ..) = delivered(&room, "accept.marta@brisamar.example").await;
    room.clock.advance(12 * SECOND);
    visit(&room, visit_to(&room, id, VisitKind::View, "198.51.100.7")).await;
    assert_eq!(room.email(id).await.listed.email.views, 0);
    assert_eq!(room.email(id).await.visits[0].why, Why::TooSoon);
    room.clock.advance(MINUTE);
    visit(&room, visit_to(&room, id, click(0), "198.51.100.7")).await;
    let details = room.email(id).await;
    assert_eq!((details.listed.email.views, details.listed.email.clicks), (0, 0));
    assert_eq!((details.visits[1].verdict, details.visits[1].why), (Verdict::Unknown, Why::TooSoon));
    assert_eq!(details.visits[1].first_verdict, Verdict::Human);
    room.clock.advance(5 * MINUTE);
    visit(&room, visit_to(&room, id, VisitKind::View, "198.51.100.7")).await;
    assert_eq!(room.email(id).await.listed.email.views, 1);
}
