//! The conversation with a person, and replying from it.

use domain::{Status, incoming::Kind, time::MINUTE};
use engine::{
    Error,
    conversation::Part,
    emails::{Beginning, DraftChange, EmailDetails},
};
use rstest::rstest;

use crate::{
    incoming::{Desk, SENDER, dsn, header_of, reply, unknown},
    support::Backend,
};

const MARTA: &str = "accept.marta@b.example";

/// What a message is: ours, or what came back.
async fn kinds(desk: &Desk, limit: u32) -> Vec<Vec<Option<Kind>>> {
    let person = desk.engine().people(&desk.room.actor, "marta", 1).await.unwrap().remove(0).person.id;
    let mut pages = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let actor = &desk.room.actor;
        let page = desk.engine().conversation(actor, person, limit, cursor.as_deref()).await.unwrap();
        pages.push(
            page.parts
                .iter()
                .map(|part| match part {
                    Part::Sent(_) => None,
                    Part::CameBack(it) => Some(it.received.kind),
                })
                .collect(),
        );
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return pages,
        }
    }
}

fn automatic(answers: &str) -> String {
    format!(
        "From: <{MARTA}>\r\nTo: <{SENDER}>\r\nSubject: Out of office\r\nMessage-ID: <a1@mail.example>\r\n\
         In-Reply-To: <{answers}>\r\nAuto-Submitted: auto-replied\r\nDate: Thu, 9 Oct 2025 09:00:00 +0000\r\n\r\n\
         I am away until 20 October 2025.\r\n"
    )
}

async fn begin(desk: &Desk, beginning: Beginning) -> EmailDetails {
    desk.engine().begin_draft(&desk.room.actor, beginning, DraftChange::default()).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn everything_that_was_sent_and_came_back_stands_in_order(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    for raw in [automatic(&id), reply(MARTA, &id, "Thursday works."), dsn(1, &[unknown(MARTA)], &header_of(&id))] {
        desk.room.clock.advance(MINUTE);
        desk.receive(raw).await;
    }
    let all = [Some(Kind::HardBounce), Some(Kind::Reply), Some(Kind::AutoReply), None];
    assert_eq!(kinds(&desk, 10).await, [all.to_vec()]);
    assert_eq!(kinds(&desk, 3).await, [all[..3].to_vec(), all[3..].to_vec()]);
    assert_eq!(kinds(&desk, 1).await.concat(), all);
}

#[rstest]
#[tokio::test]
async fn a_reply_is_answered_in_its_thread_where_it_came_from(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let sent = desk.room.world.inbox(MARTA).pop().unwrap();
    let html = mail_parser::MessageParser::default().parse(&sent.raw).unwrap().body_html(0).unwrap().into_owned();
    let raw = format!(
        "From: Marta Silva <marta.home@elsewhere.example>\r\nTo: <{SENDER}>\r\nSubject: AW: Hello Marta\r\n\
         Message-ID: <r1@mail.example>\r\nIn-Reply-To: <{id}>\r\nReferences: <first@x.example> <{id}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <p>Yes, {{{{ tuesday }}}}. <a href=\"https://www.google.com/url?q=https://brisamar.example/map&amp;sa=D\">Map</a></p>\
         <img src=\"https://watch.example/pixel.gif\" width=\"1\" height=\"1\"><blockquote>{html}</blockquote>\r\n"
    );
    let received = desk.receive(raw).await.id.unwrap();
    let shown = desk.engine().received_message(&desk.room.actor, received).await.unwrap();
    assert!(shown.html.contains("Yes,") && !shown.html.contains("127.0.0.1:4080"), "{}", shown.html);

    for beginning in [Beginning::Reply(received), Beginning::ReplyOf(email.id)] {
        let draft = begin(&desk, beginning).await;
        let row = &draft.listed.email;
        assert_eq!(row.to_address.as_deref(), Some("marta.home@elsewhere.example"));
        assert_eq!((row.person_id, row.follow_up_of), (email.person_id, Some(email.id)));
        assert_eq!(row.identity_id, email.identity_id);
        assert_eq!(draft.body.subject, "Re: Hello Marta");
        assert_eq!(draft.body.in_reply_to.as_deref(), Some("r1@mail.example"));
        assert_eq!(draft.body.references, format!("first@x.example {id} r1@mail.example"));
        let html = &draft.body.html;
        assert!(html.contains("On 9 October 2025, Marta Silva wrote:") && html.contains("<blockquote>"), "{html}");
        assert!(html.contains("https://brisamar.example/map") && !html.contains("google"), "{html}");
        assert!(html.contains("https://northlight.example/plan"), "{html}");
        assert!(!html.contains("watch.example") && !html.contains("{{") && !html.contains("/o/"), "{html}");
        assert!(draft.checks.iter().all(|check| !check.blocking), "{:?}", draft.checks);
    }

    // The same person, said again as the interface does with every save, is still written to where they wrote from.
    let draft = begin(&desk, Beginning::Reply(received)).await.listed.email;
    let change = DraftChange { person_id: Some(draft.person_id), ..DraftChange::default() };
    let saved = desk.engine().edit_draft(&desk.room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    assert_eq!(saved.to_address.as_deref(), Some("marta.home@elsewhere.example"));
    desk.engine().send(&desk.room.actor, saved.id, saved.version, None).await.unwrap();
    desk.room.clock.advance(MINUTE);
    desk.room.deliver().await;
    assert_eq!(desk.email(saved.id).await.status, Status::Delivered);
    let raw = desk.room.world.inbox("marta.home@elsewhere.example").pop().unwrap().raw;
    let raw = String::from_utf8_lossy(&raw).into_owned();
    assert!(raw.contains("In-Reply-To: <r1@mail.example>"), "{raw}");
}

#[rstest]
#[tokio::test]
async fn what_nobody_wrote_is_not_answered_and_what_is_not_ones_own_is_not_found(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let nothing = DraftChange::default();
    let refused = desk.engine().begin_draft(&desk.room.actor, Beginning::ReplyOf(email.id), nothing.clone()).await;
    assert!(matches!(refused, Err(Error::Conflict("no_reply"))), "{refused:?}");

    let received = desk.receive(reply(MARTA, &id, "Thursday works.")).await.id.unwrap();
    let mut other = desk.room.actor.clone();
    other.user = domain::UserId(uuid::Uuid::from_u128(1234));
    let person = email.person_id.unwrap();
    assert!(matches!(desk.engine().conversation(&other, person, 10, None).await, Err(Error::NotFound)));
    assert!(matches!(desk.engine().received_message(&other, received).await, Err(Error::NotFound)));
    let actor = &desk.room.actor;
    for (limit, cursor) in [(0, None), (101, None), (10, Some("x")), (10, Some("1_x"))] {
        assert!(matches!(desk.engine().conversation(actor, person, limit, cursor).await, Err(Error::Invalid(_))));
    }
    let bounce = desk.receive(dsn(2, &[unknown(MARTA)], &header_of(&id))).await.id.unwrap();
    assert!(matches!(desk.engine().received_message(actor, bounce).await, Err(Error::NotFound)));
}
