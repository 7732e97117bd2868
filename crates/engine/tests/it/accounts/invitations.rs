use domain::{
    TeamId,
    authorization::{Denied, Role},
    input::{Code, Invalid},
    time::DAY,
};
use engine::{
    Error,
    accounts::{Acceptance, Client},
};
use rstest::rstest;
use uuid::Uuid;

use crate::support::{Backend, PASSWORD, World};

fn acceptance(link: Option<String>) -> Acceptance {
    Acceptance {
        token: link.unwrap().split_once("/invitation#token=").unwrap().1.to_owned(),
        name: "Nina New".into(),
        password: PASSWORD.into(),
        time_zone: "Asia/Seoul".into(),
    }
}

#[rstest]
#[tokio::test]
async fn an_invited_person_becomes_a_member_of_the_teams_and_is_signed_in(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let (made, handed) =
        engine.invite(&world.admin, "Nina@New.example", Role::Manager, vec![world.north]).await.unwrap();
    assert_eq!((made.invitation.email.as_str(), made.teams[0].name.as_str()), ("nina@new.example", "North"));
    let acceptance = acceptance(handed.link);
    let preview = engine.look_up_invitation(&acceptance.token).await.unwrap();
    assert_eq!(preview, ("nina@new.example".into(), "Northlight".into()));

    let signed_in = engine.accept_invitation(&acceptance, &Client::default()).await.unwrap();
    assert_eq!((signed_in.actor.workspace, signed_in.actor.role), (world.admin.workspace, Role::Manager));
    let names: Vec<_> =
        engine.profile(&signed_in.actor).await.unwrap().can_view_as.into_iter().map(|u| u.name).collect();
    assert_eq!(names, ["Max Manager", "Mia Member"]);
    assert!(engine.invitations(&world.admin).await.unwrap().is_empty());
    let again = engine.accept_invitation(&acceptance, &Client::default()).await;
    assert!(matches!(again, Err(Error::Expired)), "{again:?}");
    engine.sign_in("nina@new.example", PASSWORD, &Client::default()).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_withdrawn_replaced_or_old_link_opens_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let invite = || engine.invite(&world.admin, "nina@new.example", Role::Member, Vec::new());
    let first = acceptance(invite().await.unwrap().1.link);
    let second = acceptance(invite().await.unwrap().1.link);
    let replaced = engine.look_up_invitation(&first.token).await;
    assert!(matches!(replaced, Err(Error::Expired)), "{replaced:?}");
    let id = engine.invitations(&world.admin).await.unwrap()[0].invitation.id;
    engine.withdraw_invitation(&world.admin, id).await.unwrap();
    let withdrawn = engine.accept_invitation(&second, &Client::default()).await;
    assert!(matches!(withdrawn, Err(Error::Expired)), "{withdrawn:?}");

    let third = acceptance(invite().await.unwrap().1.link);
    world.clock.advance(7 * DAY);
    let old = engine.accept_invitation(&third, &Client::default()).await;
    assert!(matches!(old, Err(Error::Expired)), "{old:?}");
}

#[tokio::test]
async fn members_and_unknown_teams_are_refused() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    let member = engine.invite(&world.admin, "mia@north.example", Role::Admin, Vec::new()).await.unwrap_err();
    assert!(matches!(&member, Error::Invalid(faults) if faults == &[Invalid::new("email", Code::Taken)]));
    let team = TeamId(Uuid::from_u128(9));
    let unknown = engine.invite(&world.admin, "nina@new.example", Role::Admin, vec![team]).await.unwrap_err();
    assert!(matches!(&unknown, Error::Invalid(faults) if faults == &[Invalid::new("team_ids", Code::NotFound)]));
    let foreign = engine.invite(&world.stranger, "nina@new.example", Role::Admin, vec![world.north]).await;
    assert!(matches!(foreign, Err(Error::Invalid(_))), "{foreign:?}");
    let denied = engine.invite(&world.manager, "nina@new.example", Role::Admin, Vec::new()).await;
    assert!(matches!(denied, Err(Error::Denied(Denied::Forbidden))), "{denied:?}");
}

#[tokio::test]
async fn whoever_has_an_account_shows_so_by_its_password() {
    let world = World::new(Backend::Sqlite).await;
    let engine = &world.engine;
    let (_, handed) = engine.invite(&world.stranger, "mia@north.example", Role::Member, Vec::new()).await.unwrap();
    let right = acceptance(handed.link);
    let wrong = Acceptance { password: "some other words".into(), ..right.clone() };
    let refused = engine.accept_invitation(&wrong, &Client::default()).await;
    assert!(matches!(refused, Err(Error::WrongCredentials)), "{refused:?}");
    let signed_in = engine.accept_invitation(&right, &Client::default()).await.unwrap();
    assert_eq!((signed_in.actor.workspace, signed_in.actor.user), (world.stranger.workspace, world.member.user));
}
