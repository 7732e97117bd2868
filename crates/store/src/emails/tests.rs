use domain::{EmailId, Timestamp, UserId, authorization::Role, reasons::FailureReason, time::SECOND};
use rstest::rstest;

use super::*;
use crate::{
    Db, channels,
    testing::{Backend, channel, database, id, member},
};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const OWNER: UserId = UserId(id(2));
const CHANNEL: ChannelId = ChannelId(id(3));

/// A database with one user and one channel.
async fn prepared(backend: Backend) -> Db {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 2, Role::Member).await;
    channels::insert(&mut tx, &channel(1, 3, None)).await.unwrap();
    tx.commit().await.unwrap();
    db
}

/// An email of the owner's, filed under `status`, that last changed and is due at `at` seconds.
async fn filed(tx: &mut Tx, n: u128, status: Status, at: i64) -> Email {
    let moment = Timestamp(at * SECOND);
    let mut email = Email::draft(WORKSPACE, EmailId(id(n)), OWNER, moment);
    insert(tx, &email).await.unwrap();
    email.status = status;
    email.channel_id = Some(CHANNEL);
    email.next_at = Some(moment);
    email.sent_at = Some(moment);
    email.failed_at = Some(moment);
    update(tx, &mut email, Status::Draft).await.unwrap();
    email
}

async fn counts(tx: &mut Tx) -> Vec<(Status, i64)> {
    let mut counts = folder_counts::list(tx, WORKSPACE, OWNER).await.unwrap();
    counts.retain(|(_, emails)| *emails != 0);
    counts.sort();
    counts
}

#[rstest]
#[tokio::test]
async fn every_column_comes_back_as_it_was_saved(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    let mut email = filed(&mut tx, 10, Status::Failed, 7).await;
    email.subject = "温度ロガー導入の件".into();
    email.failure_reason = Some(FailureReason::MailboxFull);
    email.failure_code = Some("552 5.2.2".into());
    email.wait_reason = Some(WaitReason::LimitPerDay);
    email.success_at = Some(Timestamp(9));
    email.lease_until = Some(Timestamp(11));
    email.uncertain = true;
    email.unseen = true;
    email.attempts = 3;
    email.send_number = 2;
    update(&mut tx, &mut email, Status::Failed).await.unwrap();
    assert_eq!(find(&mut tx, WORKSPACE, email.id).await.unwrap(), email);
}

#[rstest]
#[tokio::test]
async fn a_change_based_on_an_old_version_is_refused(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    let mut email = filed(&mut tx, 10, Status::Delivered, 1).await;
    let mut old = email.clone();
    update(&mut tx, &mut email, Status::Delivered).await.unwrap();
    assert!(matches!(update(&mut tx, &mut old, Status::Delivered).await, Err(Error::Changed)));
}

#[rstest]
#[tokio::test]
async fn folder_counts_follow_every_change(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    let mut first = filed(&mut tx, 10, Status::Delivered, 1).await;
    filed(&mut tx, 11, Status::Delivered, 2).await;
    filed(&mut tx, 12, Status::Scheduled, 3).await;
    assert_eq!(counts(&mut tx).await, [(Status::Scheduled, 1), (Status::Delivered, 2)]);
    first.status = Status::Archived;
    update(&mut tx, &mut first, Status::Delivered).await.unwrap();
    claim(&mut tx, WORKSPACE, CHANNEL, Timestamp(9 * SECOND), Timestamp(99 * SECOND), 10).await.unwrap();
    assert_eq!(counts(&mut tx).await, [(Status::InProgress, 1), (Status::Delivered, 1), (Status::Archived, 1)]);
}

#[rstest]
#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(Order::Asc, Order::Desc)] order: Order,
) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    // Three share each moment, so that the id has to decide.
    for n in 0..20u128 {
        filed(&mut tx, 100 + n, Status::Delivered, i64::try_from(n / 3).unwrap()).await;
    }
    filed(&mut tx, 200, Status::Archived, 3).await;
    let mut seen: Vec<(i64, EmailId)> = Vec::new();
    loop {
        let after = seen.last().copied();
        let page =
            list(&mut tx, WORKSPACE, OWNER, Status::Delivered, (Sort::Sent, order.clone()), after, 7).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page.iter().map(|row| (Sort::Sent.key(&row.email), row.email.id)));
    }
    assert_eq!(seen.len(), 20);
    let mut sorted = seen.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if order == Order::Desc {
        sorted.reverse();
    }
    assert_eq!(seen, sorted);
}

