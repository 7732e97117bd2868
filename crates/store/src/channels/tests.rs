use super::*;
use crate::testing::{Backend, channel, database, id, member};
use domain::{EmailId, Status, authorization::Role, reasons::WaitReason};
use rstest::rstest;

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));

#[rstest]
#[tokio::test]
async fn a_channel_comes_back_as_it_was_saved(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let mut saved = Channel {
        username: Some("ada".into()),
        secret: Some(vec![1, 2, 3]),
        batch_size: Some(25),
        batch_pause_s: Some(45),
        per_minute: Some(0),
        per_day: Some(2_000),
        ..channel(1, 7, Some(1))
    };
    saved.set_limits(Limits {
        connections: 9,
        day_reset: DayReset::At { minute_of_day: 480, zone: "America/Los_Angeles".into() },
        domain_rules: vec![DomainRule { domain: "*".into(), per_minute: Some(3), per_day: None }],
        ..saved.limits()
    });
    insert(&mut tx, &saved).await.unwrap();
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap(), saved);
    assert!(matches!(find(&mut tx, WorkspaceId(id(2)), saved.id).await, Err(Error::NotFound)));

    saved.host = "relay.example.org".into();
    saved.security = Security::StartTls;
    saved.auth = Auth::None;
    saved.set_limits(Limits { connections: 2, per_minute: Some(7), ..Limits::default() });
    update(&mut tx, &saved).await.unwrap();
    assert!(matches!(update(&mut tx, &saved).await, Err(Error::Changed)));
    saved.version = 2;
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap(), saved);

    set_size_limit(&mut tx, WORKSPACE, saved.id, Some(26_214_400)).await.unwrap();
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap().size_limit, Some(26_214_400));
}

#[rstest]
#[tokio::test]
async fn people_use_their_own_channels_and_the_teams(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    for (n, owner, name) in [(1, Some(1), "b mine"), (2, None, "A team"), (3, Some(2), "theirs"), (4, Some(1), "gone")]
    {
        insert(&mut tx, &Channel { name: name.into(), ..channel(1, n, owner) }).await.unwrap();
    }
    delete(&mut tx, WORKSPACE, ChannelId(id(4)), Timestamp(9)).await.unwrap();
    let listed = list_usable(&mut tx, WORKSPACE, UserId(id(1))).await.unwrap();
    assert_eq!(listed.into_iter().map(|channel| channel.name).collect::<Vec<_>>(), ["A team", "b mine"]);
    assert_eq!(list_usable(&mut tx, WorkspaceId(id(2)), UserId(id(1))).await.unwrap(), []);
}

#[rstest]
#[tokio::test]
async fn a_deleted_channel_is_gone_with_its_secret(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let saved = Channel { secret: Some(vec![1]), ..channel(1, 7, None) };
    insert(&mut tx, &saved).await.unwrap();
    delete(&mut tx, WORKSPACE, saved.id, Timestamp(9)).await.unwrap();
    let deleted = find(&mut tx, WORKSPACE, saved.id).await.unwrap();
    assert_eq!(deleted, Channel { version: 2, secret: None, deleted_at: Some(Timestamp(9)), ..saved.clone() });
    assert!(matches!(delete(&mut tx, WORKSPACE, saved.id, Timestamp(9)).await, Err(Error::NotFound)));
    assert!(matches!(resume(&mut tx, WORKSPACE, saved.id).await, Err(Error::NotFound)));
    assert!(matches!(replace_secret(&mut tx, &saved, &[2]).await, Err(Error::Changed)));
}

#[rstest]
#[tokio::test]
async fn a_renewed_secret_does_not_overwrite_a_newer_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let read = Channel { secret: Some(vec![1]), ..channel(1, 7, None) };
    insert(&mut tx, &read).await.unwrap();
    replace_secret(&mut tx, &read, &[2]).await.unwrap();
    assert!(matches!(replace_secret(&mut tx, &read, &[3]).await, Err(Error::Changed)));
    assert_eq!(find(&mut tx, WORKSPACE, read.id).await.unwrap(), Channel { secret: Some(vec![2]), ..read });
}

#[rstest]
#[tokio::test]
async fn a_pause_ends_by_itself_or_when_somebody_resumes(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let saved = channel(1, 7, None);
    insert(&mut tx, &saved).await.unwrap();
    let quota = Pause {
        reason: PauseReason::Quota,
        text: Some("550 5.4.5 Daily sending quota exceeded".into()),
        at: Timestamp(10),
        until: Some(Timestamp(20)),
    };
    pause(&mut tx, WORKSPACE, saved.id, &quota).await.unwrap();
    let paused = find(&mut tx, WORKSPACE, saved.id).await.unwrap();
    assert_eq!(paused.pause_at(Timestamp(19)), Some(quota));
    assert_eq!(paused.pause_at(Timestamp(20)), None);
    resume(&mut tx, WORKSPACE, saved.id).await.unwrap();
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap(), saved);
}

