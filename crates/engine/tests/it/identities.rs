//! Identities: how an address proves to be somebody's, and which channel its mail goes through.

use domain::{
    authorization::{Actor, Denied},
    input::{Code, Invalid},
    time::HOUR,
};
use engine::{
    Engine, Error,
    channels::{ChannelChange, ChannelInput},
    identities::{IdentityChange, IdentityView, NewIdentity},
};
use rstest::rstest;

use crate::{
    post::{PASSWORD, channel_to, guarded, newest, token},
    support::{Backend, World},
};

fn described(address: &str) -> NewIdentity {
    NewIdentity {
        name: "Mia Member".into(),
        address: address.into(),
        signature_html: "<p>Mia<script>x()</script></p>".into(),
        ..NewIdentity::default()
    }
}

async fn listed(engine: &Engine, actor: &Actor) -> Vec<(String, bool)> {
    let identities = engine.identities(actor).await.unwrap();
    identities.into_iter().map(|view| (view.identity.address, view.identity.is_default)).collect()
}

#[rstest]
#[tokio::test]
async fn an_address_is_verified_by_a_link_mailed_through_its_own_channel(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let channel = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel;
    let made = engine.create_identity(&world.member, described("accept.mia@north.example")).await.unwrap();
    let IdentityView { identity, channel_name, .. } = made;
    assert_eq!((identity.channel_id, channel_name.as_deref()), (Some(channel.id), Some("Relay")));
    assert_eq!((identity.is_default, identity.verified_at), (true, None));
    assert_eq!(identity.verification_sent_at, Some(crate::support::START));
    assert_eq!(identity.signature_html, "<p>Mia</p>");
    let letter = newest(&post, "accept.mia@north.example");
    assert!(letter.contains("Subject: Confirm that you send as accept.mia@north.example"), "{letter}");
    assert!(letter.contains("Mia Member of Northlight"), "{letter}");
    assert!(letter.contains("https://sales.example/verify-identity#token="), "{letter}");

    let token = token(&post, "accept.mia@north.example");
    let verified = engine.verify_identity(&token).await.unwrap().identity;
    assert_eq!((verified.id, verified.verified_at), (identity.id, Some(crate::support::START)));
    assert!(matches!(engine.verify_identity(&token).await, Err(Error::Expired)));
    let again = engine.mail_verification(&world.member, identity.id).await;
    assert!(matches!(again, Err(Error::Conflict("already_verified"))));

    let second = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel;
    let change = IdentityChange { channel_id: Some(Some(second.id)), ..IdentityChange::default() };
    let moved = engine.change_identity(&world.member, identity.id, 1, change).await.unwrap().identity;
    assert_eq!((moved.channel_id, moved.verified_at), (Some(second.id), verified.verified_at));
}

#[rstest]
#[tokio::test]
async fn a_link_works_for_two_days_and_until_the_next_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let address = "accept.mia@north.example";
    engine.create_channel(&world.member, channel_to(&post)).await.unwrap();
    let id = engine.create_identity(&world.member, described(address)).await.unwrap().identity.id;
    let first = token(&post, address);
    engine.mail_verification(&world.member, id).await.unwrap();
    let second = token(&post, address);
    assert!(matches!(engine.verify_identity(&first).await, Err(Error::Expired)));
    world.clock.advance(48 * HOUR);
    assert!(matches!(engine.verify_identity(&second).await, Err(Error::Expired)));
    assert!(matches!(engine.verify_identity("nonsense").await, Err(Error::Expired)));
    engine.mail_verification(&world.member, id).await.unwrap();
    assert!(engine.verify_identity(&token(&post, address)).await.unwrap().identity.verified_at.is_some());
}

#[rstest]
#[tokio::test]
async fn why_a_link_could_not_be_mailed_is_kept_until_one_can(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let wrong = ChannelInput { password: Some("wrong".into()), ..channel_to(&post) };
    let channel = engine.create_channel(&world.member, wrong).await.unwrap().channel;
    let made = engine.create_identity(&world.member, described("accept.mia@north.example")).await.unwrap().identity;
    let problem = made.verification_problem.unwrap();
    assert!(problem.starts_with("535"), "{problem}");
    assert_eq!(made.verification_sent_at, None);

    let right = ChannelChange { password: Some(PASSWORD.into()), ..ChannelChange::default() };
    engine.change_channel(&world.member, channel.id, 1, right).await.unwrap();
    let mailed = engine.mail_verification(&world.member, made.id).await.unwrap().identity;
    assert_eq!(mailed.verification_problem, None);
    assert!(mailed.verification_sent_at.is_some());
}

