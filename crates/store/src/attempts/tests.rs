use super::*;
use crate::{
    channels,
    testing::{Backend, channel, database, id, member},
};
use domain::{
    authorization::Role,
    limits::{DomainRule, allowance},
    time::{HOUR, SECOND},
};
use rstest::rstest;

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const CHANNEL: ChannelId = ChannelId(id(7));
const WHOLE: Counted<'static> = Counted { workspace: WORKSPACE, channel: CHANNEL, domain: None };

async fn note(tx: &mut Tx, attempt: Attempt<'_>) {
    let mut statements = Statements::on(tx);
    add_all(&mut statements, WORKSPACE, &[attempt]);
    statements.execute(tx).await.unwrap();
}

/// An attempt a second until `now`, in turn to each domain.
async fn attempted(tx: &mut Tx, now: Timestamp, count: i64, domains: &[&str]) {
    member(tx, 1, 1, Role::Member).await;
    channels::insert(tx, &channel(1, 7, Some(1))).await.unwrap();
    for n in 0..count {
        let at = now.plus(-n * SECOND);
        let domain = domains[usize::try_from(n).unwrap() % domains.len()];
        let recipient = RecipientId(id(1_000 + u128::from(n.unsigned_abs())));
        note(tx, Attempt { channel: CHANNEL, at, recipient, domain }).await;
    }
}

#[rstest]
#[tokio::test]
async fn what_limits_count_is_read_for_the_channel_and_for_one_domain(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    let now = Timestamp(DAY * 400);
    attempted(&mut tx, now, 90, &["a.example", "b.example", "a.example"]).await;

    let rule = DomainRule { domain: "*".into(), per_minute: Some(100), per_day: Some(50) };
    let limits = Limits {
        per_minute: Some(5),
        per_day: Some(80),
        batch_size: Some(3),
        batch_pause_s: Some(10),
        domain_rules: vec![rule],
        ..Limits::default()
    };
    let seconds_ago = |seconds: i64| now.plus(-seconds * SECOND);
    let whole = recent(&mut tx, WORKSPACE, CHANNEL, &limits, now).await.unwrap();
    assert_eq!(whole.minute, [0, 1, 2, 3, 4].map(seconds_ago));
    assert_eq!(whole.batch, [0, 1, 2].map(seconds_ago));
    assert_eq!((whole.day, whole.leaving), (90, vec![seconds_ago(79)]), "the eightieth newest has to leave first");

    let ahead = recent_for(&mut tx, WHOLE, &limits, now, 3).await.unwrap();
    assert_eq!(ahead.leaving, [79, 78, 77].map(seconds_ago));

    let a = recent_of_domain(&mut tx, WORKSPACE, CHANNEL, &limits, "a.example", now).await.unwrap();
    assert_eq!((a.day, a.minute.len()), (60, 40));
    assert_eq!(a.leaving.len(), 1);
    let b = recent_of_domain(&mut tx, WORKSPACE, CHANNEL, &limits, "b.example", now).await.unwrap();
    assert_eq!((b.day, b.leaving), (30, vec![]));
    let asked = ["a.example", "b.example", "c.example"];
    let mut found = attempted_domains(&mut tx, WORKSPACE, CHANNEL, &asked, now.plus(-MINUTE)).await.unwrap();
    found.sort();
    assert_eq!(found, ["a.example", "b.example"]);
    assert!(attempted_domains(&mut tx, WORKSPACE, CHANNEL, &asked, now).await.unwrap().is_empty());
    let nobody = recent_of_domain(&mut tx, WORKSPACE, CHANNEL, &Limits::default(), "a.example", now).await.unwrap();
    assert_eq!(nobody, Recent::default());
}

#[rstest]
#[tokio::test]
async fn a_day_with_a_reset_counts_from_there(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    let midnight = Timestamp(DAY * 400);
    attempted(&mut tx, midnight.plus(9 * SECOND), 20, &["a.example"]).await;
    let limits = Limits {
        per_day: Some(10),
        day_reset: DayReset::At { minute_of_day: 0, zone: "UTC".into() },
        ..Limits::default()
    };
    let before = recent(&mut tx, WORKSPACE, CHANNEL, &limits, midnight.plus(-1)).await.unwrap();
    let after = recent(&mut tx, WORKSPACE, CHANNEL, &limits, midnight.plus(10 * SECOND)).await.unwrap();
    assert_eq!((before.day, after.day), (20, 10), "the clock reads forward only; the second day has its ten");
    assert_eq!(allowance(&limits, &after, midnight.plus(10 * SECOND)).now, 0);
    assert_eq!(after.leaving, []);
}

#[rstest]
#[tokio::test]
async fn what_no_limit_counts_any_more_is_forgotten(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    let now = Timestamp(DAY * 400);
    attempted(&mut tx, now, 10, &["a.example"]).await;
    let twice = Attempt { channel: CHANNEL, at: now, recipient: RecipientId(id(1_000)), domain: "a.example" };
    note(&mut tx, twice).await;
    forget_before(&mut tx, WORKSPACE, CHANNEL, now.plus(-4 * SECOND)).await.unwrap();
    assert_eq!(count_since(&mut tx, WHOLE, now.plus(-HOUR)).await.unwrap(), 5, "noted once, and five are left");
}
