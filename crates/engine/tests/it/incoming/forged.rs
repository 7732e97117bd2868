//! What is forged, or went astray, changes nothing.

use domain::{EmailId, MailboxId, incoming::Kind};
use engine::incoming::{Arrival, Fate, Source};
use rstest::rstest;
use store::mailboxes;

use super::{Desk, answers::stops, dsn, header_of, reply, unknown};
use crate::support::Backend;

const MARTA: &str = "accept.marta@b.example";

#[rstest]
#[tokio::test]
async fn a_bounce_of_somebody_whom_the_email_was_not_sent_to_is_ignored(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let received = desk.receive(dsn(1, &[unknown("accept.other@b.example")], &header_of(&id))).await;
    assert_eq!((received.fate, received.id), (Fate::Refused, None));
    assert_eq!(desk.email(email.id).await, email);
    assert!(desk.received(email.id).await.is_empty() && stops(&desk).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_bounce_of_an_email_that_is_not_ours_is_ignored(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let stranger = uuid::Uuid::from_u128(1).simple();
    for returned in [format!("{stranger}.1@northlight.example"), "somebody@else.example".to_owned()] {
        let received = desk.receive(dsn(1, &[unknown("nobody@else.example")], &header_of(&returned))).await;
        assert_eq!((received.kind, received.fate, received.email), (Kind::HardBounce, Fate::NotOurs, None));
    }
    assert_eq!(desk.email(email.id).await, email);
}

#[rstest]
#[tokio::test]
async fn a_number_of_a_sending_that_never_was_names_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let by_port = |email: EmailId, number| Arrival {
        source: Source::Port,
        return_path: Some((email, number)),
        ..desk.arrival(dsn(number, &[unknown(MARTA)], ""))
    };
    let wrong = desk.engine().receive(by_port(email.id, 9)).await.unwrap();
    assert_eq!(wrong.fate, Fate::NotOurs);
    let none = desk.engine().receive(by_port(EmailId(uuid::Uuid::from_u128(5)), 1)).await.unwrap();
    assert_eq!(none.fate, Fate::NotOurs);
    assert_eq!(desk.email(email.id).await, email);
}

#[rstest]
#[tokio::test]
async fn whoever_knows_the_return_address_of_one_email_says_nothing_about_another(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let mine = desk.delivered("accept.bo@b.example").await;
    let other = desk.delivered(MARTA).await;
    let id = desk.message_id(other.id).await;
    for raw in [dsn(1, &[unknown(MARTA)], &header_of(&id)), reply(MARTA, &id, "Never write again. Unsubscribe me.")] {
        let arrival = Arrival { source: Source::Port, return_path: Some((mine.id, 1)), ..desk.arrival(raw) };
        assert_eq!(desk.engine().receive(arrival).await.unwrap().fate, Fate::Refused);
    }
    assert_eq!(desk.email(other.id).await, other);
    assert!(stops(&desk).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn another_users_mailbox_and_another_channel_tell_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let workspace = desk.room.actor.workspace;
    let other =
        crate::support::join(desk.engine(), &desk.room.actor, "Mia Member", domain::authorization::Role::Member);
    let other = other.await;
    let mut tx = desk.engine().db().begin().await.unwrap();
    let theirs = mailboxes::Mailbox {
        id: MailboxId(uuid::Uuid::from_u128(78)),
        owner_id: other.user,
        ..mailboxes::find(&mut tx, workspace, desk.mailbox).await.unwrap()
    };
    mailboxes::insert(&mut tx, &theirs).await.unwrap();
    tx.commit().await.unwrap();
    for raw in [dsn(1, &[unknown(MARTA)], &header_of(&id)), reply(MARTA, &id, "Hello")] {
        let arrival = Arrival { source: Source::Mailbox(theirs.id), ..desk.arrival(raw) };
        assert_eq!(desk.engine().receive(arrival).await.unwrap().fate, Fate::NotOurs);
    }
    let other_channel = engine::channels::ChannelInput {
        name: "Another".into(),
        ..crate::mailroom::channel_to(&desk.room.world, domain::limits::Limits::default())
    };
    let other_channel = desk.engine().create_channel(&desk.room.actor, other_channel).await.unwrap().channel.id;
    let mut told = desk.report(Kind::HardBounce, "e1", MARTA);
    (told.channel, told.message_ids) = (other_channel, vec![id]);
    assert_eq!(desk.engine().report(told).await.unwrap().fate, Fate::NotOurs);
    assert_eq!(desk.email(email.id).await, email);
}

#[rstest]
#[tokio::test]
async fn mail_that_has_nothing_to_do_with_ours_is_not_kept(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    desk.delivered(MARTA).await;
    let received =
        desk.receive(reply("friend@elsewhere.example", "party@elsewhere.example", "See you on Friday!")).await;
    assert_eq!((received.kind, received.fate, received.id), (Kind::Reply, Fate::NotOurs, None));
    let new = "From: <friend@elsewhere.example>\r\nSubject: Hello Marta\r\n\r\nNot about you.\r\n";
    assert_eq!(desk.receive(new).await.fate, Fate::NotOurs);
}
