use domain::{
    authorization::Role,
    input::{Code, Invalid},
};
use engine::{
    Error,
    accounts::{Client, FirstAdministrator},
};
use rstest::rstest;

use crate::support::{Backend, empty, first_administrator};

#[rstest]
#[tokio::test]
async fn whoever_reads_the_terminal_becomes_the_first_administrator(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (engine, _) = empty(backend).await;
    assert!(engine.needs_setup().await.unwrap());
    let token = engine.setup_token().await.unwrap().unwrap();
    let signed_in = engine.set_up(&first_administrator(token.clone()), &Client::default()).await.unwrap();
    assert_eq!(signed_in.actor.role, Role::Admin);
    let profile = engine.profile(&signed_in.actor).await.unwrap();
    assert_eq!((profile.workspace.name.as_str(), profile.user.time_zone.as_str()), ("Northlight", "Europe/Rome"));

    assert!(!engine.needs_setup().await.unwrap());
    assert_eq!(engine.setup_token().await.unwrap(), None);
    let again = engine.set_up(&first_administrator(token), &Client::default()).await;
    assert!(matches!(again, Err(Error::Conflict("already_set_up"))), "{again:?}");
}

#[tokio::test]
async fn only_the_last_token_counts() {
    let (engine, _) = empty(Backend::Sqlite).await;
    let before = engine.set_up(&first_administrator("guess".into()), &Client::default()).await;
    assert!(matches!(before, Err(Error::Invalid(_))), "nothing fits while no token was made: {before:?}");
    let old = engine.setup_token().await.unwrap().unwrap();
    let new = engine.setup_token().await.unwrap().unwrap();
    for wrong in [old, String::new(), new[1..].to_owned()] {
        let refused = engine.set_up(&first_administrator(wrong), &Client::default()).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults == &[Invalid::new("token", Code::Wrong)]));
    }
    engine.set_up(&first_administrator(format!(" {new}\n")), &Client::default()).await.unwrap();
}

#[tokio::test]
async fn every_mistake_is_told_at_once_and_the_token_still_works() {
    let (engine, _) = empty(Backend::Sqlite).await;
    let token = engine.setup_token().await.unwrap().unwrap();
    let wrong = FirstAdministrator {
        token: token.clone(),
        name: " ".into(),
        email: "ada".into(),
        password: "short".into(),
        workspace_name: "a\nb".into(),
        time_zone: "Mars/Olympus".into(),
    };
    let Err(Error::Invalid(faults)) = engine.set_up(&wrong, &Client::default()).await else { panic!() };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["workspace_name", "name", "email", "time_zone", "password"]);
    engine.set_up(&first_administrator(token), &Client::default()).await.unwrap();
}
