use domain::time::{DAY, MINUTE};
use engine::Error;
use engine::accounts::{Client, ProfileChange, audit::AuditAction};
use rstest::rstest;

use super::newest;
use crate::support::{Backend, PASSWORD, World};

async fn sign_in(world: &World) -> String {
    world.engine.sign_in("mia@north.example", PASSWORD, &Client::default()).await.unwrap().token
}

async fn holds(world: &World, token: &str) -> bool {
    world.engine.actor_of_session(token, None).await.unwrap().is_some()
}

#[rstest]
#[tokio::test]
async fn a_session_lives_thirty_days_from_its_last_use(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let world = World::new(backend).await;
    let token = sign_in(&world).await;
    assert!(!holds(&world, "somebody else's").await);
    for _ in 0..3 {
        world.clock.advance(29 * DAY);
        assert!(holds(&world, &token).await);
    }
    world.clock.advance(30 * DAY);
    assert!(!holds(&world, &token).await);
}

#[tokio::test]
async fn presence_is_written_down_every_five_minutes_at_most() {
    let world = World::new(Backend::Sqlite).await;
    let token = sign_in(&world).await;
    let seen = async || world.engine.member(&world.admin, world.member.user).await.unwrap().member.last_seen_at;
    let at_first = seen().await;
    world.clock.advance(4 * MINUTE);
    assert!(holds(&world, &token).await);
    assert_eq!(seen().await, at_first);
    world.clock.advance(MINUTE);
    assert!(holds(&world, &token).await);
    assert_eq!(seen().await, Some(world.engine.now()));
}

#[rstest]
#[tokio::test]
async fn signing_out_ends_one_session_and_everywhere_all(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let (one, two, three) = (sign_in(&world).await, sign_in(&world).await, sign_in(&world).await);
    let (actor, hash) = world.engine.actor_of_session(&one, None).await.unwrap().unwrap();
    world.engine.sign_out(&actor, &hash).await.unwrap();
    assert!(!holds(&world, &one).await && holds(&world, &two).await);
    world.clock.advance(MINUTE);
    world.engine.sign_out_everywhere(&actor).await.unwrap();
    assert!(!holds(&world, &two).await && !holds(&world, &three).await);
    assert_eq!(newest(&world.engine, &world.admin, 1).await, [AuditAction::SignedOutEverywhere]);
}

#[tokio::test]
async fn a_user_changes_what_concerns_them_alone() {
    let world = World::new(Backend::Sqlite).await;
    let change = ProfileChange { undo_window_s: Some(0), time_zone: Some("Asia/Seoul".into()), ..Default::default() };
    world.engine.change_profile(&world.member, &change).await.unwrap();
    let user = world.engine.profile(&world.member).await.unwrap().user;
    assert_eq!((user.undo_window_s, user.time_zone.as_str(), user.name.as_str()), (0, "Asia/Seoul", "Mia Member"));

    let wrong = ProfileChange {
        name: Some("x".repeat(201)),
        time_zone: Some("Mars/Olympus".into()),
        language: Some("tlh".into()),
        undo_window_s: Some(121),
    };
    let refused = world.engine.change_profile(&world.member, &wrong).await;
    assert!(matches!(refused, Err(Error::Invalid(faults)) if faults.len() == 4));
}
