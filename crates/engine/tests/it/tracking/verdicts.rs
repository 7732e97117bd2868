//! What is said of each view and click, first and later.

use std::time::Duration;

use domain::{
    EmailId, EventId,
    engagement::{Announced, Verdict, Why},
    events::{EventKind, Evidence},
    time::{DAY, MINUTE, SECOND},
};
use engine::tracking::{Visit, VisitKind};
use rstest::rstest;
use store::{emails::Email, events::Event, sessions::Session};

use super::{click, delivered, visit, visit_to};
use crate::{mailroom::Mailroom, support::Backend};

const SOMEWHERE: &str = "198.51.100.7";

async fn row(room: &Mailroom, id: EmailId) -> Email {
    room.email(id).await.listed.email
}

/// What is said now, the newest first.
async fn said(room: &Mailroom, id: EmailId) -> Vec<(Verdict, Why)> {
    let mut visits = room.email(id).await.visits;
    visits.reverse();
    visits.into_iter().map(|visit| (visit.verdict, visit.why)).collect()
}

async fn read(backend: Backend) -> (Mailroom, EmailId) {
    let room = Mailroom::open(backend).await;
    let (id, ..) = delivered(&room, "accept.marta@brisamar.example").await;
    room.clock.advance(10 * MINUTE);
    (room, id)
}

#[rstest]
#[tokio::test]
async fn a_person_who_opens_and_clicks_is_counted_and_shown(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    visit(&room, visit_to(&room, id, click(0), SOMEWHERE)).await;
    let details = room.email(id).await;
    let email = &details.listed.email;
    assert_eq!((email.views, email.clicks), (1, 1));
    assert_eq!(email.last_activity_at, room.engine.now());
    assert_eq!(details.events[0].kind, EventKind::Clicked);
    assert_eq!(details.events[0].evidence.url.as_deref(), Some("https://northlight.example/0"));
    assert_eq!(details.events[0].evidence.ip, None, "traces stand apart, so that they can be dropped");
    assert_eq!(details.visits[1].ip.as_deref(), Some(SOMEWHERE));
}

#[rstest]
#[tokio::test]
async fn machines_are_recorded_and_not_counted(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let (room, id) = read(backend).await;
    let base = visit_to(&room, id, VisitKind::View, "17.58.101.14");
    visit(&room, Visit { user_agent: Some("Mozilla/5.0".into()), ..base.clone() }).await;
    visit(&room, Visit { user_agent: None, ..base.clone() }).await;
    visit(&room, Visit { announced: Some(Announced::Head), ..base.clone() }).await;
    visit(&room, Visit { ip: Some("40.93.1.1".parse().unwrap()), ..base }).await;
    let email = row(&room, id).await;
    assert_eq!((email.views, email.views_automatic, email.unseen), (0, 4, false));
    let whys: Vec<Why> = said(&room, id).await.into_iter().map(|it| it.1).collect();
    for why in [Why::AppleMailPrivacy, Why::NoUserAgent, Why::HeadRequest, Why::ScannerNetwork] {
        assert!(whys.contains(&why), "{why:?} in {whys:?}");
    }
    let events = room.email(id).await.events;
    let network = events.iter().find_map(|event| event.evidence.network.clone());
    assert_eq!(network.as_deref(), Some("Microsoft Exchange Online Protection"));
}

#[rstest]
#[tokio::test]
async fn the_senders_own_views_are_recorded_as_such(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let (room, id) = read(backend).await;
    let cookie = Some(room.session_token.clone());
    visit(&room, Visit { session_token: cookie, ..visit_to(&room, id, VisitKind::View, SOMEWHERE) }).await;
    let mut tx = room.engine.db().begin().await.unwrap();
    for (hash, ip) in [(1, "203.0.113.9"), (2, "127.0.0.1")] {
        let now = room.engine.now();
        let session = Session {
            token_hash: vec![hash],
            workspace_id: room.actor.workspace,
            user_id: room.actor.user,
            view_as: None,
            ip: ip.into(),
            user_agent: None,
            created_at: now,
            seen_at: now,
            expires_at: now.plus(DAY),
        };
        store::sessions::insert(&mut tx, &session).await.unwrap();
    }
    tx.commit().await.unwrap();
    visit(&room, visit_to(&room, id, VisitKind::View, "203.0.113.9")).await;
    let email = row(&room, id).await;
    assert_eq!((email.views, email.views_self, email.unseen), (0, 2, false));
    // A proxy of this machine speaks for everybody.
    visit(&room, visit_to(&room, id, VisitKind::View, "127.0.0.1")).await;
    assert_eq!(row(&room, id).await.views, 1);
}

