//! A real Postfix: what arrives in its Maildir is what was written.

use domain::{Timestamp, smtp::Stage};
use mail::{
    address::Mailbox,
    html::{document, to_text, track},
    message::{Attachment, InlineImage, Outgoing},
    smtp::{Connection, Envelope, Outcome, Unsendable, probe},
};
use mail_parser::{MessageParser, MimeHeaders};
use testbed::postfix::{Options, Postfix};

use crate::client::{clear_text, client};

const SENDER: &str = "ada@desk.example";

fn envelope(to: &str) -> Envelope<'_> {
    Envelope { from: SENDER, to, smtputf8: false, eight_bit: false, reports: None }
}

#[tokio::test]
async fn a_real_server_delivers_what_was_written() {
    let postfix = Postfix::start();
    let from = Mailbox::new("Ada Müller", SENDER);
    let to = Mailbox::new("Marta “Deck” Silva", "marta@example.test");
    let body = format!(
        "<p>Grüße</p><p>.</p><p>{}</p><p><a href=\"https://brisamar.example/?a=1&amp;b=2\">offer</a></p><img src=\"cid:logo@desk.example\" alt=\"Logo\">",
        "wide ".repeat(600)
    );
    let html =
        document(&track(&body, |number, _| format!("https://t.example/c/{number}"), "https://t.example/o/1.gif"));
    let text = to_text(&body);
    let file: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let references = ["first@desk.example".to_owned()];
    let message = Outgoing {
        message_id: "0198.1@desk.example",
        date: Timestamp(1_795_000_000_000_000),
        from: &from,
        to: &to,
        cc: &[],
        subject: "Angebot für Brisamar — zweiter Versuch",
        html: &html,
        text: &text,
        in_reply_to: Some("first@desk.example"),
        references: &references,
        attachments: &[Attachment { name: "Preise für Sie.bin", content_type: "application/pdf", bytes: &file }],
        inline_images: &[InlineImage {
            content_id: "logo@desk.example",
            file: Attachment { name: "logo.png", content_type: "image/png", bytes: b"\x89PNG" },
        }],
        headers: &[("X-Quarterdeck-Email", "0198")],
    };
    let mut connection = Connection::open(&clear_text(postfix.addr()), &client()).await.unwrap();
    let ended = connection.transact(&envelope("marta@example.test"), &message.build().unwrap()).await;
    assert!(matches!(ended.outcome, Outcome::Accepted { .. }), "{ended:?}");
    connection.quit().await;

    let arrived = postfix.maildir("marta@example.test").wait_for_message();
    let read = MessageParser::default().parse(&arrived).unwrap();
    assert_eq!(read.subject(), Some(message.subject));
    assert_eq!(read.message_id(), Some(message.message_id));
    assert_eq!(read.date().unwrap().to_timestamp(), 1_795_000_000);
    assert_eq!(read.from().unwrap().first().unwrap().name(), Some("Ada Müller"));
    assert_eq!(read.to().unwrap().first().unwrap().name(), Some("Marta “Deck” Silva"));
    assert_eq!(read.in_reply_to().as_text(), Some("first@desk.example"));
    assert_eq!(read.return_path().as_text(), Some(SENDER));
    assert_eq!(read.body_html(0).unwrap(), html);
    assert_eq!(read.body_text(0).unwrap(), text);
    let names: Vec<_> = read.attachments().map(|part| part.attachment_name().unwrap()).collect();
    assert_eq!(names, ["logo.png", "Preise für Sie.bin"]);
    assert_eq!(read.attachment(1).unwrap().contents(), file);
}

#[tokio::test]
async fn one_real_connection_takes_and_refuses_in_turn() {
    let postfix = Postfix::start_with(&Options {
        refused: vec!["nobody@example.test".into()],
        message_size_limit: 20_000,
        ..Options::default()
    });
    let mut connection = Connection::open(&clear_text(postfix.addr()), &client()).await.unwrap();
    assert_eq!(connection.size_limit(), Some(20_000));
    for round in 0..3 {
        let refused = connection.transact(&envelope("nobody@example.test"), b"Subject: x\r\n\r\nx\r\n").await;
        let Outcome::Refused { stage, reply } = refused.outcome else { panic!("{refused:?}") };
        assert_eq!((stage, reply.code, reply.enhanced), (Stage::RcptTo, 550, Some((5, 1, 1))));
        let message = format!("Subject: {round}\r\n\r\n.\r\n..\r\nx");
        let accepted = connection.transact(&envelope("marta@example.test"), message.as_bytes()).await;
        assert!(matches!(accepted.outcome, Outcome::Accepted { .. }), "{accepted:?}");
        assert!(connection.is_usable().await);
    }
    let large = connection.transact(&envelope("marta@example.test"), &vec![b'x'; 20_001]).await;
    assert_eq!(large.outcome, Outcome::Unsendable(Unsendable::TooLarge { size: 20_001, limit: 20_000 }));
    connection.quit().await;

    let messages = postfix.maildir("marta@example.test").wait_for_messages(3);
    assert_eq!(messages.len(), 3);
    assert!(messages.iter().all(|message| message.ends_with(b"\n\n.\n..\nx\n")));
}

#[tokio::test]
async fn a_real_server_takes_the_commands_behind_a_message_for_the_next_one() {
    let postfix = Postfix::start_with(&Options { refused: vec!["nobody@example.test".into()], ..Options::default() });
    let mut connection = Connection::open(&clear_text(postfix.addr()), &client()).await.unwrap();
    let message = b"Subject: x\r\n\r\nx\r\n";
    let recipients =
        ["marta@example.test", "marta@example.test", "nobody@example.test", "marta@example.test", "marta@example.test"];
    for (number, recipient) in recipients.into_iter().enumerate() {
        let next = || recipients.get(number + 1).map(|recipient| (envelope(recipient), message.len() as u64));
        let ended = connection.transact_before(&envelope(recipient), message, next).await;
        let accepted = matches!(ended.outcome, Outcome::Accepted { .. });
        assert_eq!(accepted, recipient != "nobody@example.test", "{ended:?}");
        assert!(connection.is_usable().await);
    }
    connection.quit().await;
    assert_eq!(postfix.maildir("marta@example.test").wait_for_messages(4).len(), 4);
}

#[tokio::test]
async fn a_real_server_passes_the_probe() {
    let postfix = Postfix::start();
    let probe = probe(&clear_text(postfix.addr()), &client()).await;
    assert!(probe.is_ok(), "{probe:?}");
    assert!(probe.size_limit.is_some());
}
