use domain::time::{HOUR, MINUTE, SECOND};
use engine::{
    Error,
    accounts::{Client, audit::AuditAction},
};
use rstest::rstest;

use super::newest;
use crate::support::{Backend, PASSWORD, World};

fn from(ip: &str) -> Client {
    Client { ip: Some(ip.parse().unwrap()), user_agent: Some("Browser/1".into()) }
}

#[rstest]
#[tokio::test]
async fn success_and_failure_are_recorded(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let wrong = engine.sign_in("mia@north.example", "wrong", &from("192.0.2.1")).await;
    assert!(matches!(wrong, Err(Error::WrongCredentials)), "{wrong:?}");
    let right = engine.sign_in(" MIA@north.example ", PASSWORD, &from("192.0.2.1")).await.unwrap();
    assert_eq!((right.actor.user, right.actor.role), (world.member.user, world.member.role));

    let entries = engine.audit(&world.admin, None, 50).await.unwrap();
    let mine: Vec<_> = entries.iter().filter(|entry| entry.target_id == world.member.user.to_string()).collect();
    let signed_in = mine.iter().find(|entry| entry.action == AuditAction::SignedIn).unwrap();
    assert_eq!(signed_in.ip.as_deref(), Some("192.0.2.1"));
    assert_eq!(signed_in.actor, Some((world.member.user, "Mia Member".into())));
    let refused = mine.iter().find(|entry| entry.action == AuditAction::SignInRefused).unwrap();
    assert_eq!(refused.actor, None);
    assert_eq!(refused.after, Some(serde_json::json!({ "reason": "wrong_password" })));
}

#[tokio::test]
async fn an_unknown_account_is_answered_like_a_wrong_password() {
    let world = World::new(Backend::Sqlite).await;
    let unknown = world.engine.sign_in("nobody@north.example", PASSWORD, &from("192.0.2.1")).await;
    assert!(matches!(unknown, Err(Error::WrongCredentials)), "{unknown:?}");
    let entries = world.engine.audit(&world.admin, None, 50).await.unwrap();
    let refused = entries.into_iter().find(|entry| entry.action == AuditAction::SignInRefused).unwrap();
    let after = serde_json::json!({ "reason": "unknown_account", "email": "nobody@north.example" });
    assert_eq!((refused.actor, refused.after), (None, Some(after)));
    let deactivated = world.member.user;
    world.engine.deactivate(&world.admin, deactivated, world.manager.user).await.unwrap();
    let gone = world.engine.sign_in("mia@north.example", PASSWORD, &from("192.0.2.1")).await;
    assert!(matches!(gone, Err(Error::WrongCredentials)), "{gone:?}");
}

#[rstest]
#[tokio::test]
async fn repeated_failures_slow_an_account_down_from_everywhere(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let try_from = |n: u8, password: &'static str| {
        let engine = world.engine.clone();
        async move { engine.sign_in("mia@north.example", password, &from(&format!("192.0.2.{n}"))).await }
    };
    for n in 0..5 {
        assert!(matches!(try_from(n, "wrong").await, Err(Error::WrongCredentials)));
    }
    // Even the right password waits: otherwise the answer would tell.
    let blocked = try_from(6, PASSWORD).await;
    assert!(matches!(blocked, Err(Error::TooManyAttempts { until }) if until > world.engine.now()), "{blocked:?}");
    let elsewhere = world.engine.sign_in("max@north.example", PASSWORD, &from("192.0.2.1")).await;
    assert!(elsewhere.is_ok(), "other accounts are not concerned");

    world.clock.advance(SECOND);
    assert!(matches!(try_from(7, "wrong").await, Err(Error::WrongCredentials)));
    world.clock.advance(SECOND);
    assert!(matches!(try_from(8, PASSWORD).await, Err(Error::TooManyAttempts { .. })), "the pause doubles");
    world.clock.advance(SECOND);
    try_from(9, PASSWORD).await.unwrap();
    assert!(matches!(try_from(9, "wrong").await, Err(Error::WrongCredentials)), "success forgets");
}

#[tokio::test]
async fn many_accounts_from_one_address_are_slowed_down_too() {
    let world = World::new(Backend::Sqlite).await;
    let mut blocked = 0;
    for n in 0..60 {
        let tried = world.engine.sign_in(&format!("guess{n}@north.example"), "wrong", &from("192.0.2.1")).await;
        blocked += u32::from(matches!(tried, Err(Error::TooManyAttempts { .. })));
    }
    assert_eq!(blocked, 10);
    assert!(world.engine.sign_in("mia@north.example", PASSWORD, &from("192.0.2.2")).await.is_ok());
    world.clock.advance(HOUR + MINUTE);
    assert!(world.engine.sign_in("mia@north.example", PASSWORD, &from("192.0.2.1")).await.is_ok());
}

#[tokio::test]
async fn tries_at_the_same_moment_all_count() {
    let world = World::new(Backend::Sqlite).await;
    world.clock.advance(SECOND);
    let tries = (0..12).map(|_| {
        let engine = world.engine.clone();
        tokio::spawn(async move { engine.sign_in("mia@north.example", "wrong", &from("192.0.2.1")).await })
    });
    let mut considered = 0;
    for tried in tries.collect::<Vec<_>>() {
        considered += u32::from(matches!(tried.await.unwrap(), Err(Error::WrongCredentials)));
    }
    assert_eq!(considered, 5);
    assert_eq!(newest(&world.engine, &world.admin, 5).await, [AuditAction::SignInRefused; 5]);
}
