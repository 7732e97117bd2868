//! Matching, the surest trace first, and where providers have rewritten what we wrote.

use domain::{Status, channel::Security, incoming::Kind};
use engine::incoming::{Arrival, Fate, Source};
use rstest::rstest;
use store::{emails::Email, sent_ids::Sending};

use super::{Desk, Refusal, dsn, header_of, reply, unknown};
use crate::{
    bad_input::{Server, lead_to},
    support::Backend,
};

const MARTA: &str = "accept.marta@b.example";

fn mark(email: &Email) -> String {
    format!("{}.{}", email.id.0.simple(), email.send_number)
}

#[rstest]
#[tokio::test]
async fn our_mark_is_enough_where_the_message_id_was_replaced(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let returned =
        format!("Message-ID: <0102-000000@eu-west-1.provider.example>\r\nX-Quarterdeck-Email: {}\r\n", mark(&email));
    let received = desk.receive(dsn(1, &[unknown(MARTA)], &returned)).await;
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
}

#[rstest]
#[tokio::test]
async fn an_id_that_the_server_gave_is_known_with_and_without_its_domain(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let mut tx = desk.engine().db().begin().await.unwrap();
    let sending = Sending { email_id: email.id, send_number: 1 };
    for given in ["0100018c-1f2e-000000", "AM0PR1@eurprd01.provider.example"] {
        store::sent_ids::keep(&mut tx, email.workspace_id, given, sending).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (answers, text) in
        [("0100018c-1f2e-000000@email.provider.example", "a"), ("AM0PR1@eurprd01.provider.example", "bb")]
    {
        let received = desk.receive(reply(MARTA, answers, text)).await;
        assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)), "{answers}");
    }
    assert_eq!(desk.email(email.id).await.replies, 2);
}

#[rstest]
#[tokio::test]
async fn the_id_of_the_envelope_is_enough_where_nothing_of_the_mail_comes_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let later = desk.delivered("accept.bo@b.example").await;
    // The report calls the recipient by a name that nobody can guess the email by.
    let names = format!("Original-Recipient: rfc822; {MARTA}\r\nFinal-Recipient: rfc822; m.silva@elsewhere.example");
    let report = dsn(1, &[unknown(MARTA)], "").replace(&format!("Final-Recipient: rfc822; {MARTA}"), &names);
    let named =
        |id: &str| report.replace("dns; mx.example\r\n", &format!("dns; mx.example\r\nOriginal-Envelope-Id: {id}\r\n"));
    let wrong = named(&mark(&later));
    assert_eq!(desk.receive(wrong).await.fate, Fate::Refused, "it was not sent to them");
    let received = desk.receive(named(&mark(&email)).replace("dsn1@", "dsn2@")).await;
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
}

#[rstest]
#[tokio::test]
async fn a_bounce_that_names_only_the_id_in_the_servers_answer_finds_its_email(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    const GIVEN: &str = "0100018c2f4a5b6c-1f2e3d4c-5b6a-7988-90ab-cdef01234567-000000";
    let desk = Desk::open(backend).await;
    let server = Server {
        verdict: "250 Ok 0100018c2f4a5b6c-1f2e3d4c-5b6a-7988-90ab-cdef01234567-000000\r\n",
        ..Server::greeting("220 mx.example ESMTP\r\n")
    };
    lead_to(&desk.room, server, Security::None).await;
    let email = desk.delivered(MARTA).await;
    // So late that nobody would guess.
    desk.room.clock.advance(6 * domain::time::DAY);
    let received =
        desk.receive(dsn(1, &[unknown(MARTA)], &header_of(&format!("{GIVEN}@eu-west-1.amazonses.com")))).await;
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
}

#[rstest]
#[tokio::test]
async fn our_id_is_known_behind_another_domain(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let rewritten = format!("{}@relay.provider.example", mark(&email));
    let received = desk.receive(reply(MARTA, &rewritten, "Hi")).await;
    assert_eq!(received.email, Some(email.id));
}

#[rstest]
#[tokio::test]
async fn prose_that_quotes_the_header_is_enough(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let raw = format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: <{}>\r\nSubject: failure notice\r\n\r\n\
         Hi. This is the qmail-send program at mx.example.\r\n\r\n<{MARTA}>:\r\n\
         Sorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n\
         Message-ID: <{id}>\r\nSubject: Hello Marta\r\n\r\nHello\r\n",
        super::SENDER
    );
    let received = desk.receive(raw).await;
    assert_eq!((received.kind, received.email), (Kind::HardBounce, Some(email.id)));
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
}

#[rstest]
#[tokio::test]
async fn the_address_it_came_to_names_its_email(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let arrival = Arrival {
        source: Source::Port,
        return_path: Some((email.id, 1)),
        ..desk.arrival(dsn(1, &[unknown(MARTA)], "Subject: nothing\r\n"))
    };
    let received = desk.engine().receive(arrival).await.unwrap();
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
}

#[rstest]
#[tokio::test]
async fn without_any_id_the_last_email_to_the_address_that_failed_is_meant(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let other = desk.delivered("accept.bo@b.example").await;
    let received = desk.receive(dsn(1, &[unknown("Accept.Marta@B.example")], "Subject: nothing\r\n")).await;
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
    assert_eq!(desk.email(other.id).await.status, Status::Delivered);
    // A week later the same words are about something else.
    desk.room.clock.advance(7 * domain::time::DAY);
    let received = desk.receive(dsn(2, &[unknown("accept.bo@b.example")], "Subject: nothing\r\n")).await;
    assert_eq!(received.fate, Fate::NotOurs);
}

#[rstest]
#[tokio::test]
async fn an_answer_without_any_id_is_known_by_its_author_and_subject(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let answer = |number: u32, subject: &str| {
        format!(
            "From: <{MARTA}>\r\nTo: <{}>\r\nSubject: {subject}\r\nMessage-ID: <n{number}@mail.example>\r\n\r\nYes.\r\n",
            super::SENDER
        )
    };
    let received = desk.receive(answer(1, "AW: Hello Marta")).await;
    assert_eq!((received.kind, received.email), (Kind::Reply, Some(email.id)));
    let received = desk.receive(answer(2, "Re: dinner")).await;
    assert_eq!(received.fate, Fate::NotOurs);
}

#[rstest]
#[tokio::test]
async fn a_report_knows_the_recipient_by_the_name_we_wrote_to(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let forwarded = Refusal { to: "m.silva@elsewhere.example", ..unknown(MARTA) };
    let raw = dsn(1, &[forwarded], &header_of(&id));
    let raw = raw.replace("Final-Recipient:", &format!("Original-Recipient: rfc822; {MARTA}\r\nFinal-Recipient:"));
    let received = desk.receive(raw).await;
    assert_eq!((received.fate, received.email), (Fate::Recorded, Some(email.id)));
    assert_eq!(desk.email(email.id).await.status, Status::Bounced);
}
