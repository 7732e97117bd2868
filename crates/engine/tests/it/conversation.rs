//! The conversation with a person, and replying from it.

use std::fmt::Write as _;

use domain::{
    Status,
    incoming::Kind,
    time::{MINUTE, SECOND},
};
use engine::{
    Error,
    conversation::Part,
    emails::{Beginning, DraftChange, EmailDetails, Upload},
    incoming::Arrival,
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
    let new = shown.newly_written.unwrap();
    assert!(new.contains("Map</a>") && !new.contains("<blockquote>") && shown.html.contains("<blockquote>"), "{new}");

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

/// What mail servers tell of time is whole seconds, and their clocks go wrong.
#[rstest]
#[tokio::test]
async fn nothing_came_back_before_it_was_sent(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let sent_at = email.sent_at.unwrap();
    for (raw, early) in [(automatic(&id), SECOND / 2), (reply(MARTA, &id, "Thursday works."), 90 * SECOND)] {
        let arrival = Arrival { at: sent_at.plus(-early), ..desk.arrival(raw) };
        desk.engine().receive(arrival).await.unwrap();
    }
    let all = kinds(&desk, 10).await.concat();
    assert_eq!(all[2..], [None], "the email is the oldest: {all:?}");
    assert_eq!(kinds(&desk, 1).await.concat(), all);
}

/// A reader without HTML quotes addresses as they stand in the links, and gateways wrap them once more.
#[rstest]
#[tokio::test]
async fn our_links_are_led_back_from_text_from_gateways_and_when_they_are_long(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let long = format!("https://northlight.example/?q={}", "x".repeat(2000));
    let html = format!("<p><a href=\"https://northlight.example/plan\">a</a> <a href=\"{long}\">b</a></p>");
    let draft = desk.room.draft(MARTA).await.listed.email;
    let change = DraftChange { body_html: Some(html), ..DraftChange::default() };
    let draft = desk.engine().edit_draft(&desk.room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    desk.engine().send(&desk.room.actor, draft.id, draft.version, None).await.unwrap();
    desk.room.clock.advance(10 * SECOND);
    desk.room.deliver().await;
    let email = desk.email(draft.id).await;
    let id = desk.message_id(email.id).await;
    let sent = desk.room.world.inbox(MARTA).pop().unwrap();
    let sent = mail_parser::MessageParser::default().parse(&sent.raw).unwrap().body_html(0).unwrap().into_owned();
    let ours: Vec<&str> = sent.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let wrap = |url: &str| url::form_urlencoded::byte_serialize(url.as_bytes()).collect::<String>();
    let mut links = String::new();
    for url in &ours {
        let gateway = "https://eur01.safelinks.protection.outlook.com/?url=";
        let _ = write!(links, "<a href=\"{url}\">1</a><a href=\"{gateway}{}&amp;data=05\">2</a>", wrap(url));
    }
    let head = |n: u8, kind: &str| {
        format!(
            "From: Marta Silva <{MARTA}>\r\nTo: <{SENDER}>\r\nSubject: Re: Hello\r\nMessage-ID: <r{n}@mail.example>\r\n\
             In-Reply-To: <{id}>\r\nMIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n"
        )
    };
    let text = format!("Yes.\r\n\r\n> see <{}>\r\n> or {}\r\n", ours[0], ours[1]);
    for raw in [format!("{}{links}", head(1, "html")), format!("{}{text}", head(2, "plain"))] {
        let received = desk.receive(raw).await.id.unwrap();
        let shown = desk.engine().received_message(&desk.room.actor, received).await.unwrap();
        assert!(shown.html.contains("https://northlight.example/plan") && shown.html.contains(&long), "{}", shown.html);
        assert!(!shown.html.contains("/c/") && !shown.text.contains("/c/"), "{} {}", shown.html, shown.text);
        let quoted = begin(&desk, Beginning::Reply(received)).await.body.html;
        assert!(quoted.contains(&long) && !quoted.contains("/c/"), "{quoted}");
    }
    let quoted = begin(&desk, Beginning::FollowUp(email.id)).await.body.html;
    assert!(quoted.contains(&long) && !quoted.contains("/c/"), "{quoted}");
}

#[rstest]
#[tokio::test]
async fn what_could_not_reach_one_address_is_written_to_another_with_its_files(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let first = desk.room.draft("nobody.marta@b.example").await.listed.email;
    for (name, inline) in [("offer.pdf", false), ("plan.png", true)] {
        let upload = Upload { name: name.into(), content_type: "image/png".into(), inline, content: vec![7; 9] };
        desk.engine().attach(&desk.room.actor, first.id, upload).await.unwrap();
    }
    let written = desk.details(first.id).await;
    let image = written.attachments.iter().find(|file| file.inline).unwrap().id;
    let html =
        format!("<p>Hi {{{{first_name}}}}</p><img src=\"/api/v1/emails/{}/attachments/{image}\" alt=\"\">", first.id);
    let change = DraftChange { body_html: Some(html), ..DraftChange::default() };
    let version = written.listed.email.version;
    let first = desk.engine().edit_draft(&desk.room.actor, first.id, version, change).await.unwrap().listed.email;
    desk.engine().send(&desk.room.actor, first.id, first.version, None).await.unwrap();
    desk.room.clock.advance(10 * SECOND);
    desk.room.deliver().await;
    assert_eq!(desk.email(first.id).await.status, Status::Bounced);

    let draft = begin(&desk, Beginning::Copy(first.id)).await;
    let row = &draft.listed.email;
    assert_eq!((row.person_id, &row.to_address, row.status), (None, &None, Status::Draft));
    assert_eq!((row.identity_id, row.tracked), (first.identity_id, first.tracked));
    assert_eq!((draft.body.subject.as_str(), &draft.body.in_reply_to), ("Hello {{first_name}}", &None));
    assert_eq!(draft.attachments.len(), 2);
    let copied = draft.attachments.iter().find(|file| file.inline).unwrap().id;
    let points_at = format!("/api/v1/emails/{}/attachments/{copied}", row.id);
    assert!(draft.body.html.contains("{{first_name}}") && draft.body.html.contains(&points_at), "{}", draft.body.html);

    let mut other = desk.room.actor.clone();
    other.user = domain::UserId(uuid::Uuid::from_u128(1234));
    let refused = desk.engine().begin_draft(&other, Beginning::Copy(first.id), DraftChange::default()).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
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