#[rstest]
#[tokio::test]
async fn a_burst_withdraws_its_clicks_and_the_open_before_them_and_both_verdicts_are_kept(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    let sent = row(&room, id).await.last_activity_at;
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    room.clock.advance(33 * SECOND);
    visit(&room, visit_to(&room, id, click(0), SOMEWHERE)).await;
    let email = row(&room, id).await;
    assert_eq!((email.views, email.clicks), (1, 1));
    assert_eq!(email.last_activity_at, room.engine.now());
    for link in 1..4 {
        room.clock.advance(SECOND / 5);
        visit(&room, visit_to(&room, id, click(link), SOMEWHERE)).await;
    }
    let email = row(&room, id).await;
    assert_eq!((email.views, email.views_automatic, email.clicks, email.clicks_automatic), (0, 1, 0, 4));
    assert_eq!(email.last_activity_at, sent, "nobody has looked");
    assert!(said(&room, id).await.iter().all(|it| it.0 == Verdict::Machine));
    let details = room.email(id).await;
    assert_eq!(details.visits[0].first_verdict, Verdict::Human);
    assert_eq!(details.visits[0].why, Why::SameClient);
    assert!(details.events.iter().all(|event| event.kind != EventKind::Rejudged));
    let mut tx = room.engine.db().read().await.unwrap();
    let log = store::events::list(&mut tx, room.actor.workspace, id, 99).await.unwrap();
    drop(tx);
    let revisions: Vec<_> = log.iter().filter(|event| event.kind == EventKind::Rejudged).collect();
    assert_eq!(revisions.len(), 5);
    assert!(revisions.iter().all(|event| event.evidence.rules.is_some() && event.evidence.why.is_some()));
    let rebuilt = room.engine.rebuild(false, |_| ()).await.unwrap();
    assert_eq!((rebuilt.mended, rebuilt.rejudged), (0, 0));
    assert_eq!(row(&room, id).await.clicks_automatic, 4);
}

#[rstest]
#[tokio::test]
async fn the_same_client_asking_again_within_a_minute_is_the_same_look(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    for _ in 0..1000 {
        room.engine.note_visit(visit_to(&room, id, VisitKind::View, SOMEWHERE));
    }
    room.engine.record_visits().await;
    room.clock.advance(30 * SECOND);
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    visit(&room, visit_to(&room, id, VisitKind::View, "203.0.113.1")).await;
    room.clock.advance(31 * SECOND);
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    let visits = room.email(id).await.visits;
    assert_eq!(visits.iter().map(|visit| visit.requests).collect::<Vec<_>>(), [1001, 1, 1]);
    assert_eq!(row(&room, id).await.views, 3);
}

#[rstest]
#[tokio::test]
async fn an_email_visited_without_end_keeps_a_thousand_visits(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    for n in 0..2500 {
        let agent = Some(format!("curl/{n}"));
        room.engine.note_visit(Visit { user_agent: agent, ..visit_to(&room, id, VisitKind::View, SOMEWHERE) });
    }
    room.engine.record_visits().await;
    assert_eq!(room.email(id).await.visits.len(), 1000);
    assert_eq!(row(&room, id).await.views_automatic, 1000);
}

#[rstest]
#[tokio::test]
async fn after_an_answer_the_senders_reading_of_the_quote_is_nobodys(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    room.clock.advance(2 * MINUTE);
    is_answered(&room, id).await;
    room.clock.advance(2 * MINUTE);
    visit(&room, visit_to(&room, id, VisitKind::View, "203.0.113.20")).await;
    room.clock.advance(5 * MINUTE);
    room.engine.settle_visits().await.unwrap();
    assert_eq!(said(&room, id).await, [(Verdict::Unknown, Why::AfterReply), (Verdict::Human, Why::Nothing)]);
    let email = row(&room, id).await;
    assert_eq!((email.views, email.views_automatic), (1, 1));
}

