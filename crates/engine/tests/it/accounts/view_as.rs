use domain::{
    UserId,
    authorization::{Actor, Denied},
    time::SECOND,
};
use engine::{
    Error,
    accounts::{Client, ProfileChange, audit::AuditAction},
};
use rstest::rstest;

use super::newest;
use crate::support::{Backend, PASSWORD, World};

/// Signs Max in: his session's token and what identifies it.
async fn max(world: &World) -> (String, Actor, Vec<u8>) {
    let token = world.engine.sign_in("max@north.example", PASSWORD, &Client::default()).await.unwrap().token;
    let (actor, session) = world.engine.actor_of_session(&token, None).await.unwrap().unwrap();
    (token, actor, session)
}

async fn viewed(world: &World, token: &str) -> Option<UserId> {
    world.engine.actor_of_session(token, None).await.unwrap().unwrap().0.view_as
}

#[rstest]
#[tokio::test]
async fn a_manager_looks_at_their_team_and_changes_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let (token, actor, session) = max(&world).await;
    world.clock.advance(SECOND);
    engine.view_as(&actor, &session, world.member.user).await.unwrap();
    assert_eq!(viewed(&world, &token).await, Some(world.member.user));

    let (looking, _) = engine.actor_of_session(&token, None).await.unwrap().unwrap();
    let profile = engine.profile(&looking).await.unwrap();
    assert_eq!((profile.user.name.as_str(), profile.view_as.unwrap().name.as_str()), ("Max Manager", "Mia Member"));
    let refused = engine.change_profile(&looking, &ProfileChange::default()).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::ReadOnly))), "{refused:?}");

    world.clock.advance(SECOND);
    engine.stop_viewing(&looking, &session).await.unwrap();
    assert_eq!(viewed(&world, &token).await, None);
    assert_eq!(newest(engine, &world.admin, 2).await, [AuditAction::ViewAsEnded, AuditAction::ViewAsStarted]);
}

#[tokio::test]
async fn only_a_team_of_ones_own_can_be_looked_at() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    let (_, actor, session) = max(&world).await;
    for user in [world.other_manager.user, world.stranger.user, actor.user] {
        let refused = engine.view_as(&actor, &session, user).await;
        assert!(matches!(refused, Err(Error::Denied(Denied::Forbidden))), "{refused:?}");
    }
    let foreign = engine.view_as(&world.admin, &session, world.stranger.user).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
}

#[tokio::test]
async fn looking_ends_with_the_right_to_look() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    let (token, actor, session) = max(&world).await;
    engine.view_as(&actor, &session, world.member.user).await.unwrap();
    engine.remove_from_team(&world.admin, world.north, actor.user).await.unwrap();
    assert_eq!(viewed(&world, &token).await, None);
    engine.add_to_team(&world.admin, world.north, actor.user).await.unwrap();
    assert_eq!(viewed(&world, &token).await, Some(world.member.user));
    engine.deactivate(&world.admin, world.member.user, actor.user).await.unwrap();
    assert_eq!(viewed(&world, &token).await, None);
}
