use domain::{Status, authorization::Role};
use rstest::rstest;

use super::*;
use crate::{
    Db, emails,
    emails::Email,
    testing::{Backend, database, id, member},
};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const OWNER: UserId = UserId(id(2));
const EMAIL: EmailId = EmailId(id(10));
const PERSON: PersonId = PersonId(id(20));

/// A workspace with an email to a person.
async fn with_an_email(backend: Backend) -> Db {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 2, Role::Member).await;
    let person = crate::people::Person {
        workspace_id: WORKSPACE,
        id: PERSON,
        version: 1,
        owner_id: OWNER,
        first_name: None,
        last_name: None,
        company: None,
        title: None,
        phone: None,
        time_zone: None,
        language: None,
        linkedin_url: None,
        address: "marta@b.example".into(),
        created_at: Timestamp(1),
        updated_at: Timestamp(1),
    };
    crate::people::insert(&mut tx, &person).await.unwrap();
    let email = Email { person_id: Some(PERSON), ..Email::draft(WORKSPACE, EMAIL, OWNER, Timestamp(1)) };
    emails::insert(&mut tx, &email).await.unwrap();
    tx.commit().await.unwrap();
    db
}

fn received(n: u128, kind: Kind, at: i64) -> Received {
    Received {
        workspace_id: WORKSPACE,
        id: ReceivedId(id(n)),
        fingerprint: n.to_be_bytes().to_vec(),
        source: Via::Mailbox,
        mailbox_id: Some(MailboxId(id(3))),
        channel_id: None,
        email_id: Some(EMAIL),
        send_number: Some(1),
        person_id: Some(PERSON),
        owner_id: OWNER,
        kind,
        from_name: "Marta".into(),
        from_address: "marta@b.example".into(),
        subject: "Re: Olá".into(),
        message_id: Some(format!("{n}@b.example")),
        in_reply_to: Some("a@x.example".into()),
        reference_ids: "a@x.example b@x.example".into(),
        snippet: "Yes".into(),
        at: Timestamp(at),
        evidence: Told {
            recipients: vec![Whom {
                address: "marta@b.example".into(),
                aliases: vec!["m@b.example".into()],
                kind,
                said: Said { status: Some("5.1.1".into()), code: Some(550), ..Said::default() },
            }],
            by_person: true,
            has_left: false,
            back_on: Some(Date::constant(2025, 10, 20)),
            text: Some("Yes".into()),
            facts: vec!["it answers a message".into()],
        },
        waits: false,
    }
}

