use super::*;
use crate::testing::{Backend, database, id, member};
use domain::{authorization::Role, person::typed_words};
use rstest::rstest;

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const ADA: UserId = UserId(id(1));
const BOB: UserId = UserId(id(2));

fn person(n: u128, owner: UserId, first: &str, last: &str, company: &str, address: &str) -> Person {
    Person {
        workspace_id: WORKSPACE,
        id: PersonId(id(n)),
        version: 1,
        owner_id: owner,
        first_name: Some(first.into()),
        last_name: Some(last.into()),
        company: Some(company.into()),
        title: None,
        phone: None,
        time_zone: None,
        language: None,
        linkedin_url: None,
        address: address.into(),
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
    }
}

async fn begin(backend: Backend) -> Tx {
    let mut tx = database(backend).await.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    member(&mut tx, 1, 2, Role::Member).await;
    tx
}

async fn found(tx: &mut Tx, owner: UserId, typed: &str) -> Vec<u128> {
    let people = list(tx, WORKSPACE, owner, &typed_words(typed), 10).await.unwrap();
    people.into_iter().map(|person| person.id.0.as_u128()).collect()
}

#[rstest]
#[tokio::test]
async fn a_person_comes_back_as_saved_by_id_and_by_address(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    let mut marta = person(5, ADA, "Marta", "Silva", "Brisa & Mar", "Marta.Silva@brisamar.example");
    insert(&mut tx, &marta).await.unwrap();
    assert_eq!(find(&mut tx, WORKSPACE, marta.id).await.unwrap(), marta);
    assert_eq!(find_by_address(&mut tx, WORKSPACE, "marta.silva@brisamar.example").await.unwrap(), marta);
    let expected = PersonAddress {
        person_id: marta.id,
        address: "Marta.Silva@brisamar.example".into(),
        normalised: "marta.silva@brisamar.example".into(),
        is_primary: true,
    };
    assert_eq!(addresses(&mut tx, WORKSPACE, &[marta.id]).await.unwrap(), [expected]);

    marta.title = Some("Buyer".into());
    marta.phone = Some("+39 06 1234".into());
    marta.time_zone = Some("Europe/Rome".into());
    marta.language = Some("it".into());
    marta.linkedin_url = Some("https://www.linkedin.com/in/marta".into());
    marta.updated_at = Timestamp(9);
    update(&mut tx, &marta).await.unwrap();
    assert!(matches!(update(&mut tx, &marta).await, Err(Error::Changed)));
    assert_eq!(find(&mut tx, WORKSPACE, marta.id).await.unwrap(), Person { version: 2, ..marta.clone() });

    let elsewhere = WorkspaceId(id(2));
    assert!(matches!(find(&mut tx, elsewhere, marta.id).await, Err(Error::NotFound)));
    assert!(matches!(find_by_address(&mut tx, elsewhere, "marta.silva@brisamar.example").await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn an_address_belongs_to_one_person(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let mut tx = begin(backend).await;
    insert(&mut tx, &person(5, ADA, "Marta", "Silva", "x", "m@x.example")).await.unwrap();
    let twin = insert(&mut tx, &person(6, BOB, "Max", "Sommer", "x", "M@X.example")).await;
    assert!(matches!(twin, Err(Error::Conflict { table }) if table == "person_addresses"));
}

#[rstest]
#[tokio::test]
async fn people_are_found_by_the_beginnings_of_their_words(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    let rows = [
        (5, "Marta", "Silva", "Brisa & Mar", "marta.silva@brisamar.example"),
        (6, "Élodie", "Martin", "Vercors", "elodie@vercors.example"),
        (7, "陽翔", "田中", "東京電力", "h.tanaka@tepco.example"),
        (8, "Max", "Sommer", "Mär & Co", "max@maer.example"),
    ];
    for (n, first, last, company, email) in rows {
        insert(&mut tx, &person(n, ADA, first, last, company, email)).await.unwrap();
    }
    assert_eq!(found(&mut tx, ADA, "mar").await, [5, 6]);
    assert_eq!(found(&mut tx, ADA, "MAR SIL").await, [5]);
    assert_eq!(found(&mut tx, ADA, "marta.silva@bri").await, [5]);
    assert_eq!(found(&mut tx, ADA, "mär").await, [8]);
    assert_eq!(found(&mut tx, ADA, "éLO").await, [6]);
    assert_eq!(found(&mut tx, ADA, "電力").await, [7]);
    assert_eq!(found(&mut tx, ADA, "田").await, [7]);
    assert_eq!(found(&mut tx, ADA, "ilva").await, [0; 0]);
    assert_eq!(found(&mut tx, ADA, "").await, [5, 8, 6, 7]);
    assert_eq!(found(&mut tx, BOB, "mar").await, [0; 0]);

    let married = person(5, ADA, "Marta", "Rossi", "Brisa & Mar", "marta.silva@brisamar.example");
    update(&mut tx, &married).await.unwrap();
    assert_eq!(found(&mut tx, ADA, "ross").await, [5]);
    assert_eq!(found(&mut tx, ADA, "silva brisa").await, [5], "by the address");
    assert_eq!(list(&mut tx, WORKSPACE, ADA, &[], 2).await.unwrap().len(), 2);
}

#[rstest]
#[tokio::test]
async fn people_handed_over_are_found_by_their_new_owner(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    insert(&mut tx, &person(5, ADA, "Marta", "Silva", "x", "m@x.example")).await.unwrap();
    hand_over(&mut tx, WORKSPACE, ADA, BOB).await.unwrap();
    assert_eq!(found(&mut tx, ADA, "marta").await, [0; 0]);
    assert_eq!(found(&mut tx, BOB, "marta").await, [5]);
    assert_eq!(find(&mut tx, WORKSPACE, PersonId(id(5))).await.unwrap().owner_id, BOB);
}

#[rstest]
#[tokio::test]
async fn an_address_is_one_persons_however_its_domain_is_spelled(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    let anna = person(5, ADA, "Anna", "Buch", "Bücher", "Anna@XN--Bcher-KVA.example");
    insert(&mut tx, &anna).await.unwrap();
    assert_eq!(addresses(&mut tx, WORKSPACE, &[anna.id]).await.unwrap()[0].normalised, "anna@bücher.example");
    for spelled in ["anna@bücher.example", "ANNA@xn--bcher-kva.example"] {
        assert_eq!(find_by_address(&mut tx, WORKSPACE, spelled).await.unwrap(), anna, "{spelled}");
    }
    let twin = person(6, ADA, "Anna", "Buch", "Bücher", "anna@bücher.example");
    assert!(matches!(insert(&mut tx, &twin).await, Err(Error::Conflict { .. })));
}

#[rstest]
#[tokio::test]
async fn a_person_whom_an_earlier_version_kept_is_found_in_both_spellings(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let mut tx = begin(backend).await;
    let anna = person(5, ADA, "Anna", "Buch", "Bücher", "Anna@XN--Bcher-KVA.example");
    insert(&mut tx, &anna).await.unwrap();
    on!(&mut tx, c => sqlx::query("
        UPDATE person_addresses SET normalised = 'anna@xn--bcher-kva.example' WHERE workspace_id = $1
    ").bind(raw(WORKSPACE)).execute(c).await.map(drop))
    .unwrap();
    for spelled in ["anna@bücher.example", "anna@xn--bcher-kva.example"] {
        assert_eq!(find_by_address(&mut tx, WORKSPACE, spelled).await.unwrap(), anna, "{spelled}");
    }
}
