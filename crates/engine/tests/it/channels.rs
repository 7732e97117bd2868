//! Channels: who sees and changes them, what is kept of a password, and what a test of one shows.

use std::sync::Arc;

use domain::{
    Timestamp, UserId,
    authorization::{Actor, Denied},
    channel::{Auth, Security},
    input::{Code, Invalid},
    reasons::PauseReason,
};
use engine::{
    Engine, Error, Keys, MovedClock, Random, Settings,
    accounts::audit::AuditAction,
    channels::{ChannelChange, ChannelInput, OauthGrant, Probe, Step},
    identities::NewIdentity,
    live::Topic,
    workspace::WorkspaceChange,
};
use rstest::rstest;
use store::{Db, Location, channels::Pause};

use crate::{
    post::{PASSWORD, channel_to, guarded},
    support::{Backend, START, World},
};

fn team(input: ChannelInput) -> ChannelInput {
    ChannelInput { team: true, name: "Team".into(), ..input }
}

async fn names(engine: &Engine, actor: &Actor) -> Vec<String> {
    engine.channels(actor).await.unwrap().into_iter().map(|view| view.channel.name).collect()
}

fn last(probe: &Probe) -> (Step, Option<&'static str>) {
    let step = probe.steps.last().unwrap();
    (step.step, step.problem.as_ref().map(|problem| problem.code))
}