#[rstest]
#[tokio::test]
async fn what_came_back_is_kept_once_and_found_as_it_was(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = with_an_email(backend).await;
    let mut tx = db.begin().await.unwrap();
    let reply = received(100, Kind::Reply, 5);
    assert!(insert(&mut tx, &reply).await.unwrap());
    let again = Received { id: ReceivedId(id(101)), source: Via::Port, ..reply.clone() };
    assert!(!insert(&mut tx, &again).await.unwrap());
    assert_eq!(find(&mut tx, WORKSPACE, reply.id).await.unwrap(), reply);
    assert_eq!(find_same(&mut tx, WORKSPACE, &reply.fingerprint).await.unwrap(), Some(reply.clone()));
    assert_eq!(find_same(&mut tx, WORKSPACE, b"other").await.unwrap(), None);
    assert_eq!(of_email(&mut tx, WORKSPACE, EMAIL).await.unwrap(), std::slice::from_ref(&reply));
    let body = Body { html: "<p>Sí</p>".into(), text: "Sí".into() };
    keep_body(&mut tx, WORKSPACE, reply.id, &body).await.unwrap();
    assert_eq!(super::body(&mut tx, WORKSPACE, reply.id).await.unwrap(), body);
    let none = super::body(&mut tx, WORKSPACE, again.id).await;
    assert!(matches!(none, Err(crate::Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn a_conversation_is_what_was_written_page_by_page(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = with_an_email(backend).await;
    let mut tx = db.begin().await.unwrap();
    for (n, kind, at) in [
        (1, Kind::Reply, 5),
        (2, Kind::HardBounce, 6),
        (3, Kind::AutoReply, 7),
        (4, Kind::Unsubscribe, 7),
        (5, Kind::Other, 8),
    ] {
        insert(&mut tx, &received(100 + n, kind, at)).await.unwrap();
    }
    let told = Received { source: Via::Webhook, ..received(200, Kind::Unsubscribe, 9) };
    insert(&mut tx, &told).await.unwrap();
    let ids = |page: &[Received]| page.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>();
    let first = of_person(&mut tx, WORKSPACE, PERSON, OWNER, None, 2).await.unwrap();
    assert_eq!(ids(&first), [104, 103]);
    let before = first.last().map(|it| (it.at, it.id));
    assert_eq!(ids(&of_person(&mut tx, WORKSPACE, PERSON, OWNER, before, 2).await.unwrap()), [101]);
    let others = of_person(&mut tx, WORKSPACE, PERSON, UserId(id(9)), None, 9).await.unwrap();
    assert!(others.is_empty());
}

#[rstest]
#[tokio::test]
async fn what_waits_is_found_when_its_email_has_settled(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = with_an_email(backend).await;
    let mut tx = db.begin().await.unwrap();
    let mut email = emails::find(&mut tx, WORKSPACE, EMAIL).await.unwrap();
    email.status = Status::InProgress;
    emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    let early = Received { waits: true, ..received(100, Kind::HardBounce, 5) };
    insert(&mut tx, &early).await.unwrap();
    let first = (Timestamp(i64::MIN), ReceivedId(id(0)));
    assert!(waiting(&mut tx, WORKSPACE, first, 9).await.unwrap().is_empty());
    email.status = Status::Delivered;
    emails::update(&mut tx, &mut email, Status::InProgress).await.unwrap();
    assert_eq!(waiting(&mut tx, WORKSPACE, first, 9).await.unwrap(), std::slice::from_ref(&early));
    assert!(waiting(&mut tx, WORKSPACE, (early.at, early.id), 9).await.unwrap().is_empty());
    took_effect(&mut tx, WORKSPACE, early.id).await.unwrap();
    assert!(waiting(&mut tx, WORKSPACE, first, 9).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_reply_is_counted_and_is_news(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = with_an_email(backend).await;
    let mut tx = db.begin().await.unwrap();
    emails::add_reply(&mut tx, WORKSPACE, EMAIL, Timestamp(70)).await.unwrap();
    let email = emails::find(&mut tx, WORKSPACE, EMAIL).await.unwrap();
    assert_eq!((email.replies, email.unseen, email.last_activity_at), (1, true, Timestamp(70)));
}

#[rstest]
#[tokio::test]
async fn what_was_lately_sent_to_a_person_is_found_the_newest_first(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = with_an_email(backend).await;
    let mut tx = db.begin().await.unwrap();
    for (n, sent_at) in [(11, Some(30)), (12, Some(40)), (13, Some(5)), (14, None)] {
        let mut email =
            Email { person_id: Some(PERSON), ..Email::draft(WORKSPACE, EmailId(id(n)), OWNER, Timestamp(1)) };
        emails::insert(&mut tx, &email).await.unwrap();
        email.sent_at = sent_at.map(Timestamp);
        (email.uncertain, email.first_attempt_at) = (n == 14, Some(Timestamp(35)));
        emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    }
    let found = emails::sent_to_person(&mut tx, WORKSPACE, PERSON, Timestamp(10)).await.unwrap();
    assert_eq!(found.iter().map(|it| it.id.0.as_u128()).collect::<Vec<_>>(), [12, 14, 11]);
}

#[rstest]
#[tokio::test]
async fn what_came_back_goes_to_the_heir_with_the_emails(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = with_an_email(backend).await;
    let mut tx = db.begin().await.unwrap();
    let heir = member(&mut tx, 1, 5, Role::Member).await.user_id;
    let reply = received(100, Kind::Reply, 5);
    insert(&mut tx, &reply).await.unwrap();
    crate::hand_over::emails(&mut tx, WORKSPACE, OWNER, heir).await.unwrap();
    let theirs = of_person(&mut tx, WORKSPACE, PERSON, heir, None, 9).await.unwrap();
    assert_eq!(theirs, [Received { owner_id: heir, ..reply }]);
}
