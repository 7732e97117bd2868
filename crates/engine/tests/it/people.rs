//! People: whose they are, how they are found, and what nobody learns about the people of others.

use domain::{
    authorization::{Actor, Denied},
    input::{Code, Invalid},
};
use engine::{
    Engine, Error,
    people::{NewPerson, PersonChange},
};
use rstest::rstest;

use crate::support::{Backend, World};

fn marta() -> NewPerson {
    NewPerson {
        address: "Marta.Silva@brisamar.example".into(),
        first_name: Some("Marta".into()),
        last_name: Some(" Silva ".into()),
        company: Some("Brisa & Mar".into()),
    }
}

async fn found(engine: &Engine, actor: &Actor, typed: &str) -> Vec<String> {
    let people = engine.people(actor, typed, 20).await.unwrap();
    people.into_iter().map(|view| view.person.display_name()).collect()
}

#[rstest]
#[tokio::test]
async fn a_person_is_found_by_any_word_while_somebody_types(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    engine.create_person(&world.member, marta()).await.unwrap();
    let tanaka = NewPerson {
        address: "h.tanaka@tepco.example".into(),
        first_name: Some("陽翔".into()),
        last_name: Some("田中".into()),
        company: Some("東京電力".into()),
    };
    engine.create_person(&world.member, tanaka).await.unwrap();
    let nameless = NewPerson { address: "info@vercors.example".into(), ..NewPerson::default() };
    engine.create_person(&world.member, nameless).await.unwrap();
    for typed in ["mar", "MARTA S", "brisa", "marta.silva@bri"] {
        assert_eq!(found(engine, &world.member, typed).await, ["Marta Silva"], "{typed}");
    }
    for typed in ["田", "電力", "tana"] {
        assert_eq!(found(engine, &world.member, typed).await, ["田中 陽翔"], "{typed}");
    }
    assert_eq!(found(engine, &world.member, "").await, ["info@vercors.example", "Marta Silva", "田中 陽翔"]);
    assert!(found(engine, &world.member, "@").await.is_empty());
    assert!(found(engine, &world.manager, "mar").await.is_empty());
    assert_eq!(engine.people(&world.member, "", 2).await.unwrap().len(), 2);
}

#[rstest]
#[tokio::test]
async fn an_address_belongs_to_one_person_and_others_do_not_learn_whose(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let made = engine.create_person(&world.member, marta()).await.unwrap();
    assert_eq!(made.owner, (world.member.user, "Mia Member".into()));
    assert_eq!(made.addresses[0].address, "Marta.Silva@brisamar.example");
    let again = NewPerson { address: "MARTA.silva@brisamar.example".into(), ..NewPerson::default() };
    let mine = engine.create_person(&world.member, again.clone()).await;
    assert!(matches!(mine, Err(Error::AddressTaken { person: Some(id) }) if id == made.person.id));
    for other in [&world.admin, &world.manager] {
        let theirs = engine.create_person(other, again.clone()).await;
        assert!(matches!(theirs, Err(Error::AddressTaken { person: None })));
        assert!(matches!(engine.person(other, made.person.id).await, Err(Error::NotFound)));
        let change = engine.change_person(other, made.person.id, 1, PersonChange::default()).await;
        assert!(matches!(change, Err(Error::NotFound)));
    }
    engine.create_person(&world.stranger, again).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn an_edit_changes_what_it_names_and_removes_what_it_empties(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let id = engine.create_person(&world.member, marta()).await.unwrap().person.id;
    let change = PersonChange {
        last_name: Some("Rossi".into()),
        company: Some("  ".into()),
        time_zone: Some("Europe/Rome".into()),
        linkedin_url: Some("https://www.linkedin.com/in/marta".into()),
        ..PersonChange::default()
    };
    let changed = engine.change_person(&world.member, id, 1, change).await.unwrap().person;
    assert_eq!((changed.version, changed.display_name().as_str(), changed.company), (2, "Marta Rossi", None));
    assert_eq!(engine.person(&world.member, id).await.unwrap().person.time_zone.as_deref(), Some("Europe/Rome"));
    assert_eq!(found(engine, &world.member, "ross").await, ["Marta Rossi"]);
    let late = engine.change_person(&world.member, id, 1, PersonChange::default()).await;
    assert!(matches!(late, Err(Error::Changed)));

    let wrong = PersonChange {
        time_zone: Some("Mars/Olympus".into()),
        linkedin_url: Some("javascript:x()".into()),
        phone: Some("1".repeat(51)),
        ..PersonChange::default()
    };
    let Err(Error::Invalid(faults)) = engine.change_person(&world.member, id, 2, wrong).await else { panic!("taken") };
    let expected = [
        Invalid::new("phone", Code::TooLong { max: 50 }),
        Invalid::new("time_zone", Code::UnknownTimeZone),
        Invalid::new("linkedin_url", Code::NotAUrl),
    ];
    assert_eq!(faults, expected);
}

#[rstest]
#[tokio::test]
async fn viewing_as_somebody_shows_their_people_and_changes_none(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let engine = &world.engine;
    let id = engine.create_person(&world.member, marta()).await.unwrap().person.id;
    let viewing = Actor { view_as: Some(world.member.user), ..world.manager.clone() };
    assert_eq!(found(engine, &viewing, "").await, ["Marta Silva"]);
    let read_only = |error| matches!(error, Some(Error::Denied(Denied::ReadOnly)));
    assert!(read_only(engine.change_person(&viewing, id, 1, PersonChange::default()).await.err()));
    assert!(read_only(engine.create_person(&viewing, NewPerson::default()).await.err()));
}