#[rstest]
#[tokio::test]
async fn an_identity_made_before_any_channel_is_verified_through_the_first_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let made = engine.create_identity(&world.member, described("accept.mia@north.example")).await.unwrap().identity;
    assert_eq!((made.channel_id, made.verification_sent_at), (None, None));
    let refused = engine.mail_verification(&world.member, made.id).await;
    assert!(matches!(refused, Err(Error::Conflict("no_channel"))));
    let team = ChannelInput { team: true, ..channel_to(&post) };
    let channel = engine.create_channel(&world.admin, team).await.unwrap().channel;
    let assigned = engine.identity(&world.member, made.id).await.unwrap().identity;
    assert_eq!((assigned.channel_id, assigned.version), (Some(channel.id), 2));
    let mailed = engine.mail_verification(&world.member, made.id).await.unwrap().identity;
    assert!(mailed.verification_sent_at.is_some());
}

#[rstest]
#[tokio::test]
async fn the_first_identity_is_the_default_until_another_is_chosen_or_it_is_deleted(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let mut ids = Vec::new();
    for address in ["a@north.example", "b@north.example"] {
        ids.push(engine.create_identity(&world.member, described(address)).await.unwrap().identity.id);
    }
    assert_eq!(
        listed(engine, &world.member).await,
        [("a@north.example".into(), true), ("b@north.example".into(), false)]
    );
    let change = IdentityChange { make_default: true, name: Some("Mia".into()), ..IdentityChange::default() };
    let changed = engine.change_identity(&world.member, ids[1], 1, change).await.unwrap().identity;
    assert_eq!((changed.name.as_str(), changed.is_default, changed.version), ("Mia", true, 2));
    let late = engine.change_identity(&world.member, ids[1], 1, IdentityChange::default()).await;
    assert!(matches!(late, Err(Error::Changed)));
    engine.delete_identity(&world.member, ids[1]).await.unwrap();
    assert_eq!(listed(engine, &world.member).await, [("a@north.example".into(), true)]);
    assert!(matches!(engine.delete_identity(&world.member, ids[1]).await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_used_is_said_field_by_field(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let faults = async |wanted| match engine.create_identity(&world.member, wanted).await {
        Err(Error::Invalid(faults)) => faults,
        other => panic!("{other:?}"),
    };
    let broken =
        NewIdentity { name: "Mia\r\nBcc: x@y.example".into(), address: "mia".into(), ..NewIdentity::default() };
    let expected = [Invalid::new("name", Code::LineBreak), Invalid::new("address", Code::NotAnAddress)];
    assert_eq!(faults(broken).await, expected);
    let theirs = engine.create_channel(&world.manager, channel_to(&post)).await.unwrap().channel;
    let foreign = NewIdentity { channel_id: Some(theirs.id), ..described("mia@north.example") };
    assert_eq!(faults(foreign).await, [Invalid::new("channel_id", Code::NotFound)]);
    engine.create_identity(&world.member, described("mia@north.example")).await.unwrap();
    assert_eq!(faults(described("Mia@North.example")).await, [Invalid::new("address", Code::Taken)]);
}

#[rstest]
#[tokio::test]
async fn nobody_sees_or_changes_the_identities_of_others(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let id = engine.create_identity(&world.member, described("mia@north.example")).await.unwrap().identity.id;
    for other in [&world.admin, &world.manager, &world.stranger] {
        assert!(engine.identities(other).await.unwrap().is_empty());
        assert!(matches!(engine.identity(other, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.change_identity(other, id, 1, IdentityChange::default()).await, Err(Error::NotFound)));
        assert!(matches!(engine.delete_identity(other, id).await, Err(Error::NotFound)));
        assert!(matches!(engine.mail_verification(other, id).await, Err(Error::NotFound)));
    }
    let viewing = Actor { view_as: Some(world.member.user), ..world.manager.clone() };
    assert_eq!(listed(engine, &viewing).await.len(), 1);
    let read_only = |error| matches!(error, Some(Error::Denied(Denied::ReadOnly)));
    assert!(read_only(engine.change_identity(&viewing, id, 1, IdentityChange::default()).await.err()));
    assert!(read_only(engine.delete_identity(&viewing, id).await.err()));
    assert!(read_only(engine.create_identity(&viewing, described("x@north.example")).await.err()));
}