#[rstest]
#[tokio::test]
async fn waiting_mail_is_counted(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let channel = channel(1, 7, None);
    insert(&mut tx, &channel).await.unwrap();
    let mut email = crate::emails::Email::draft(WORKSPACE, EmailId(id(1)), UserId(id(1)), Timestamp(1));
    crate::emails::insert(&mut tx, &email).await.unwrap();
    assert_eq!(count_waiting(&mut tx, WORKSPACE, channel.id).await.unwrap(), 0);
    email.status = Status::Scheduled;
    email.channel_id = Some(channel.id);
    crate::emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    assert_eq!(count_waiting(&mut tx, WORKSPACE, channel.id).await.unwrap(), 1);

    email.due_at = Some(Timestamp(9));
    crate::emails::update(&mut tx, &mut email, Status::Scheduled).await.unwrap();
    assert_eq!(count_due(&mut tx, WORKSPACE, channel.id, Timestamp(8)).await.unwrap(), 0);
    assert_eq!(count_due(&mut tx, WORKSPACE, channel.id, Timestamp(9)).await.unwrap(), 1);
}

#[rstest]
#[tokio::test]
async fn resuming_wakes_what_waited_for_it_and_nothing_else(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let channel = channel(1, 7, None);
    insert(&mut tx, &channel).await.unwrap();
    let waits =
        [(1, 10, WaitReason::ChannelPaused), (2, 90, WaitReason::ChannelPaused), (3, 10, WaitReason::LimitPerDay)];
    for (n, due, reason) in waits {
        let mut email = crate::emails::Email::draft(WORKSPACE, EmailId(id(n)), UserId(id(1)), Timestamp(1));
        crate::emails::insert(&mut tx, &email).await.unwrap();
        email.status = Status::Scheduled;
        email.channel_id = Some(channel.id);
        email.due_at = Some(Timestamp(due));
        email.next_at = Some(Timestamp(1_000));
        email.wait_reason = Some(reason);
        crate::emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    }
    let mut woken = wake_waiting(&mut tx, WORKSPACE, channel.id, Timestamp(50)).await.unwrap();
    woken.sort();
    assert_eq!(woken, [(EmailId(id(1)), UserId(id(1))), (EmailId(id(2)), UserId(id(1)))]);
    for (n, next) in [(1, 50), (2, 90), (3, 1_000)] {
        let email = crate::emails::find(&mut tx, WORKSPACE, EmailId(id(n))).await.unwrap();
        assert_eq!(email.next_at, Some(Timestamp(next)));
    }
}

#[rstest]
#[tokio::test]
async fn another_server_ends_the_waits_for_the_one_that_could_not_be_reached_and_no_others(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let (ours, other) = (channel(1, 7, None), channel(1, 8, None));
    insert(&mut tx, &ours).await.unwrap();
    insert(&mut tx, &other).await.unwrap();
    let waits = [
        (1, ours.id, WaitReason::Unreachable, 1_000),
        (2, ours.id, WaitReason::ServerAsked, 1_000),
        (3, other.id, WaitReason::Unreachable, 1_000),
        (4, ours.id, WaitReason::Unreachable, 20),
    ];
    for (n, channel, reason, at) in waits {
        let mut email = crate::emails::Email::draft(WORKSPACE, EmailId(id(n)), UserId(id(1)), Timestamp(1));
        crate::emails::insert(&mut tx, &email).await.unwrap();
        email.status = Status::Scheduled;
        email.channel_id = Some(channel);
        (email.due_at, email.next_at) = (Some(Timestamp(at)), Some(Timestamp(at)));
        email.wait_reason = Some(reason);
        crate::emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    }
    let woken = end_unreachable_waits(&mut tx, WORKSPACE, ours.id, Timestamp(50)).await.unwrap();
    assert_eq!(woken, [(EmailId(id(1)), UserId(id(1)))]);
    for (n, at) in [(1, 50), (2, 1_000), (3, 1_000), (4, 20)] {
        let email = crate::emails::find(&mut tx, WORKSPACE, EmailId(id(n))).await.unwrap();
        assert_eq!((email.due_at, email.next_at), (Some(Timestamp(at)), Some(Timestamp(at))));
    }
}

#[rstest]
#[tokio::test]
async fn a_channel_is_counted_by_one_transaction_at_a_time(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    insert(&mut tx, &channel(1, 7, Some(1))).await.unwrap();
    tx.commit().await.unwrap();
    let mut first = db.begin().await.unwrap();
    lock(&mut first, WORKSPACE, ChannelId(id(7))).await.unwrap();
    let second = async {
        let mut tx = db.begin().await.unwrap();
        lock(&mut tx, WORKSPACE, ChannelId(id(7))).await.unwrap();
    };
    let mut second = std::pin::pin!(second);
    let short = std::time::Duration::from_millis(200);
    assert!(tokio::time::timeout(short, &mut second).await.is_err(), "it has to wait");
    first.commit().await.unwrap();
    second.await;
}
