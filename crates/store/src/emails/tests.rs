use domain::{
    RecipientId,
    authorization::Role,
    ledger::{Outcome, RecipientKind},
    reasons::FailureReason,
    time::SECOND,
};
use rstest::rstest;

use super::*;
use crate::{
    Db, channels,
    recipients::{self, Recipient},
    testing::{Backend, channel, database, id, member},
};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const OWNER: UserId = UserId(id(2));
const CHANNEL: ChannelId = ChannelId(id(3));
const NODE: NodeId = NodeId(id(4));
const NOW: Timestamp = Timestamp(10 * SECOND);

/// The owner's single emails for the channel.
const LANE: Waiting =
    Waiting { channel_id: CHANNEL, owner_id: OWNER, bulk: false, next_at: Timestamp(0), id: EmailId(id(0)) };

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

/// Claims up to `limit` of the owner's single emails, as a worker does.
async fn claim_due(tx: &mut Tx, limit: u64) -> Vec<EmailId> {
    let mut moves = folder_counts::Moves::default();
    let claimed = claim(tx, WORKSPACE, &LANE, NODE, NOW, limit, &mut moves).await.unwrap();
    moves.save(tx, WORKSPACE).await.unwrap();
    claimed.into_iter().map(|email| email.id).collect()
}

fn recipient_of(email: EmailId) -> Recipient {
    Recipient {
        id: RecipientId(email.0),
        email_id: email,
        kind: RecipientKind::To,
        name: String::new(),
        address: "accept.marta@brisamar.example".into(),
        outcome: Outcome::Waiting,
        send_number: 1,
        channel_id: None,
        attempted_at: None,
        settled_at: None,
        reply: None,
    }
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
    email.leased_by = Some(NODE);
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
    claim_due(&mut tx, 10).await;
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

fn ids(emails: &[EmailId]) -> Vec<u128> {
    emails.iter().map(|id| id.0.as_u128()).collect()
}

#[rstest]
#[tokio::test]
async fn a_claim_takes_what_is_due_once_and_in_order(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    for (n, at) in [(12, 3), (10, 1), (11, 2), (13, 50)] {
        filed(&mut tx, n, Status::Scheduled, at).await;
    }
    for expected in [vec![10, 11], vec![12], vec![]] {
        assert_eq!(ids(&claim_due(&mut tx, 2).await), expected);
    }
}

#[rstest]
#[tokio::test]
async fn named_emails_are_claimed_once_and_in_the_order_they_were_named(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    for n in [10, 11, 12] {
        filed(&mut tx, n, Status::Scheduled, 1).await;
    }
    let named = [12, 10, 99].map(|n| EmailId(id(n)));
    let claimed = claim_these(&mut tx, WORKSPACE, NODE, &named).await.unwrap();
    for (email, expected) in claimed.iter().zip([12, 10]) {
        assert_eq!(*email, Claimed::from(&find(&mut tx, WORKSPACE, EmailId(id(expected))).await.unwrap()));
    }
    assert_eq!(claimed.len(), 2);
    assert!(claim_these(&mut tx, WORKSPACE, NODE, &named).await.unwrap().is_empty());
    assert!(claim_these(&mut tx, WORKSPACE, NODE, &[]).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn each_owner_and_each_bulk_has_a_lane_of_its_own(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    assert_eq!(lanes(&mut tx, WORKSPACE).await.unwrap(), []);
    channels::insert(&mut tx, &channel(1, 7, None)).await.unwrap();
    for n in 0..5 {
        filed(&mut tx, 10 + n, Status::Scheduled, 2).await;
        let mut bulk = filed(&mut tx, 20 + n, Status::Scheduled, 5).await;
        bulk.bulk = true;
        update(&mut tx, &mut bulk, Status::Scheduled).await.unwrap();
    }
    let mut elsewhere = filed(&mut tx, 30, Status::Scheduled, 9).await;
    elsewhere.channel_id = Some(ChannelId(id(7)));
    update(&mut tx, &mut elsewhere, Status::Scheduled).await.unwrap();
    filed(&mut tx, 31, Status::Delivered, 1).await;
    let lane = |channel, bulk, at, first| Waiting {
        channel_id: ChannelId(id(channel)),
        owner_id: OWNER,
        bulk,
        next_at: Timestamp(at * SECOND),
        id: EmailId(id(first)),
    };
    assert_eq!(
        lanes(&mut tx, WORKSPACE).await.unwrap(),
        [lane(3, false, 2, 10), lane(3, true, 5, 20), lane(7, false, 9, 30)]
    );
}

#[rstest]
#[tokio::test]
async fn a_claim_goes_on_at_the_email_that_is_called_the_first(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    for (n, at) in [(10, 2), (11, 2), (12, 2), (20, 1), (9, 3), (13, 11)] {
        filed(&mut tx, n, Status::Scheduled, at).await;
    }
    let from = Waiting { next_at: Timestamp(2 * SECOND), id: EmailId(id(11)), ..LANE };
    let mut moves = folder_counts::Moves::default();
    let claimed = claim(&mut tx, WORKSPACE, &from, NODE, NOW, 9, &mut moves).await.unwrap();
    assert_eq!(claimed.iter().map(|it| it.id).collect::<Vec<_>>(), [11, 12, 9].map(|n| EmailId(id(n))));
    assert_eq!(claim_due(&mut tx, 9).await, [20, 10].map(|n| EmailId(id(n))));
}

#[rstest]
#[tokio::test]
async fn what_a_node_releases_waits_again_as_it_did_or_longer(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    for n in [10, 11, 12] {
        filed(&mut tx, n, Status::Scheduled, 1).await;
    }
    let claimed: Vec<EmailId> = claim_due(&mut tx, 9).await;
    let mut recipient = recipient_of(claimed[0]);
    recipients::insert(&mut tx, WORKSPACE, &recipient).await.unwrap();
    recipient.outcome = Outcome::Attempting;
    recipients::update(&mut tx, WORKSPACE, &recipient).await.unwrap();
    let until = ReleasedUntil { at: Timestamp(60 * SECOND), reason: WaitReason::Unreachable, text: Some("refused") };
    release(&mut tx, WORKSPACE, NODE, &claimed[..1], None).await.unwrap();
    release(&mut tx, WORKSPACE, NODE, &claimed[1..2], Some(until)).await.unwrap();
    release(&mut tx, WORKSPACE, NodeId(id(5)), &claimed[2..], None).await.unwrap();
    let now = find(&mut tx, WORKSPACE, claimed[0]).await.unwrap();
    assert_eq!((now.status, now.leased_by, now.next_at), (Status::Scheduled, None, Some(Timestamp(SECOND))));
    let [reset] = recipients::list(&mut tx, WORKSPACE, now.id).await.unwrap().try_into().unwrap();
    assert_eq!(reset.outcome, Outcome::Waiting, "it did not begin");
    let later = find(&mut tx, WORKSPACE, claimed[1]).await.unwrap();
    assert_eq!((later.next_at, later.wait_reason), (Some(until.at), Some(WaitReason::Unreachable)));
    assert_eq!(later.wait_text.as_deref(), Some("refused"));
    let kept = find(&mut tx, WORKSPACE, claimed[2]).await.unwrap();
    assert_eq!((kept.status, kept.leased_by), (Status::InProgress, Some(NODE)));
    assert_eq!(counts(&mut tx).await, [(Status::Scheduled, 2), (Status::InProgress, 1)]);
    assert_eq!(left_behind(&mut tx, WORKSPACE, &[NODE], 9).await.unwrap(), []);
    assert_eq!(left_behind(&mut tx, WORKSPACE, &[NodeId(id(5))], 9).await.unwrap(), [kept]);
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
                let claimed = claim_due(&mut tx, 5).await;
                tx.commit().await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed);
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
async fn engagement_adds_up_and_only_people_make_news(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    let email = filed(&mut tx, 10, Status::Delivered, 1).await;
    let other = filed(&mut tx, 11, Status::Delivered, 1).await;
    let machine = Engagement { views_automatic: 1, ..Engagement::default() };
    let at = Timestamp(70 * SECOND);
    let person = Engagement { views: 1, clicks: 2, human_at: Some(at), ..Engagement::default() };
    add_engagement(&mut tx, WORKSPACE, &[(email.id, person), (other.id, machine)]).await.unwrap();
    add_engagement(&mut tx, WORKSPACE, &[(email.id, machine)]).await.unwrap();
    let found = find(&mut tx, WORKSPACE, email.id).await.unwrap();
    assert_eq!((found.views, found.views_automatic, found.clicks), (1, 1, 2));
    assert_eq!(found.last_activity_at, at);
    assert!(!found.unseen);
    mark_unseen(&mut tx, WORKSPACE, email.id).await.unwrap();
    let fewer = Engagement { views: 0, views_automatic: 2, ..Engagement::default() };
    let left = Engagement { views: 1, ..fewer };
    set_engagement(&mut tx, WORKSPACE, email.id, &left, at).await.unwrap();
    assert!(find(&mut tx, WORKSPACE, email.id).await.unwrap().unseen, "a person's view is left");
    set_engagement(&mut tx, WORKSPACE, email.id, &fewer, Timestamp(5)).await.unwrap();
    let found = find(&mut tx, WORKSPACE, email.id).await.unwrap();
    assert!(!found.unseen, "what was news was withdrawn");
    assert_eq!((found.views, found.views_automatic, found.clicks), (0, 2, 0));
    assert_eq!(found.last_activity_at, Timestamp(5));
    let found = find(&mut tx, WORKSPACE, other.id).await.unwrap();
    assert_eq!((found.views_automatic, found.last_activity_at), (1, other.last_activity_at));
    add_reply(&mut tx, WORKSPACE, other.id, at).await.unwrap();
    set_engagement(&mut tx, WORKSPACE, other.id, &machine, at).await.unwrap();
    assert!(find(&mut tx, WORKSPACE, other.id).await.unwrap().unseen, "a reply is news whatever becomes of views");
    let nobody = set_engagement(&mut tx, WorkspaceId(id(8)), email.id, &machine, at).await;
    assert!(matches!(nobody, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn what_waits_for_a_domain_or_below_it_is_found_and_nothing_else(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = prepared(backend).await;
    let mut tx = db.begin().await.unwrap();
    let addresses = [
        (10, "a@Rival.example", Status::Scheduled),
        (11, "b@mail.rival.example", Status::Scheduled),
        (12, "c@notrival.example", Status::Scheduled),
        (13, "d@rival.example", Status::Delivered),
        (14, "e@rival.example", Status::Scheduled),
    ];
    for (n, address, status) in addresses {
        let mut email = filed(&mut tx, n, status, 5).await;
        email.to_address = Some(address.into());
        update(&mut tx, &mut email, status).await.unwrap();
    }
    let found = waiting_of_domain(&mut tx, WORKSPACE, "rival.example").await.unwrap();
    assert_eq!(found.iter().map(|it| it.0.as_u128()).collect::<Vec<_>>(), [10, 11, 14]);
}
