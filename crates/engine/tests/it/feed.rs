//! The live feed: people's doings and what came back, when it has settled.

use domain::{
    EventId, StopId,
    events::{EventKind, Evidence},
    feed::FeedKind,
    stops::ResumeReason,
    time::{MINUTE, SECOND},
};
use engine::{
    Error,
    emails::ActionKind,
    feed::{FeedNews, FeedPage, FeedQuery},
    live::{Change, Topic},
    tracking::{Visit, VisitKind},
};
use rstest::rstest;
use store::events::Event;

use crate::{
    incoming::{Desk, reply},
    support::Backend,
    tracking::BROWSER,
};

const MARTA: &str = "accept.marta@b.example";

fn visit(desk: &Desk, email: domain::EmailId, agent: &str, ip: &str) -> Visit {
    Visit {
        workspace: desk.room.actor.workspace,
        email,
        kind: VisitKind::View,
        at: desk.engine().now(),
        ip: Some(ip.parse().unwrap()),
        user_agent: Some(agent.to_owned()),
        announced: None,
        session_token: None,
    }
}

async fn feed(desk: &Desk, query: FeedQuery) -> FeedPage {
    desk.engine().live_feed(&desk.room.actor, &FeedQuery { limit: 50, ..query }).await.unwrap()
}

fn kinds(page: &FeedPage) -> Vec<FeedKind> {
    page.entries.iter().filter_map(|entry| FeedKind::of(entry.event.kind)).collect()
}

async fn news(desk: &Desk) -> FeedNews {
    desk.engine().feed_news(&desk.room.actor).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn a_person_is_news_after_the_burst_and_a_machine_never(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    desk.room.clock.advance(2 * MINUTE);
    desk.engine().note_visit(visit(&desk, email.id, BROWSER, "198.51.100.7"));
    desk.engine().note_visit(visit(&desk, email.id, "curl/8.5", "203.0.113.9"));
    desk.engine().record_visits().await;
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), []);
    let waiting = news(&desk).await;
    assert_eq!(waiting.count, 0);
    let settles_at = waiting.next_at.unwrap();
    assert!(settles_at > desk.engine().now());

    let mut told = desk.engine().live().listen();
    desk.room.clock.advance(settles_at.since(desk.engine().now()));
    desk.engine().settle_visits().await.unwrap();
    let mut topics = Vec::new();
    while let Ok(change) = told.try_recv() {
        topics.push(change.topic);
    }
    assert!(topics.contains(&Topic::Feed), "{topics:?}");
    assert_eq!(news(&desk).await, FeedNews { count: 1, next_at: None });
    let page = feed(&desk, FeedQuery::default()).await;
    assert_eq!(kinds(&page), [FeedKind::Viewed]);
    assert_eq!(page.emails.iter().map(|it| it.email.id).collect::<Vec<_>>(), [email.id]);
    let all = feed(&desk, FeedQuery { automatic: true, ..FeedQuery::default() }).await;
    assert_eq!(kinds(&all), [FeedKind::Viewed, FeedKind::Viewed]);
}

#[rstest]
#[tokio::test]
async fn what_came_back_is_shown_at_once_by_kind_and_remembered_as_seen(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    desk.receive(reply(MARTA, &id, "Thursday works.")).await;
    let page = feed(&desk, FeedQuery::default()).await;
    assert_eq!(kinds(&page), [FeedKind::Replied]);
    assert_eq!((page.seen_until, news(&desk).await.count), (None, 1));
    let bounces = feed(&desk, FeedQuery { kinds: vec![FeedKind::Bounced], ..FeedQuery::default() }).await;
    assert_eq!(kinds(&bounces), []);

    desk.engine().mark_feed_seen(&desk.room.actor, page.as_of).await.unwrap();
    assert_eq!(news(&desk).await.count, 0);
    assert_eq!(feed(&desk, FeedQuery::default()).await.seen_until, Some(page.as_of));
    // Nobody has seen what is still to come.
    desk.engine().mark_feed_seen(&desk.room.actor, domain::Timestamp(i64::MAX)).await.unwrap();
    desk.room.clock.advance(MINUTE);
    desk.receive(reply(MARTA, &id, "Or on Friday.")).await;
    assert_eq!(news(&desk).await.count, 1);

    let before = feed(&desk, FeedQuery::default()).await.entries;
    desk.rebuilds_the_same().await;
    assert_eq!(feed(&desk, FeedQuery::default()).await.entries, before);
    let refused = FeedQuery { limit: 50, cursor: Some("x".into()), ..FeedQuery::default() };
    assert!(matches!(desk.engine().live_feed(&desk.room.actor, &refused).await, Err(Error::Invalid(_))));
}

