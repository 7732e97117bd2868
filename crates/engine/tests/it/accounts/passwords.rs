use domain::{
    authorization::Role,
    input::{Code, Invalid},
    time::{DAY, HOUR},
};
use engine::{Error, accounts::Client, channels::ChannelInput, workspace::WorkspaceChange};
use rstest::rstest;

use crate::{
    post::{channel_to, guarded, token},
    support::{Backend, PASSWORD, World, email_of, join},
};

const NEW: &str = "a longer sentence";

async fn can_sign_in(world: &World, password: &str) -> bool {
    world.engine.sign_in("mia@north.example", password, &Client::default()).await.is_ok()
}

fn token_in(link: &str) -> String {
    link.split_once("#token=").unwrap().1.to_owned()
}

#[rstest]
#[tokio::test]
async fn a_changed_password_ends_the_other_sessions(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let sign_in = || engine.sign_in("mia@north.example", PASSWORD, &Client { ip: None, user_agent: None });
    let (here, there) = (sign_in().await.unwrap().token, sign_in().await.unwrap().token);
    let (actor, session) = engine.actor_of_session(&here, None).await.unwrap().unwrap();

    let wrong = engine.change_password(&actor, &session, "not it at all", NEW).await.unwrap_err();
    assert!(matches!(&wrong, Error::Invalid(faults) if faults == &[Invalid::new("current", Code::Wrong)]), "{wrong:?}");
    let short = engine.change_password(&actor, &session, PASSWORD, "short").await.unwrap_err();
    assert!(matches!(&short, Error::Invalid(faults) if faults == &[Invalid::new("new", Code::TooShort { min: 10 })]));

    engine.change_password(&actor, &session, PASSWORD, NEW).await.unwrap();
    assert!(engine.actor_of_session(&here, None).await.unwrap().is_some());
    assert!(engine.actor_of_session(&there, None).await.unwrap().is_none());
    assert!(!can_sign_in(&world, PASSWORD).await && can_sign_in(&world, NEW).await);
}

#[rstest]
#[tokio::test]
async fn an_administrator_hands_over_a_link_that_works_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let handed = engine.reset_member_password(&world.admin, world.member.user).await.unwrap();
    assert!(!handed.mailed, "there is no system channel");
    let link = handed.link.unwrap();
    assert!(link.starts_with("https://sales.example/reset-password#token="), "{link}");
    let session = engine.sign_in("mia@north.example", PASSWORD, &Client::default()).await.unwrap().token;

    // A stranger who asks for a link meanwhile does not take this one away.
    engine.request_password_reset("mia@north.example", &Client::default()).await.unwrap();
    engine.accept_password_reset(&token_in(&link), NEW, &Client::default()).await.unwrap();
    assert!(can_sign_in(&world, NEW).await && !can_sign_in(&world, PASSWORD).await);
    assert!(engine.actor_of_session(&session, None).await.unwrap().is_none());
    let again = engine.accept_password_reset(&token_in(&link), "another sentence", &Client::default()).await;
    assert!(matches!(again, Err(Error::Expired)), "{again:?}");
}

#[tokio::test]
async fn whoever_forgot_their_password_is_mailed_a_link_that_works_for_an_hour() {
    let (world, post) = (World::new(Backend::Sqlite).await, guarded().await);
    let engine = &world.engine;
    let input = ChannelInput { team: true, ..channel_to(&post) };
    let channel = engine.create_channel(&world.admin, input).await.unwrap().channel;
    let system = WorkspaceChange { system_channel_id: Some(Some(channel.id)), ..WorkspaceChange::default() };
    engine.change_workspace(&world.admin, 1, system).await.unwrap();
    let rosa = join(engine, &world.admin, "accept.rosa", Role::Member).await;
    let address = email_of("accept.rosa");

    engine.request_password_reset(&address, &Client::default()).await.unwrap();
    let mailed = token(&post, &address);
    engine.accept_password_reset(&mailed, NEW, &Client::default()).await.unwrap();
    engine.sign_in(&address, NEW, &Client::default()).await.unwrap();

    engine.request_password_reset(&address, &Client::default()).await.unwrap();
    let late = token(&post, &address);
    assert_ne!(late, mailed);
    world.clock.advance(HOUR);
    let refused = engine.accept_password_reset(&late, NEW, &Client::default()).await;
    assert!(matches!(refused, Err(Error::Expired)), "{refused:?}");

    let handed = engine.reset_member_password(&world.admin, rosa.user).await.unwrap();
    assert_eq!((handed.mailed, handed.link), (true, None));
}

#[tokio::test]
async fn a_link_is_worth_nothing_after_three_days() {
    let world = World::new(Backend::Sqlite).await;
    let link = world.engine.operator_resets_password("mia@north.example").await.unwrap();
    world.clock.advance(3 * DAY);
    let late = world.engine.accept_password_reset(&token_in(&link), NEW, &Client::default()).await;
    assert!(matches!(late, Err(Error::Expired)), "{late:?}");
}

#[tokio::test]
async fn asking_for_a_link_tells_nothing_and_is_slowed_down() {
    let world = World::new(Backend::Sqlite).await;
    let ask = |email: &str| {
        let (engine, email) = (world.engine.clone(), email.to_owned());
        async move { engine.request_password_reset(&email, &Client::default()).await }
    };
    ask("nobody@north.example").await.unwrap();
    for _ in 0..5 {
        ask("mia@north.example").await.unwrap();
    }
    assert!(matches!(ask("mia@north.example").await, Err(Error::TooManyAttempts { .. })));
    assert!(can_sign_in(&world, PASSWORD).await, "asking locks nobody out");
    world.clock.advance(2 * HOUR);
    ask("mia@north.example").await.unwrap();
}

#[tokio::test]
async fn an_administrator_opens_no_account_of_another_workspace() {
    let world = World::new(Backend::Sqlite).await;
    let (_, handed) =
        world.engine.invite(&world.stranger, "mia@north.example", Role::Member, Vec::new()).await.unwrap();
    let acceptance = engine::accounts::Acceptance {
        token: token_in(&handed.link.unwrap()),
        name: "Somebody else".into(),
        password: PASSWORD.into(),
        time_zone: "UTC".into(),
    };
    world.engine.accept_invitation(&acceptance, &Client::default()).await.unwrap();
    let refused = world.engine.reset_member_password(&world.stranger, world.member.user).await;
    assert!(matches!(refused, Err(Error::Conflict("belongs_to_another_workspace"))), "{refused:?}");
    let user = world.engine.profile(&world.member).await.unwrap().user;
    assert_eq!((user.name.as_str(), user.email), ("Mia Member", email_of("Mia")), "an account keeps its name");
}
