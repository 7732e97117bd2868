use domain::{Status, TextEnum, authorization::Role};
use rstest::rstest;

use super::*;
use crate::{
    emails::{self, Email},
    events,
    testing::{Backend, database, id, member},
};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const OWNER: UserId = UserId(id(2));
const EMAIL: EmailId = EmailId(id(10));

fn event(n: u128, at: i64, kind: EventKind, verdict: Option<Verdict>) -> Event {
    let evidence = Evidence { verdict, ..Evidence::default() };
    Event { id: EventId(id(n)), email_id: EMAIL, at: Timestamp(at), kind, evidence }
}

/// An email, and nine things that happened to it.
async fn prepared(tx: &mut Tx) {
    member(tx, 1, 2, Role::Member).await;
    member(tx, 1, 3, Role::Member).await;
    emails::insert(tx, &Email::draft(WORKSPACE, EMAIL, OWNER, Timestamp(1))).await.unwrap();
    let happened = [
        event(100, 1, EventKind::Queued, None),
        event(101, 2, EventKind::Accepted, None),
        event(102, 3, EventKind::Viewed, Some(Verdict::Machine)),
        event(103, 4, EventKind::Viewed, Some(Verdict::Human)),
        event(104, 5, EventKind::Clicked, Some(Verdict::Human)),
        event(105, 6, EventKind::Clicked, Some(Verdict::Unknown)),
        event(106, 7, EventKind::Viewed, Some(Verdict::Own)),
        event(107, 8, EventKind::Viewed, Some(Verdict::Human)),
        event(108, 9, EventKind::Bounced, None),
    ];
    let happened: Vec<&Event> = happened.iter().collect();
    events::insert_all(tx, WORKSPACE, &happened).await.unwrap();
}

fn everything(automatic: bool, after: Option<After>, limit: u32) -> Wanted<'static> {
    Wanted { kinds: FeedKind::ALL, automatic, now: Timestamp(1000), after, limit }
}

async fn seen(tx: &mut Tx, wanted: &Wanted<'_>) -> Vec<i64> {
    list(tx, WORKSPACE, OWNER, wanted).await.unwrap().iter().map(|entry| entry.event.at.0).collect()
}

#[rstest]
#[tokio::test]
async fn people_are_shown_and_machines_when_asked(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    assert_eq!(seen(&mut tx, &everything(false, None, 50)).await, [9, 8, 5, 4]);
    assert_eq!(seen(&mut tx, &everything(true, None, 50)).await, [9, 8, 6, 5, 4, 3]);
    let clicks = Wanted { kinds: &[FeedKind::Clicked], ..everything(false, None, 50) };
    assert_eq!(seen(&mut tx, &clicks).await, [5]);
    assert_eq!(list(&mut tx, WORKSPACE, UserId(id(3)), &everything(true, None, 50)).await.unwrap(), []);
}

#[rstest]
#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = list(&mut tx, WORKSPACE, OWNER, &everything(true, after, 2)).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.event.at, last.event.id));
        all.extend(page.iter().map(|entry| entry.event.at.0));
    }
    assert_eq!(all, [9, 8, 6, 5, 4, 3]);
}

#[rstest]
#[tokio::test]
async fn nothing_is_shown_before_its_verdict_has_settled(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    let mut click = event(110, 20, EventKind::Clicked, Some(Verdict::Human));
    click.evidence.settles_at = Some(Timestamp(2000));
    events::insert(&mut tx, WORKSPACE, &click).await.unwrap();
    assert_eq!(seen(&mut tx, &everything(true, None, 1)).await, [9]);
    let (since, now) = (Timestamp(5), Timestamp(1000));
    assert_eq!(count_new(&mut tx, WORKSPACE, OWNER, since, now).await.unwrap(), 2);
    assert_eq!(next_settling(&mut tx, WORKSPACE, OWNER, now).await.unwrap(), Some(Timestamp(2000)));

    let later = Wanted { now: Timestamp(2000), ..everything(false, None, 1) };
    assert_eq!(seen(&mut tx, &later).await, [20]);
    assert_eq!(count_new(&mut tx, WORKSPACE, OWNER, since, Timestamp(2000)).await.unwrap(), 3);
    assert_eq!(next_settling(&mut tx, WORKSPACE, OWNER, Timestamp(2000)).await.unwrap(), None);

    revise(&mut tx, WORKSPACE, click.id, Verdict::Machine).await.unwrap();
    assert_eq!(seen(&mut tx, &later).await, [9]);
    let asked = Wanted { automatic: true, ..later };
    let shown = list(&mut tx, WORKSPACE, OWNER, &asked).await.unwrap();
    assert_eq!(shown[0].event.evidence.verdict, Some(Verdict::Machine));
}

