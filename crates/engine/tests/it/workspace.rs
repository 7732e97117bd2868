//! The workspace's settings, and the notices that go through its system channel.

use domain::{
    authorization::{Actor, Denied, Role},
    input::{Code, Invalid},
};
use engine::{Error, accounts::audit::AuditAction, channels::ChannelInput, workspace::WorkspaceChange};
use rstest::rstest;

use crate::{
    post::{channel_to, guarded, newest},
    support::{Backend, World},
};

#[rstest]
#[tokio::test]
async fn everybody_reads_the_settings_and_an_administrator_changes_them(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let change = WorkspaceChange {
        name: Some("Northlight GmbH".into()),
        tracking: Some(false),
        give_up_after_h: Some(24),
        traces_days: None,
        system_channel_id: None,
    };
    for other in [&world.manager, &world.member] {
        let refused = engine.change_workspace(other, 1, change.clone()).await;
        assert!(matches!(refused, Err(Error::Denied(Denied::Forbidden))));
    }
    let viewing = Actor { view_as: Some(world.member.user), ..world.admin.clone() };
    let refused = engine.change_workspace(&viewing, 1, change.clone()).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::ReadOnly))));

    let changed = engine.change_workspace(&world.admin, 1, change.clone()).await.unwrap();
    assert_eq!((changed.version, changed.name.as_str(), changed.tracking), (2, "Northlight GmbH", false));
    assert_eq!(engine.workspace(&world.member).await.unwrap(), changed);
    assert!(matches!(engine.change_workspace(&world.admin, 1, change).await, Err(Error::Changed)));
    let line = engine.audit(&world.admin, None, 1).await.unwrap().remove(0);
    assert_eq!((line.action, line.before.unwrap()["tracking"].clone()), (AuditAction::WorkspaceChanged, true.into()));
}

#[rstest]
#[tokio::test]
async fn a_setting_out_of_range_is_refused(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let theirs = world.engine.create_channel(&world.member, channel_to(&post)).await.unwrap().channel;
    let change = WorkspaceChange {
        name: Some(String::new()),
        give_up_after_h: Some(0),
        system_channel_id: Some(Some(theirs.id)),
        ..WorkspaceChange::default()
    };
    let refused = world.engine.change_workspace(&world.admin, 1, change).await;
    let Err(Error::Invalid(faults)) = refused else { panic!("{refused:?}") };
    let expected = [
        Invalid::new("name", Code::Required),
        Invalid::new("give_up_after_h", Code::OutOfRange { min: 1, max: 672 }),
        Invalid::new("system_channel_id", Code::NotFound),
    ];
    assert_eq!(faults, expected);
}

#[rstest]
#[tokio::test]
async fn an_invitation_is_mailed_through_the_system_channel_and_shown_without_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, post) = (World::new(backend).await, guarded().await);
    let engine = &world.engine;
    let (_, shown) = engine.invite(&world.admin, "accept.nina@new.example", Role::Member, Vec::new()).await.unwrap();
    assert!(shown.link.is_some() && !shown.mailed);

    let input = ChannelInput { team: true, ..channel_to(&post) };
    let channel = engine.create_channel(&world.admin, input).await.unwrap().channel;
    let system = WorkspaceChange { system_channel_id: Some(Some(channel.id)), ..WorkspaceChange::default() };
    engine.change_workspace(&world.admin, 1, system).await.unwrap();
    let (_, mailed) = engine.invite(&world.admin, "accept.nora@new.example", Role::Member, Vec::new()).await.unwrap();
    assert!(mailed.link.is_none() && mailed.mailed);
    let letter = newest(&post, "accept.nora@new.example");
    assert!(letter.contains("From: \"Northlight\" <relay@north.example>"), "{letter}");
    assert!(letter.contains("Subject: Ada Admin invites you to Northlight"), "{letter}");
    assert!(letter.contains("https://sales.example/invitation#token="), "{letter}");

    engine.pause_channel(&world.admin, channel.id).await.unwrap();
    let (_, shown) = engine.invite(&world.admin, "accept.nils@new.example", Role::Member, Vec::new()).await.unwrap();
    assert!(shown.link.is_some() && !shown.mailed);
}