async fn is_answered(room: &Mailroom, id: EmailId) {
    let mut email = row(room, id).await;
    email.replies = 1;
    let mut tx = room.engine.db().begin().await.unwrap();
    store::emails::update(&mut tx, &mut email, domain::Status::Delivered).await.unwrap();
    let reply = Event {
        id: EventId(uuid::Uuid::from_u128(7)),
        email_id: id,
        at: room.engine.now(),
        kind: EventKind::Replied,
        evidence: Evidence::default(),
    };
    store::events::insert(&mut tx, room.actor.workspace, &reply).await.unwrap();
    tx.commit().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn who_had_read_it_days_before_they_answered_is_still_a_reader_days_later(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    room.clock.advance(2 * DAY);
    room.engine.settle_visits().await.unwrap();
    is_answered(&room, id).await;
    room.clock.advance(2 * DAY);
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    assert_eq!(said(&room, id).await[0], (Verdict::Human, Why::Nothing));
    room.clock.advance(5 * MINUTE);
    room.engine.settle_visits().await.unwrap();
    let email = row(&room, id).await;
    assert_eq!((email.views, email.views_automatic, email.unseen), (2, 0, true));
}

#[rstest]
#[tokio::test]
async fn a_reader_is_still_one_however_many_strangers_came_in_between(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    room.clock.advance(DAY);
    is_answered(&room, id).await;
    room.clock.advance(DAY);
    for n in 0..300 {
        let agent = Some(format!("Stranger/{n}"));
        room.engine.note_visit(Visit { user_agent: agent, ..visit_to(&room, id, VisitKind::View, "203.0.113.20") });
    }
    room.engine.record_visits().await;
    room.clock.advance(SECOND);
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    assert_eq!(said(&room, id).await[0], (Verdict::Human, Why::Nothing));
    room.clock.advance(5 * MINUTE);
    room.engine.settle_visits().await.unwrap();
    assert_eq!(said(&room, id).await[0], (Verdict::Human, Why::Nothing));
}

#[rstest]
#[tokio::test]
async fn a_settled_view_is_withdrawn_when_its_client_turns_out_to_be_a_scanner_and_the_log_keeps_both(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    visit(&room, visit_to(&room, id, VisitKind::View, SOMEWHERE)).await;
    room.clock.advance(3 * MINUTE);
    room.engine.settle_visits().await.unwrap();
    assert_eq!(row(&room, id).await.views, 1);
    for link in 0..3 {
        visit(&room, visit_to(&room, id, click(link), SOMEWHERE)).await;
        room.clock.advance(SECOND / 5);
    }
    let email = row(&room, id).await;
    assert_eq!((email.views, email.views_automatic, email.clicks, email.clicks_automatic), (0, 1, 0, 3));
    // Minutes later the burst is out of sight of the newest view, and nothing is taken back.
    room.clock.advance(4 * MINUTE);
    visit(&room, visit_to(&room, id, VisitKind::View, "203.0.113.20")).await;
    room.clock.advance(5 * MINUTE);
    room.engine.settle_visits().await.unwrap();
    let email = row(&room, id).await;
    assert_eq!((email.views, email.views_automatic, email.clicks_automatic), (1, 1, 3));
    let rebuilt = room.engine.rebuild(false, |_| ()).await.unwrap();
    assert_eq!(rebuilt.mended, 0);
    assert_eq!(room.engine.rebuild(true, |_| ()).await.unwrap().rejudged, 0, "the whole evidence says the same");
}

#[rstest]
#[tokio::test]
async fn traces_are_dropped_when_the_workspace_says_and_verdicts_stay(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    visit(&room, visit_to(&room, id, VisitKind::View, "40.93.1.1")).await;
    room.clock.advance(89 * DAY);
    assert_eq!(room.engine.drop_traces().await.unwrap(), 0);
    room.clock.advance(2 * DAY);
    assert_eq!(room.engine.drop_traces().await.unwrap(), 1);
    assert_eq!(room.engine.drop_traces().await.unwrap(), 0);
    let details = room.email(id).await;
    let left = &details.visits[0];
    assert_eq!((&left.ip, &left.user_agent, &left.place), (&None, &None, &None));
    assert_eq!((left.verdict, left.why), (Verdict::Machine, Why::ScannerNetwork));
    let network = details.events[0].evidence.network.as_deref();
    assert_eq!(network, Some("Microsoft Exchange Online Protection"));
    assert!(!format!("{:?}", details.events).contains("40.93"));
}

#[rstest]
#[tokio::test]
async fn the_past_is_judged_anew_by_todays_lists_when_asked(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (room, id) = read(backend).await;
    visit(&room, visit_to(&room, id, click(0), "192.0.2.77")).await;
    room.clock.advance(DAY);
    room.engine.settle_visits().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scanners.txt"), "scanner 192.0.2.0/24 A gateway\n").unwrap();
    let files = engine::networks::Files { folder: folder.path().to_owned(), numbers: None, places: None };
    room.engine.use_networks(files.load().unwrap());
    assert_eq!(room.engine.rebuild(false, |_| ()).await.unwrap().rejudged, 0);
    let rebuilt = room.engine.rebuild(true, |_| ()).await.unwrap();
    assert_eq!((rebuilt.rejudged, rebuilt.mended), (1, 0));
    let email = row(&room, id).await;
    assert_eq!((email.clicks, email.clicks_automatic), (0, 1));
    assert_eq!(room.engine.rebuild(true, |_| ()).await.unwrap().rejudged, 0);
}

#[rstest]
#[tokio::test]
async fn a_changed_list_is_read_again_while_the_server_runs(#[values(Backend::Sqlite)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let folder = tempfile::tempdir().unwrap();
    let files = engine::networks::Files { folder: folder.path().to_owned(), numbers: None, places: None };
    let stop = tokio_util::sync::CancellationToken::new();
    let follow = tokio::spawn(room.engine.clone().follow_networks_until(files, stop.clone()));
    std::fs::write(folder.path().join("scanners.txt"), "scanner 192.0.2.0/24 A gateway\n").unwrap();
    tokio::time::timeout(Duration::from_mins(2), async {
        while !room.engine.networks().look_up("192.0.2.1".parse().unwrap()).source.scanner {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    stop.cancel();
    follow.await.unwrap();
}