#[rstest]
#[tokio::test]
async fn a_view_says_near_which_place_it_was_and_why_it_is_judged_so_now(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    let view = crate::visits::Visit {
        id: EventId(id(107)),
        email_id: EMAIL,
        at: Timestamp(8),
        link: None,
        first_verdict: Verdict::Human,
        first_why: Why::Nothing,
        verdict: Verdict::Human,
        why: Why::Nothing,
        settles_at: None,
        requests: 1,
        ip: None,
        user_agent: None,
        place: Some("Lyon, France".into()),
    };
    crate::visits::insert_all(&mut tx, WORKSPACE, &[view]).await.unwrap();
    let entries = list(&mut tx, WORKSPACE, OWNER, &everything(false, None, 50)).await.unwrap();
    let said: Vec<_> = entries.iter().map(|entry| (entry.place.as_deref(), entry.event.evidence.why)).collect();
    assert_eq!(said, [(None, None), (Some("Lyon, France"), Some(Why::Nothing)), (None, None), (None, None)]);
}

#[rstest]
#[tokio::test]
async fn looking_is_remembered_and_never_taken_back(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    assert_eq!(seen_at(&mut tx, WORKSPACE, OWNER).await.unwrap(), None);
    for (at, expected) in [(8, 8), (5, 8), (9, 9)] {
        mark_seen(&mut tx, WORKSPACE, OWNER, Timestamp(at)).await.unwrap();
        assert_eq!(seen_at(&mut tx, WORKSPACE, OWNER).await.unwrap(), Some(Timestamp(expected)));
    }
}

#[rstest]
#[tokio::test]
async fn what_is_deleted_or_handed_over_leaves_the_feed(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    crate::hand_over::emails(&mut tx, WORKSPACE, OWNER, UserId(id(3))).await.unwrap();
    assert_eq!(list(&mut tx, WORKSPACE, OWNER, &everything(true, None, 50)).await.unwrap(), []);
    let heirs = list(&mut tx, WORKSPACE, UserId(id(3)), &everything(true, None, 50)).await.unwrap();
    assert_eq!(heirs.len(), 6);

    let mut email = emails::find(&mut tx, WORKSPACE, EMAIL).await.unwrap();
    email.status = Status::Deleted;
    emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    assert_eq!(list(&mut tx, WORKSPACE, UserId(id(3)), &everything(true, None, 50)).await.unwrap(), []);
    assert_eq!(count_new(&mut tx, WORKSPACE, UserId(id(3)), Timestamp(0), Timestamp(1000)).await.unwrap(), 0);
}

#[rstest]
#[tokio::test]
async fn made_anew_from_the_events_it_is_the_same(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    let evidence = Evidence { revises: Some(EventId(id(107))), verdict: Some(Verdict::Machine), ..Evidence::default() };
    let rejudged = Event { evidence, ..event(120, 30, EventKind::Rejudged, None) };
    events::insert(&mut tx, WORKSPACE, &rejudged).await.unwrap();
    revise(&mut tx, WORKSPACE, EventId(id(107)), Verdict::Machine).await.unwrap();
    let before = list(&mut tx, WORKSPACE, OWNER, &everything(true, None, 50)).await.unwrap();

    let history = events::list(&mut tx, WORKSPACE, EMAIL, 50).await.unwrap();
    clear(&mut tx, WORKSPACE).await.unwrap();
    assert_eq!(list(&mut tx, WORKSPACE, OWNER, &everything(true, None, 50)).await.unwrap(), []);
    fill(&mut tx, WORKSPACE, &history).await.unwrap();
    assert_eq!(list(&mut tx, WORKSPACE, OWNER, &everything(true, None, 50)).await.unwrap(), before);
    assert_eq!(seen(&mut tx, &everything(false, None, 50)).await, [9, 5, 4]);
}