#[rstest]
#[tokio::test]
async fn what_was_on_its_way_into_the_store_while_somebody_looked_is_still_new(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    desk.receive(reply(MARTA, &id, "Thursday works.")).await;
    desk.room.clock.advance(MINUTE);
    let page = feed(&desk, FeedQuery::default()).await;
    let late = Event {
        id: EventId(uuid::Uuid::from_u128(7)),
        email_id: email.id,
        at: desk.engine().now().plus(-SECOND),
        kind: EventKind::Replied,
        evidence: Evidence::default(),
    };
    let mut tx = desk.engine().db().begin().await.unwrap();
    store::events::insert(&mut tx, desk.room.actor.workspace, &late).await.unwrap();
    tx.commit().await.unwrap();
    desk.engine().mark_feed_seen(&desk.room.actor, page.as_of).await.unwrap();
    assert_eq!(news(&desk).await.count, 1);
    let page = feed(&desk, FeedQuery::default()).await;
    desk.engine().mark_feed_seen(&desk.room.actor, page.as_of).await.unwrap();
    assert_eq!(news(&desk).await.count, 0, "what was shown was seen");
}

/// Whether the owner's feed was told of a change since this was last asked.
fn is_told(told: &mut tokio::sync::broadcast::Receiver<Change>) -> bool {
    std::iter::from_fn(|| told.try_recv().ok()).any(|change| change.topic == Topic::Feed)
}

#[rstest]
#[tokio::test]
async fn spam_by_hand_tells_the_feed_and_goes_when_it_is_taken_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let mut told = desk.engine().live().listen();
    let reported = desk.engine().act(&desk.room.actor, ActionKind::ReportSpam, &[email.id], None).await.unwrap();
    assert!(is_told(&mut told));
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), [FeedKind::Complained]);

    desk.room.clock.advance(SECOND);
    desk.engine().undo(&desk.room.actor, reported.id.unwrap()).await.unwrap();
    assert!(is_told(&mut told));
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), []);
    assert_eq!(news(&desk).await.count, 0);
    desk.rebuilds_the_same().await;
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), [], "nor does it come back");

    desk.room.clock.advance(SECOND);
    desk.engine().act(&desk.room.actor, ActionKind::ReportSpam, &[email.id], None).await.unwrap();
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), [FeedKind::Complained]);
    desk.rebuilds_the_same().await;
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), [FeedKind::Complained]);
}

#[rstest]
#[tokio::test]
async fn an_unsubscribe_by_hand_goes_when_it_is_taken_back_and_stays_when_they_agree_to_mail_later(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let (engine, actor) = (desk.engine(), &desk.room.actor);
    let email = desk.delivered(MARTA).await;
    let person = email.person_id.unwrap();
    let unsubscribes = async || {
        desk.room.clock.advance(SECOND);
        let done = engine.unsubscribe_by_hand(actor, person, Some(email.id), "on the phone").await.unwrap();
        assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await).len(), 1);
        desk.room.clock.advance(SECOND);
        done.id.unwrap()
    };
    let mut told = engine.live().listen();
    let action = unsubscribes().await;
    assert!(is_told(&mut told));
    engine.undo(actor, action).await.unwrap();
    assert!(is_told(&mut told));
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), []);
    desk.rebuilds_the_same().await;
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), [], "nor does it come back");
    let history = desk.room.email(email.id).await.events;
    assert_eq!(history.first().map(|event| event.kind), Some(EventKind::UnsubscribeWithdrawn), "{history:?}");

    let action = unsubscribes().await;
    engine.resume(actor, StopId(action.0), ResumeReason::Mistake, "").await.unwrap();
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), []);
    let action = unsubscribes().await;
    engine.resume(actor, StopId(action.0), ResumeReason::Consented, "a form").await.unwrap();
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), [FeedKind::Unsubscribed], "they had wanted none");
    desk.rebuilds_the_same().await;
    assert_eq!(kinds(&feed(&desk, FeedQuery::default()).await), [FeedKind::Unsubscribed]);
}
