use domain::{
    ReceivedId, Status,
    authorization::Role,
    incoming::{Kind, Via},
};
use rstest::rstest;

use super::*;
use crate::{
    emails::{self, Email},
    people::{self, Person},
    received::{self, Told},
    testing::{Backend, database, id, member},
};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const OWNER: UserId = UserId(id(2));
const PERSON: PersonId = PersonId(id(5));

async fn person(tx: &mut Tx) {
    let person = Person {
        workspace_id: WORKSPACE,
        id: PERSON,
        version: 1,
        owner_id: OWNER,
        first_name: Some("Marta".into()),
        last_name: None,
        company: None,
        title: None,
        phone: None,
        time_zone: None,
        language: None,
        linkedin_url: None,
        address: "marta@brisamar.example".into(),
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
    };
    people::insert(tx, &person).await.unwrap();
}

/// An email to the person that was sent at `at`, or never.
async fn email(tx: &mut Tx, n: u128, status: Status, at: Option<i64>) {
    let mut email = Email::draft(WORKSPACE, EmailId(id(n)), OWNER, Timestamp(1));
    email.person_id = Some(PERSON);
    emails::insert(tx, &email).await.unwrap();
    email.status = status;
    email.sent_at = at.map(Timestamp);
    emails::update(tx, &mut email, Status::Draft).await.unwrap();
}

async fn answer(tx: &mut Tx, n: u128, kind: Kind, at: i64) {
    let received = Received {
        workspace_id: WORKSPACE,
        id: ReceivedId(id(n)),
        fingerprint: n.to_be_bytes().to_vec(),
        source: Via::Port,
        mailbox_id: None,
        channel_id: None,
        email_id: Some(EmailId(id(10))),
        send_number: Some(1),
        person_id: Some(PERSON),
        owner_id: OWNER,
        kind,
        from_name: "Marta".into(),
        from_address: "marta@brisamar.example".into(),
        subject: "Re: Hello".into(),
        message_id: Some(format!("{n}@brisamar.example")),
        in_reply_to: None,
        reference_ids: String::new(),
        snippet: "Thursday works".into(),
        at: Timestamp(at),
        evidence: Told::default(),
        waits: false,
    };
    assert!(received::insert(tx, &received).await.unwrap());
}

#[rstest]
#[tokio::test]
async fn both_halves_come_newest_first_and_in_pages(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 2, Role::Member).await;
    person(&mut tx).await;
    email(&mut tx, 10, Status::Delivered, Some(10)).await;
    email(&mut tx, 11, Status::Archived, Some(30)).await;
    email(&mut tx, 12, Status::Draft, None).await;
    email(&mut tx, 13, Status::Deleted, Some(40)).await;
    answer(&mut tx, 20, Kind::AutoReply, 11).await;
    answer(&mut tx, 21, Kind::Reply, 20).await;
    answer(&mut tx, 22, Kind::Other, 21).await;
    answer(&mut tx, 23, Kind::Delay, 31).await;

    let all = sent(&mut tx, WORKSPACE, PERSON, OWNER, FROM_THE_NEWEST, 9).await.unwrap();
    assert_eq!(all, [(Timestamp(30), EmailId(id(11))), (Timestamp(10), EmailId(id(10)))]);
    let rest = sent(&mut tx, WORKSPACE, PERSON, OWNER, (Timestamp(30), id(11)), 9).await.unwrap();
    assert_eq!(rest, all[1..]);
    assert_eq!(sent(&mut tx, WORKSPACE, PERSON, UserId(id(3)), FROM_THE_NEWEST, 9).await.unwrap(), []);

    let kinds = async |tx: &mut Tx, before, limit| {
        let came = came_back(tx, WORKSPACE, PERSON, OWNER, before, limit).await.unwrap();
        came.into_iter().map(|it| it.received.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&mut tx, FROM_THE_NEWEST, 9).await, [Kind::Delay, Kind::Reply, Kind::AutoReply]);
    assert_eq!(kinds(&mut tx, (Timestamp(31), id(23)), 1).await, [Kind::Reply]);
}

#[rstest]
#[tokio::test]
async fn a_person_is_answered_before_a_machine(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 2, Role::Member).await;
    person(&mut tx).await;
    email(&mut tx, 10, Status::Delivered, Some(10)).await;
    let latest = async |tx: &mut Tx| latest_answer(tx, WORKSPACE, EmailId(id(10))).await.unwrap().map(|it| it.id);
    assert_eq!(latest(&mut tx).await, None);
    answer(&mut tx, 20, Kind::AutoReply, 11).await;
    assert_eq!(latest(&mut tx).await, Some(ReceivedId(id(20))));
    answer(&mut tx, 21, Kind::Reply, 12).await;
    answer(&mut tx, 22, Kind::Reply, 13).await;
    answer(&mut tx, 23, Kind::AutoReply, 14).await;
    assert_eq!(latest(&mut tx).await, Some(ReceivedId(id(22))));
}
