use domain::{
    Status,
    authorization::{Denied, Role},
    events::EventKind,
};
use engine::{Engine, Error, accounts::audit::AuditAction};
use rstest::rstest;
use store::{emails, events, folder_counts, people};

use crate::support::{Backend, World, join};

#[rstest]
#[tokio::test]
async fn the_last_administrator_stays(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let world = World::new(backend).await;
    let (engine, ada) = (&world.engine, &world.admin);
    let demoted = engine.change_role(ada, ada.user, Role::Member).await;
    assert!(matches!(demoted, Err(Error::Conflict("last_admin"))), "{demoted:?}");
    let gone = engine.deactivate(ada, ada.user, world.member.user).await;
    assert!(matches!(gone, Err(Error::Conflict("last_admin"))), "{gone:?}");

    engine.change_role(ada, world.member.user, Role::Admin).await.unwrap();
    engine.change_role(ada, ada.user, Role::Manager).await.unwrap();
    let entries = engine.audit(&world.admin, None, 50).await.unwrap();
    let mut changes = entries.iter().filter(|entry| entry.action == AuditAction::RoleChanged);
    let change = changes.find(|entry| entry.target_id == ada.user.to_string()).unwrap();
    assert_eq!(change.before, Some(serde_json::json!({ "role": "admin" })));
    assert_eq!(change.after, Some(serde_json::json!({ "role": "manager" })));
}

#[rstest]
#[tokio::test]
async fn two_administrators_cannot_take_each_others_role_at_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let (engine, ada) = (&world.engine, &world.admin);
    engine.change_role(ada, world.member.user, Role::Admin).await.unwrap();
    let mia = domain::authorization::Actor { role: Role::Admin, ..world.member.clone() };
    let (one, other) =
        tokio::join!(engine.change_role(ada, mia.user, Role::Member), engine.change_role(&mia, ada.user, Role::Member));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[tokio::test]
async fn only_administrators_see_and_change_members() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    for actor in [&world.manager, &world.member] {
        assert!(matches!(engine.members(actor).await, Err(Error::Denied(Denied::Forbidden))));
    }
    let names: Vec<_> = engine.members(&world.admin).await.unwrap().into_iter().map(|m| m.member.name).collect();
    assert_eq!(names, ["Ada Admin", "Max Manager", "Mia Member", "Olga Other"]);
    let foreign = engine.change_role(&world.stranger, world.member.user, Role::Admin).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
}

/// Mia's email in a status, with the folder counts that go with it.
async fn email_in(world: &World, status: Status) -> emails::Email {
    let (engine, mia) = (&world.engine, &world.member);
    let mut email = engine.create_draft(mia, None, engine::emails::DraftChange::default()).await.unwrap().listed.email;
    let mut tx = engine.db().begin().await.unwrap();
    let before = email.status;
    email.status = status;
    email.due_at = (status == Status::Scheduled).then(|| engine.now());
    emails::update(&mut tx, &mut email, before).await.unwrap();
    tx.commit().await.unwrap();
    email
}

async fn counts(engine: &Engine, of: &domain::authorization::Actor) -> Vec<(Status, i64)> {
    let mut tx = engine.db().read().await.unwrap();
    let mut counts = folder_counts::list(&mut tx, of.workspace, of.user).await.unwrap();
    counts.retain(|(_, count)| *count != 0);
    counts.sort();
    counts
}

#[rstest]
#[tokio::test]
async fn mail_and_people_of_a_deactivated_member_go_to_the_heir(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let (engine, mia, max) = (&world.engine, &world.member, &world.manager);
    let scheduled = email_in(&world, Status::Scheduled).await;
    email_in(&world, Status::Delivered).await;
    email_in(&world, Status::Draft).await;
    let wanted = engine::people::NewPerson { address: "kim@far.example".into(), ..Default::default() };
    let kim = engine.create_person(mia, wanted).await.unwrap().person.id;

    engine.deactivate(&world.admin, mia.user, max.user).await.unwrap();

    assert_eq!(counts(engine, max).await, [(Status::Draft, 2), (Status::Delivered, 1)]);
    assert_eq!(counts(engine, mia).await, []);
    let mut tx = engine.db().read().await.unwrap();
    let moved = emails::find(&mut tx, mia.workspace, scheduled.id).await.unwrap();
    assert_eq!((moved.owner_id, moved.status, moved.identity_id), (max.user, Status::Draft, None));
    assert_eq!((moved.due_at, moved.next_at, moved.wait_reason), (None, None, None));
    let newest = events::list(&mut tx, mia.workspace, scheduled.id, 1).await.unwrap();
    assert_eq!((newest[0].kind, newest[0].evidence.by.as_deref()), (EventKind::Unscheduled, Some("Ada Admin")));
    assert_eq!(people::find(&mut tx, mia.workspace, kim).await.unwrap().owner_id, max.user);
    drop(tx);
    assert_eq!(engine.people(max, "kim", 5).await.unwrap().len(), 1, "completion finds the person");

    let entry = engine
        .audit(&world.admin, None, 50)
        .await
        .unwrap()
        .into_iter()
        .find(|entry| entry.action == AuditAction::MemberDeactivated);
    assert_eq!(entry.unwrap().after, Some(serde_json::json!({ "handed_over_to": max.user, "emails": 3 })));
}

#[tokio::test]
async fn an_heir_is_an_active_member_of_the_workspace() {
    let world = World::new(Backend::Sqlite).await;
    let (engine, ada, mia) = (&world.engine, &world.admin, &world.member);
    let gone = join(engine, ada, "Gus Gone", Role::Member).await;
    engine.deactivate(ada, gone.user, mia.user).await.unwrap();
    for heir in [mia.user, gone.user, world.stranger.user] {
        let refused = engine.deactivate(ada, mia.user, heir).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    let again = engine.deactivate(ada, gone.user, mia.user).await;
    assert!(matches!(again, Err(Error::Conflict("already_deactivated"))), "{again:?}");
    let active = engine.reactivate(ada, mia.user).await;
    assert!(matches!(active, Err(Error::Conflict("already_active"))), "{active:?}");
    engine.reactivate(ada, gone.user).await.unwrap();
}