#[rstest]
#[tokio::test]
async fn a_claim_takes_what_is_due_once_and_in_order(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    for (n, at) in [(12, 3), (10, 1), (11, 2), (13, 50)] {
        filed(&mut tx, n, Status::Scheduled, at).await;
    }
    let now = Timestamp(10 * SECOND);
    let lease = now.plus(SECOND);
    let ids = |emails: Vec<Email>| emails.into_iter().map(|email| email.id.0.as_u128()).collect::<Vec<_>>();
    assert_eq!(channels_with_due(&mut tx, WORKSPACE, now).await.unwrap(), [CHANNEL]);
    assert_eq!(ids(claim(&mut tx, WORKSPACE, CHANNEL, now, lease, 2).await.unwrap()), [10, 11]);
    assert_eq!(ids(claim(&mut tx, WORKSPACE, CHANNEL, now, lease, 9).await.unwrap()), [12]);
    assert_eq!(ids(claim(&mut tx, WORKSPACE, CHANNEL, now, lease, 9).await.unwrap()), [] as [u128; 0]);
    assert_eq!(return_expired(&mut tx, WORKSPACE, now).await.unwrap().len(), 0);
    assert_eq!(return_expired(&mut tx, WORKSPACE, lease).await.unwrap().len(), 3);
}

#[rstest]
#[tokio::test]
async fn two_workers_never_claim_the_same_email(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    for n in 0..60 {
        filed(&mut tx, 1000 + n, Status::Scheduled, 1).await;
    }
    tx.commit().await.unwrap();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let db = db.clone();
        workers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let mut tx = db.begin().await.unwrap();
                let now = Timestamp(10 * SECOND);
                let claimed = claim(&mut tx, WORKSPACE, CHANNEL, now, now.plus(SECOND), 5).await.unwrap();
                tx.commit().await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|email| email.id));
            }
        });
    }
    let mut all: Vec<EmailId> = workers.join_all().await.into_iter().flatten().collect();
    assert_eq!(all.len(), 60);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 60);
}

#[rstest]
#[tokio::test]
async fn due_mail_that_has_to_wait_says_until_when_and_why(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    let due = filed(&mut tx, 10, Status::Scheduled, 1).await;
    let ahead = filed(&mut tx, 11, Status::Scheduled, 100).await;
    let (now, until) = (Timestamp(10 * SECOND), Timestamp(60 * SECOND));
    let owners = wait_for_slot(&mut tx, WORKSPACE, CHANNEL, now, until, WaitReason::LimitPerMinute).await.unwrap();
    assert_eq!(owners, [OWNER]);
    let waiting = find(&mut tx, WORKSPACE, due.id).await.unwrap();
    assert_eq!((waiting.next_at, waiting.wait_reason), (Some(until), Some(WaitReason::LimitPerMinute)));
    assert_eq!(find(&mut tx, WORKSPACE, ahead.id).await.unwrap().next_at, ahead.next_at);
}

#[rstest]
#[tokio::test]
async fn engagement_adds_up_and_only_people_make_news(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    let email = filed(&mut tx, 10, Status::Delivered, 1).await;
    let machine = Engagement { views_automatic: 1, ..Engagement::default() };
    add_engagement(&mut tx, WORKSPACE, email.id, &machine).await.unwrap();
    assert!(!find(&mut tx, WORKSPACE, email.id).await.unwrap().unseen);
    let at = Timestamp(70 * SECOND);
    let person = Engagement { views: 1, clicks: 2, human_at: Some(at), ..Engagement::default() };
    add_engagement(&mut tx, WORKSPACE, email.id, &person).await.unwrap();
    add_engagement(&mut tx, WORKSPACE, email.id, &machine).await.unwrap();
    let found = find(&mut tx, WORKSPACE, email.id).await.unwrap();
    assert_eq!((found.views, found.views_automatic, found.clicks), (1, 2, 2));
    assert!(found.unseen);
    assert_eq!(found.last_activity_at, at);
    let nobody = add_engagement(&mut tx, WorkspaceId(id(8)), email.id, &machine).await;
    assert!(matches!(nobody, Err(Error::NotFound)));
}
