//! A server refuses a channel: its mail waits, its owner hears of it, and new credentials set both going again.

use std::time::Duration;

use domain::{
    ChannelId, EmailId, Status,
    reasons::{PauseReason, WaitReason},
    time::SECOND,
};
use engine::{
    channels::{ChannelChange, ChannelInput},
    emails::DraftChange,
    identities::NewIdentity,
    people::NewPerson,
    workspace::WorkspaceChange,
};
use rstest::rstest;
use simulator::World as Recipients;
use tokio_util::sync::CancellationToken;

use crate::{
    post::{PASSWORD, channel_to, guarded, newest, token},
    support::{Backend, World},
};

const MIA: &str = "accept.mia@north.example";
const MARTA: &str = "accept.marta@brisamar.example";

/// Sends one email from Mia to Marta through `channel`, due in ten seconds.
async fn send(world: &World, post: &Recipients, channel: ChannelId) -> EmailId {
    let (engine, mia) = (&world.engine, &world.member);
    let wanted =
        NewIdentity { name: "Mia".into(), address: MIA.into(), channel_id: Some(channel), ..NewIdentity::default() };
    engine.create_identity(mia, wanted).await.unwrap();
    engine.verify_identity(&token(post, MIA)).await.unwrap();
    let person = NewPerson { address: MARTA.into(), ..NewPerson::default() };
    let person = engine.create_person(mia, person).await.unwrap().person.id;
    let draft = DraftChange {
        person_id: Some(Some(person)),
        subject: Some("Hello".into()),
        body_html: Some("<p>Hello</p>".into()),
        ..DraftChange::default()
    };
    let draft = engine.create_draft(mia, None, draft).await.unwrap().listed.email;
    engine.send(mia, draft.id, draft.version, None).await.unwrap();
    draft.id
}

#[rstest]
#[tokio::test]
async fn mail_that_could_not_reach_its_server_leaves_as_soon_as_the_channel_is_mended(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let channel = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel;
    let id = send(&world, &post, channel.id).await;
    // Nobody listens there.
    let wrong = ChannelChange { port: Some(9), ..ChannelChange::default() };
    let version = engine.change_channel(&world.member, channel.id, 1, wrong).await.unwrap().channel.version;
    world.clock.advance(10 * SECOND);
    engine.deliver_due(&CancellationToken::new()).await.unwrap();
    let waiting = engine.email(&world.member, id).await.unwrap().listed.email;
    assert_eq!((waiting.status, waiting.wait_reason), (Status::Scheduled, Some(WaitReason::Unreachable)));

    let named = ChannelChange { name: Some("Renamed".into()), ..ChannelChange::default() };
    let version = engine.change_channel(&world.member, channel.id, version, named).await.unwrap().channel.version;
    engine.deliver_due(&CancellationToken::new()).await.unwrap();
    assert_eq!(
        engine.email(&world.member, id).await.unwrap().listed.email.next_at,
        waiting.next_at,
        "nothing was mended"
    );

    let right = ChannelChange { port: Some(post.address().port().into()), ..ChannelChange::default() };
    engine.change_channel(&world.member, channel.id, version, right).await.unwrap();
    assert_eq!(engine.rebuild(false, |_| ()).await.unwrap().mended, 0, "nothing is wrong with what was woken");
    engine.deliver_due(&CancellationToken::new()).await.unwrap();
    assert_eq!(engine.email(&world.member, id).await.unwrap().listed.email.status, Status::Delivered);
    assert_eq!(post.inbox(MARTA).len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_bad_password_pauses_the_channel_tells_its_owner_and_the_mail_waits(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let channel = engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel;
    let team = ChannelInput { team: true, ..channel_to(&post) };
    let system = engine.create_channel(&world.admin, team).await.unwrap().channel.id;
    let change = WorkspaceChange { system_channel_id: Some(Some(system)), ..WorkspaceChange::default() };
    engine.change_workspace(&world.admin, 1, change).await.unwrap();
    let id = send(&world, &post, channel.id).await;
    let wrong = ChannelChange { password: Some("wrong".into()), ..ChannelChange::default() };
    engine.change_channel(&world.member, channel.id, 1, wrong).await.unwrap();

    world.clock.advance(10 * SECOND);
    engine.deliver_due(&CancellationToken::new()).await.unwrap();
    let view = engine.channel(&world.member, channel.id).await.unwrap();
    let pause = view.pause.unwrap();
    assert_eq!((pause.reason, pause.until, view.waiting), (PauseReason::Credentials, None, 1));
    assert!(pause.text.unwrap().starts_with("535"));
    let waiting = engine.email(&world.member, id).await.unwrap().listed;
    let wait = engine.wait(&waiting).await.unwrap().unwrap();
    assert_eq!((waiting.email.status, wait.reason), (Status::Scheduled, WaitReason::ChannelPaused));
    let owner = "mia@north.example";
    for _ in 0..1200 {
        if post.inbox(owner).is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let letter = newest(&post, owner);
    assert!(letter.contains("The server said: 535"), "{letter}");
    assert!(letter.contains("https://sales.example/settings/channels"), "{letter}");

    let right = ChannelChange { password: Some(PASSWORD.into()), ..ChannelChange::default() };
    let view = engine.change_channel(&world.member, channel.id, 2, right).await.unwrap();
    assert_eq!(view.pause, None);
    engine.deliver_due(&CancellationToken::new()).await.unwrap();
    assert_eq!(engine.email(&world.member, id).await.unwrap().listed.email.status, Status::Delivered);
    assert_eq!(post.inbox(MARTA).len(), 1);
    assert_eq!(post.inbox(owner).len(), 1, "written to once");
}
