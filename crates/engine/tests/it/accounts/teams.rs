use domain::{
    authorization::Denied,
    input::{Code, Invalid},
};
use engine::{Error, accounts::audit::AuditAction};
use rstest::rstest;

use crate::support::{Backend, World};

#[rstest]
#[tokio::test]
async fn teams_have_names_of_their_own_and_active_members(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let taken = engine.create_team(&world.admin, " North ").await.unwrap_err();
    assert!(matches!(&taken, Error::Invalid(faults) if faults == &[Invalid::new("name", Code::Taken)]), "{taken:?}");
    let east = engine.create_team(&world.admin, "East").await.unwrap();
    let taken = engine.rename_team(&world.admin, east, "South").await;
    assert!(matches!(taken, Err(Error::Invalid(_))), "{taken:?}");
    engine.rename_team(&world.admin, east, "West").await.unwrap();

    engine.deactivate(&world.admin, world.member.user, world.manager.user).await.unwrap();
    let north = engine.team(&world.admin, world.north).await.unwrap();
    assert_eq!(north.members.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["Max Manager"]);
    engine.delete_team(&world.admin, world.north).await.unwrap();
    let names: Vec<_> = engine.teams(&world.admin).await.unwrap().into_iter().map(|with| with.team.name).collect();
    assert_eq!(names, ["South", "West"]);
}

#[rstest]
#[tokio::test]
async fn joining_twice_is_joining_once(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    for _ in 0..2 {
        engine.add_to_team(&world.admin, world.north, world.admin.user).await.unwrap();
    }
    for _ in 0..2 {
        engine.remove_from_team(&world.admin, world.north, world.admin.user).await.unwrap();
    }
    let entries = engine.audit(&world.admin, None, 50).await.unwrap();
    let about_ada = |action| {
        let id = Some(serde_json::json!({ "user_id": world.admin.user }));
        entries.iter().filter(|entry| entry.action == action && (entry.after == id || entry.before == id)).count()
    };
    assert_eq!((about_ada(AuditAction::TeamMemberAdded), about_ada(AuditAction::TeamMemberRemoved)), (1, 1));
}

#[tokio::test]
async fn teams_are_the_administrators_and_stay_in_their_workspace() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    for actor in [&world.manager, &world.member] {
        let denied = engine.add_to_team(actor, world.north, world.other_manager.user).await;
        assert!(matches!(denied, Err(Error::Denied(Denied::Forbidden))), "{denied:?}");
    }
    let foreign = engine.rename_team(&world.stranger, world.north, "Mine").await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    let stranger = engine.add_to_team(&world.admin, world.north, world.stranger.user).await;
    assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
}
