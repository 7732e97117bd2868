//! A real Postfix as a channel: what arrives is what was written.

use domain::{Status, limits::Limits, reasons::FailureReason, time::SECOND};
use engine::{
    channels::ChannelInput,
    emails::{DraftChange, Upload},
    identities::IdentityChange,
};
use mail_parser::{MessageParser, MimeHeaders};
use rstest::rstest;
use testbed::postfix::{Options, Postfix};

use crate::{
    mailroom::{Mailroom, channel_to},
    support::Backend,
};

/// Lets the room's identity send through `postfix`.
pub(crate) async fn send_through(room: &Mailroom, postfix: &Postfix) {
    let input = ChannelInput {
        name: "Postfix".into(),
        host: postfix.addr().ip().to_string(),
        port: postfix.addr().port().into(),
        ..channel_to(&room.world, Limits::default())
    };
    let channel = room.engine.create_channel(&room.actor, input).await.unwrap().channel;
    let identity = room.engine.identities(&room.actor).await.unwrap().remove(0).identity;
    let change = IdentityChange { channel_id: Some(Some(channel.id)), ..IdentityChange::default() };
    room.engine.change_identity(&room.actor, identity.id, identity.version, change).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn what_arrives_is_what_was_written(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let postfix = Postfix::start();
    let room = Mailroom::open(backend).await;
    send_through(&room, &postfix).await;
    let person = room.person("marta@example.test").await;
    let change = DraftChange {
        person_id: Some(Some(person)),
        subject: Some("Angebot für {{first_name}} — 温度ロガー".into()),
        body_html: Some(format!(
            "<p>Olá {{{{first_name}}}},</p><p>{}</p><ul><li>um</li><li>dois</li></ul>",
            "palavra ".repeat(400)
        )),
        ..DraftChange::default()
    };
    let draft = room.engine.create_draft(&room.actor, None, change).await.unwrap();
    let id = draft.listed.email.id;
    let upload = Upload {
        name: "Preise für Sie.pdf".into(),
        content_type: "application/pdf".into(),
        content: (0..=255).cycle().take(70_000).collect(),
        inline: false,
    };
    room.engine.attach(&room.actor, id, upload).await.unwrap();
    room.engine.send(&room.actor, id, draft.listed.email.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);

    let raw = postfix.maildir("marta@example.test").wait_for_message();
    let message = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(message.subject(), Some("Angebot für Marta — 温度ロガー"));
    let from = message.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("Elena Marchetti"), Some("accept.elena@northlight.example")));
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("marta@example.test"));
    let text = message.body_text(0).unwrap();
    assert!(text.starts_with("Olá Marta,") && text.contains("- dois") && text.contains("Elena · Northlight"), "{text}");
    let html = message.body_html(0).unwrap();
    assert!(html.contains("/o/") && html.contains("<li>dois</li>"), "{html}");
    let file = message.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("Preise für Sie.pdf"));
    assert_eq!(file.contents().len(), 70_000);
    assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 999), "a line is too long");
}

#[rstest]
#[tokio::test]
async fn a_recipient_that_postfix_does_not_know_bounces(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let postfix = Postfix::start_with(&Options { refused: vec!["gone@example.test".into()], ..Options::default() });
    let room = Mailroom::open(backend).await;
    send_through(&room, &postfix).await;
    let id = room.send("gone@example.test").await;
    room.deliver().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.failure_reason), (Status::Bounced, Some(FailureReason::NoSuchMailbox)));
    assert_eq!(email.failure_code.as_deref(), Some("550 5.1.1"));
}