#[rstest]
#[tokio::test]
async fn everybody_uses_their_own_channels_and_the_teams_and_nobody_elses(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let own = engine.create_channel(&world.member, channel_to(&post)).await.unwrap();
    engine.create_channel(&world.admin, team(channel_to(&post))).await.unwrap();
    assert_eq!(names(engine, &world.member).await, ["Relay", "Team"]);
    for other in [&world.admin, &world.manager] {
        assert_eq!(names(engine, other).await, ["Team"]);
    }
    assert!(names(engine, &world.stranger).await.is_empty());
    let id = own.channel.id;
    for other in [&world.admin, &world.manager, &world.stranger] {
        assert!(matches!(engine.channel(other, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.change_channel(other, id, 1, ChannelChange::default()).await, Err(Error::NotFound)));
        assert!(matches!(engine.pause_channel(other, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.resume_channel(other, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.delete_channel(other, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.test_channel(other, id).await, Err(Error::NotFound)));
    }
    let seen = engine.channel(&world.member, id).await.unwrap();
    assert_eq!((seen.owner, seen.editable), (Some((world.member.user, "Mia Member".into())), true));
}

#[rstest]
#[tokio::test]
async fn only_an_administrator_changes_a_team_channel(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let made = engine.create_channel(&world.admin, team(channel_to(&post))).await.unwrap();
    let id = made.channel.id;
    for other in [&world.manager, &world.member] {
        assert!(!engine.channel(other, id).await.unwrap().editable);
        let forbidden = |error| matches!(error, Some(Error::Denied(Denied::Forbidden)));
        assert!(forbidden(engine.create_channel(other, team(channel_to(&post))).await.err()));
        assert!(forbidden(engine.change_channel(other, id, 1, ChannelChange::default()).await.err()));
        assert!(forbidden(engine.pause_channel(other, id).await.err()));
        assert!(forbidden(engine.delete_channel(other, id).await.err()));
        assert!(forbidden(engine.test_channel(other, id).await.err()));
        assert!(forbidden(engine.test_described_channel(other, team(channel_to(&post))).await.err()));
    }
    let viewing = Actor { view_as: Some(world.member.user), ..world.admin.clone() };
    assert!(matches!(engine.pause_channel(&viewing, id).await, Err(Error::Denied(Denied::ReadOnly))));
    assert!(!engine.channel(&viewing, id).await.unwrap().editable);
}

#[rstest]
#[tokio::test]
async fn a_password_is_kept_sealed_and_stays_out_of_the_record(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let made = engine.create_channel(&world.admin, team(channel_to(&post))).await.unwrap().channel;
    let sealed = made.secret.clone().unwrap();
    assert!(!sealed.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes()));
    let change = ChannelChange { name: Some("Renamed".into()), ..ChannelChange::default() };
    let changed = engine.change_channel(&world.admin, made.id, made.version, change).await.unwrap().channel;
    assert_eq!((changed.version, changed.name.as_str(), changed.secret), (2, "Renamed", Some(sealed)));
    let lines = engine.audit(&world.admin, None, 2).await.unwrap();
    assert_eq!([lines[0].action, lines[1].action], [AuditAction::ChannelChanged, AuditAction::ChannelCreated]);
    assert_eq!(lines[0].before.as_ref().unwrap()["name"], "Team");
    assert_eq!(lines[0].after.as_ref().unwrap()["name"], "Renamed");
    assert!(!format!("{lines:?}").contains(PASSWORD));
    let late = engine.change_channel(&world.admin, made.id, made.version, ChannelChange::default()).await;
    assert!(matches!(late, Err(Error::Changed)));
}

#[rstest]
#[tokio::test]
async fn a_kept_password_is_not_shown_to_another_server(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let made = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel;
    let moved = ChannelChange { host: Some("localhost".into()), ..ChannelChange::default() };
    let refused = engine.change_channel(&world.member, made.id, 1, moved.clone()).await;
    let expected = vec![Invalid::new("password", Code::Required)];
    assert!(matches!(refused, Err(Error::Invalid(faults)) if faults == expected));
    let with_password = ChannelChange { password: Some(PASSWORD.into()), ..moved };
    let changed = engine.change_channel(&world.member, made.id, 1, with_password).await.unwrap().channel;
    assert_eq!((changed.host.as_str(), changed.version), ("localhost", 2));
    let without = ChannelChange { auth: Some(Auth::None), ..ChannelChange::default() };
    let changed = engine.change_channel(&world.member, made.id, 2, without).await.unwrap().channel;
    assert_eq!((changed.secret, changed.username), (None, None));
}

#[rstest]
#[tokio::test]
async fn a_test_shows_the_whole_conversation_without_the_password(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let id = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel.id;
    let probe = engine.test_channel(&world.member, id).await.unwrap();
    let steps: Vec<_> = probe.steps.iter().map(|step| step.step).collect();
    assert_eq!(steps, [Step::Resolve, Step::Connect, Step::Greeting, Step::Ehlo, Step::Auth, Step::SignOff]);
    assert!(probe.is_ok(), "{probe:?}");
    assert!(!format!("{probe:?}").contains(PASSWORD));
    let limit = engine.channel(&world.member, id).await.unwrap().channel.size_limit;
    assert_eq!((probe.size_limit, limit), (Some(26_214_400), Some(26_214_400)));
    assert!(engine.test_described_channel(&world.member, channel_to(&post)).await.unwrap().is_ok());
    let same = ChannelChange { name: Some("Elsewhere".into()), ..ChannelChange::default() };
    assert!(engine.test_changed_channel(&world.member, id, same).await.unwrap().is_ok(), "with the kept password");
    let other = ChannelChange { password: Some("wrong".into()), ..ChannelChange::default() };
    let probe = engine.test_changed_channel(&world.member, id, other).await.unwrap();
    assert_eq!(last(&probe), (Step::Auth, Some("credentials_refused")));
    let moved = ChannelChange { host: Some("localhost".into()), ..ChannelChange::default() };
    assert!(matches!(engine.test_changed_channel(&world.member, id, moved).await, Err(Error::Invalid(_))));
    let kept = engine.channel(&world.member, id).await.unwrap().channel;
    assert_eq!((kept.name, kept.version), (channel_to(&post).name, 1), "nothing is kept of it");
    assert!(post.received().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_test_ends_where_it_failed_and_says_why(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let wrong = ChannelInput { password: Some("wrong".into()), ..channel_to(&post) };
    let probe = engine.test_described_channel(&world.member, wrong).await.unwrap();
    assert_eq!(last(&probe), (Step::Auth, Some("credentials_refused")));
    let detail = &probe.steps.last().unwrap().problem.as_ref().unwrap().detail;
    assert!(detail.starts_with("535"), "{detail}");

    let gone = ChannelInput { port: 1, ..channel_to(&post) };
    let probe = engine.test_described_channel(&world.member, gone).await.unwrap();
    assert_eq!(last(&probe), (Step::Connect, Some("connection_refused")));

    let secure = ChannelInput { security: Security::StartTls, ..channel_to(&post) };
    let probe = engine.test_described_channel(&world.member, secure).await.unwrap();
    assert_eq!(last(&probe), (Step::StartTls, Some("no_starttls")));

    let grant = OauthGrant {
        client_id: "id".into(),
        client_secret: "secret".into(),
        refresh_token: "token".into(),
        token_url: "http://127.0.0.1:1/token".into(),
    };
    let modern = ChannelInput { auth: Auth::Xoauth2, password: None, oauth: Some(grant), ..channel_to(&post) };
    let probe = engine.test_described_channel(&world.member, modern).await.unwrap();
    assert_eq!(last(&probe), (Step::Auth, Some("connection_refused")));
}

#[rstest]
#[tokio::test]
async fn new_credentials_let_a_channel_go_on_and_other_edits_do_not(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let channel = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel;
    let mut tx = engine.db().begin().await.unwrap();
    let pause = Pause { reason: PauseReason::Credentials, text: Some("535 5.7.8 no".into()), at: START, until: None };
    store::channels::pause(&mut tx, channel.workspace_id, channel.id, &pause).await.unwrap();
    tx.commit().await.unwrap();

    let renamed = ChannelChange { name: Some("Still".into()), ..ChannelChange::default() };
    let view = engine.change_channel(&world.member, channel.id, 1, renamed).await.unwrap();
    assert_eq!(view.pause, Some(pause));
    let fixed = ChannelChange { password: Some("another".into()), ..ChannelChange::default() };
    let view = engine.change_channel(&world.member, channel.id, 2, fixed).await.unwrap();
    assert_eq!(view.pause, None);
}

#[rstest]
#[tokio::test]
async fn a_channel_paused_by_its_owner_goes_on_when_they_say_so(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let id = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel.id;
    let paused = engine.pause_channel(&world.member, id).await.unwrap();
    assert_eq!(paused.pause, Some(Pause { reason: PauseReason::ByUser, text: None, at: START, until: None }));
    // Saving new credentials does not overrule a person.
    let fixed = ChannelChange { password: Some("another".into()), ..ChannelChange::default() };
    assert!(engine.change_channel(&world.member, id, 1, fixed).await.unwrap().pause.is_some());
    assert_eq!(engine.resume_channel(&world.member, id).await.unwrap().pause, None);
    let lines = engine.audit(&world.admin, None, 3).await.unwrap();
    let actions: Vec<_> = lines.iter().map(|line| line.action).collect();
    assert_eq!(actions, [AuditAction::ChannelResumed, AuditAction::ChannelChanged, AuditAction::ChannelPaused]);
}

#[rstest]
#[tokio::test]
async fn a_deleted_channel_is_nobodys_and_nothings_channel(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let id = engine.create_channel(&world.admin, team(channel_to(&post))).await.unwrap().channel.id;
    let wanted =
        NewIdentity { name: "Ada".into(), address: "accept.ada@north.example".into(), ..NewIdentity::default() };
    assert_eq!(engine.create_identity(&world.admin, wanted).await.unwrap().identity.channel_id, Some(id));
    let system = WorkspaceChange { system_channel_id: Some(Some(id)), ..WorkspaceChange::default() };
    engine.change_workspace(&world.admin, 1, system).await.unwrap();

    engine.delete_channel(&world.admin, id).await.unwrap();
    assert!(engine.channels(&world.admin).await.unwrap().is_empty());
    assert!(matches!(engine.channel(&world.admin, id).await, Err(Error::NotFound)));
    assert!(matches!(engine.delete_channel(&world.admin, id).await, Err(Error::NotFound)));
    assert_eq!(engine.identities(&world.admin).await.unwrap()[0].identity.channel_id, None);
    assert_eq!(engine.workspace(&world.admin).await.unwrap().system_channel_id, None);
}

#[tokio::test]
async fn a_host_in_a_private_network_is_refused_unless_the_operator_allows_it() {
    let random = Random::new([7; 32]);
    let keys = Keys::generate(&random);
    let settings = Settings {
        public_url: "https://sales.example".into(),
        tracking_url: "https://sales.example".into(),
        allow_private_hosts: false,
        domains: engine::DomainSettings::default(),
    };
    let db = Db::open(&Location::SqliteMemory).await.unwrap();
    let engine = Engine::new(db, Arc::new(MovedClock::new(Timestamp(1))), random, keys, settings);
    let actor = Actor {
        workspace: domain::WorkspaceId(uuid::Uuid::from_u128(1)),
        user: UserId(uuid::Uuid::from_u128(2)),
        role: domain::authorization::Role::Member,
        view_as: None,
        ip: None,
    };
    let post = guarded().await;
    for host in ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0"] {
        let input = ChannelInput { host: host.into(), security: Security::Tls, ..channel_to(&post) };
        let refused = engine.create_channel(&actor, input.clone()).await;
        let expected = vec![Invalid::new("host", Code::PrivateHost)];
        assert!(matches!(refused, Err(Error::Invalid(faults)) if faults == expected), "{host}");
        assert!(matches!(engine.test_described_channel(&actor, input).await, Err(Error::Invalid(_))), "{host}");
    }
}

#[rstest]
#[tokio::test]
async fn a_team_channel_is_news_for_everybody_and_ones_own_for_oneself(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let mut news = engine.live().listen();
    engine.create_channel(&world.member, channel_to(&post)).await.unwrap();
    engine.create_channel(&world.admin, team(channel_to(&post))).await.unwrap();
    let mut told = Vec::new();
    while let Ok(change) = news.try_recv() {
        told.push((change.topic, change.owner));
    }
    let mine = Some(world.member.user);
    assert_eq!(
        told,
        [(Topic::Channels, mine), (Topic::Identities, mine), (Topic::Channels, None), (Topic::Identities, None)]
    );
}
