//! The feed of a database that is older than the feed.

use domain::TextEnum;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::testing::{Backend, id, old_database};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const OWNER: UserId = UserId(id(2));
const OTHER: UserId = UserId(id(3));
const EMAIL: EmailId = EmailId(id(10));

/// Two members and two emails of one of them, one of them deleted, as the first version wrote them.
async fn people_and_emails(tx: &mut Tx) {
    on!(tx, c => sqlx::query("
        INSERT INTO workspaces (id, version, name, tracking, give_up_after_h, created_at) VALUES ($1, 1, 'W', TRUE, 48, 1)
    ").bind(id(1)).execute(c).await.map(drop)).unwrap();
    for user in [OWNER, OTHER] {
        on!(tx, c => sqlx::query("
            INSERT INTO users (id, email, name, time_zone, language, undo_window_s, created_at)
            VALUES ($1, $2, 'U', 'UTC', 'en', 10, 1)
        ").bind(user.0).bind(user.to_string()).execute(c).await.map(drop))
        .unwrap();
        on!(tx, c => sqlx::query("
            INSERT INTO members (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'member', 1)
        ").bind(id(1)).bind(user.0).execute(c).await.map(drop))
        .unwrap();
    }
    for (email, status) in [(id(10), "delivered"), (id(11), "deleted")] {
        on!(tx, c => sqlx::query("
            INSERT INTO emails (
                workspace_id, id, version, owner_id, status, uncertain, subject, snippet, attachment_count, tracked,
                send_number, attempts, views, views_automatic, views_self, clicks, clicks_automatic, replies, unseen,
                last_activity_at, created_at, updated_at
            )
            VALUES ($1, $2, 1, $3, $4, FALSE, 'S', '', 0, TRUE, 1, 1, 0, 0, 0, 0, 0, 0, FALSE, 1, 1, 1)
        ").bind(id(1)).bind(email).bind(OWNER.0).bind(status).execute(c).await.map(drop))
        .unwrap();
    }
}

async fn event(tx: &mut Tx, (n, email): (u128, Uuid), at: i64, kind: &str, evidence: &str) {
    on!(tx, c => sqlx::query("
        INSERT INTO events (workspace_id, id, email_id, at, kind, evidence) VALUES ($1, $2, $3, $4, $5, $6)
    ").bind(id(1)).bind(id(n)).bind(email).bind(at).bind(kind).bind(evidence).execute(c).await.map(drop))
    .unwrap();
}

/// What happened before there were visits, revisions and a feed.
async fn happened(tx: &mut Tx) {
    let traces = r#""ip":"192.0.2.1","user_agent":"curl/8""#;
    for (n, kind, evidence) in [
        (100_u8, "queued", "{}".to_owned()),
        (101, "accepted", r#"{"server":"mx.example"}"#.to_owned()),
        (102, "viewed", format!(r#"{{"verdict":"machine","why":"robot",{traces}}}"#)),
        (103, "viewed", format!(r#"{{"verdict":"human","why":"nothing",{traces}}}"#)),
        (104, "clicked", format!(r#"{{"verdict":"human","why":"nothing","url":"https://a.example/",{traces}}}"#)),
        (105, "viewed", format!(r#"{{"verdict":"self","why":"signed_in",{traces}}}"#)),
        (106, "clicked", r#"{"verdict":"unknown","why":"too_soon"}"#.to_owned()),
        (107, "bounced", r#"{"failure":"no_such_mailbox"}"#.to_owned()),
        (108, "replied", "{}".to_owned()),
        (109, "viewed", format!(r#"{{"verdict":"human","why":"nothing",{traces}}}"#)),
    ] {
        event(tx, (1000 + u128::from(n), id(10)), i64::from(n), kind, &evidence).await;
    }
    event(tx, (2000, id(11)), 110, "viewed", r#"{"verdict":"human","why":"nothing"}"#).await;
}

async fn shown(tx: &mut Tx, owner: UserId, automatic: bool) -> Vec<Entry> {
    let wanted = Wanted { kinds: FeedKind::ALL, automatic, now: Timestamp(1000), after: None, limit: 50 };
    list(tx, WORKSPACE, owner, &wanted).await.unwrap()
}

fn times(entries: &[Entry]) -> Vec<i64> {
    entries.iter().map(|entry| entry.event.at.0).collect()
}

#[rstest]
#[tokio::test]
async fn what_happened_before_there_was_a_feed_is_in_it_and_nothing_of_it_is_new(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = old_database(backend, 6).await;
    let mut tx = db.begin().await.unwrap();
    people_and_emails(&mut tx).await;
    happened(&mut tx).await;
    tx.commit().await.unwrap();

    db.migrate_until(10).await.unwrap();
    // Between the visits and the feed a verdict was revised.
    let mut tx = db.begin().await.unwrap();
    let revised = r#"{"revises":"00000000-0000-0000-0000-000000000455","verdict":"machine","why":"burst","rules":2}"#;
    assert_eq!(id(1109), Uuid::parse_str("00000000-0000-0000-0000-000000000455").unwrap());
    event(&mut tx, (3000, id(10)), 111, "rejudged", revised).await;
    crate::visits::revise(&mut tx, WORKSPACE, EventId(id(1109)), Verdict::Machine, Why::Burst).await.unwrap();
    tx.commit().await.unwrap();

    db.migrate_until(i64::MAX).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let people = shown(&mut tx, OWNER, false).await;
    assert_eq!(times(&people), [108, 107, 104, 103]);
    let all = shown(&mut tx, OWNER, true).await;
    assert_eq!(times(&all), [109, 108, 107, 106, 104, 103, 102]);
    assert_eq!((all[0].event.evidence.verdict, all[0].event.evidence.why), (Some(Verdict::Machine), Some(Why::Burst)));
    assert_eq!(all[4].event.evidence.url.as_deref(), Some("https://a.example/"));
    assert!(all.iter().all(|entry| entry.event.evidence.ip.is_none()), "traces went to the visits");
    assert_eq!(shown(&mut tx, OTHER, true).await, []);
    let since = seen_at(&mut tx, WORKSPACE, OWNER).await.unwrap().unwrap();
    assert_eq!(count_new(&mut tx, WORKSPACE, OWNER, since, Timestamp(1000)).await.unwrap(), 0);
    assert_eq!(seen_at(&mut tx, WORKSPACE, OTHER).await.unwrap(), None);

    // The events tell the same as the migrations did.
    let mut history = crate::events::list(&mut tx, WORKSPACE, EMAIL, 50).await.unwrap();
    history.reverse();
    clear(&mut tx, WORKSPACE).await.unwrap();
    fill(&mut tx, WORKSPACE, &history).await.unwrap();
    assert_eq!(shown(&mut tx, OWNER, true).await, all);
}
