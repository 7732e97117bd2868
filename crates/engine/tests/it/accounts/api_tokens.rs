use domain::time::{MINUTE, SECOND};
use engine::{Error, accounts::audit::AuditAction};
use rstest::rstest;

use super::newest;
use crate::support::{Backend, World};

#[rstest]
#[tokio::test]
async fn a_token_acts_as_its_owner_until_it_is_revoked(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let made = engine.create_api_token(&world.member, "Nightly import").await.unwrap();
    assert!(made.shown.starts_with("qdt_") && made.shown.len() > 40, "{}", made.shown);
    let actor = engine.actor_of_token(&made.shown, None).await.unwrap().unwrap();
    assert_eq!((actor.user, actor.role, actor.view_as), (world.member.user, world.member.role, None));
    assert!(engine.actor_of_token(&made.shown[4..], None).await.unwrap().is_none());

    let foreign = engine.revoke_api_token(&world.admin, made.token.id).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    world.clock.advance(SECOND);
    engine.revoke_api_token(&world.member, made.token.id).await.unwrap();
    assert!(engine.actor_of_token(&made.shown, None).await.unwrap().is_none());
    assert_eq!(newest(engine, &world.admin, 2).await, [AuditAction::TokenRevoked, AuditAction::TokenCreated]);
    let everything = format!("{:?}", engine.audit(&world.admin, None, 100).await.unwrap());
    assert!(!everything.contains(&made.shown), "the record holds no secrets");
}

#[tokio::test]
async fn the_operator_makes_tokens_for_active_members_only() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    let token = engine.operator_creates_token("mia@north.example", "Script").await.unwrap();
    assert_eq!(engine.actor_of_token(&token, None).await.unwrap().unwrap().user, world.member.user);
    engine.deactivate(&world.admin, world.member.user, world.manager.user).await.unwrap();
    assert!(engine.actor_of_token(&token, None).await.unwrap().is_none());
    let gone = engine.operator_creates_token("mia@north.example", "Script").await;
    assert!(matches!(gone, Err(Error::Invalid(_))), "{gone:?}");
    engine.reactivate(&world.admin, world.member.user).await.unwrap();
    assert!(engine.actor_of_token(&token, None).await.unwrap().is_none(), "what was revoked stays so");
}

#[tokio::test]
async fn use_is_written_down_every_minute_at_most() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    let made = engine.create_api_token(&world.member, "Script").await.unwrap();
    let used = async || engine.api_tokens(&world.member).await.unwrap()[0].last_used_at;
    assert_eq!(used().await, None);
    engine.actor_of_token(&made.shown, None).await.unwrap();
    let first = Some(engine.now());
    assert_eq!(used().await, first);
    world.clock.advance(MINUTE - SECOND);
    engine.actor_of_token(&made.shown, None).await.unwrap();
    assert_eq!(used().await, first);
    world.clock.advance(SECOND);
    engine.actor_of_token(&made.shown, None).await.unwrap();
    assert_eq!(used().await, Some(engine.now()));
}
