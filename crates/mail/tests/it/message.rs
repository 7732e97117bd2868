//! Messages, read back with another library.

use domain::Timestamp;
use mail::{
    address::Mailbox,
    message::{Attachment, Error, InlineImage, Outgoing},
};
use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};
use proptest::prelude::*;

/// A message with nothing but the necessary.
fn simple<'a>(from: &'a Mailbox, to: &'a Mailbox) -> Outgoing<'a> {
    Outgoing {
        message_id: "0198.1@desk.test",
        date: Timestamp(1_795_000_000_000_000),
        from,
        to,
        cc: &[],
        subject: "Offer",
        html: "<p>Hello</p>",
        text: "Hello",
        in_reply_to: None,
        references: &[],
        attachments: &[],
        inline_images: &[],
        headers: &[],
    }
}

fn parse(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

fn mailboxes(address: Option<&Address<'_>>) -> Vec<(String, String)> {
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    address
        .map(|address| address.iter().map(|one| (owned(one.name()), owned(one.address()))).collect())
        .unwrap_or_default()
}

fn pair(name: &str, address: &str) -> (String, String) {
    (name.to_owned(), address.to_owned())
}

/// Every line ends in CRLF, is ASCII and at most 998 bytes long.
fn assert_well_formed(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.is_ascii(), "{text}");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    for line in text.split("\r\n") {
        assert!(line.len() <= 998, "{} bytes: {line}", line.len());
    }
}

#[test]
fn everything_that_was_written_is_read_back() {
    let from = Mailbox::new("Ada “the Deck” Müller, Sales", "ada@desk.test");
    let to = Mailbox::new("마르타 실바", "info@bücher.example");
    let cc = [Mailbox::new("", "copy@example.test"), Mailbox::new("O'Brien, Pat", "pat@example.test")];
    let references = ["first@desk.test".to_owned(), "not an id".to_owned(), "second@example.test".to_owned()];
    let html = format!("<p>Grüße, {}</p><img src=\"cid:logo@desk.test\">", "long ".repeat(500));
    let csv = b"a;b\n1;2\r\n\r\x00".as_slice();
    let pdf: Vec<u8> = (0..=255).cycle().take(300).collect();
    let message = Outgoing {
        cc: &cc,
        subject: "Angebot für Müller & Söhne — ein sehr langer Betreff, der gewiss nicht in eine Zeile passt 🚢",
        html: &html,
        text: "Grüße\n.\nFrom here\n",
        in_reply_to: Some("second@example.test"),
        references: &references,
        attachments: &[
            Attachment { name: "Preise/2026 für Sie.csv", content_type: "text/csv", bytes: csv },
            Attachment { name: "a\r\nb.pdf", content_type: "application/pdf", bytes: &pdf },
            Attachment { name: "mail.eml", content_type: "message/rfc822", bytes: b"Subject: x\r\n\r\n" },
        ],
        inline_images: &[InlineImage {
            content_id: "logo@desk.test",
            file: Attachment { name: "logo.png", content_type: "image/png", bytes: b"\x89PNG" },
        }],
        headers: &[
            ("X-Quarterdeck-Email", "0198"),
            ("List-Unsubscribe", "<https://desk.test/u/abc?x=1>"),
            ("X-Note", "é\r\nBcc: x@y.z"),
        ],
        ..simple(&from, &to)
    };
    assert!(!message.needs_smtputf8());
    let bytes = message.build().unwrap();
    assert_well_formed(&bytes);
    let read = parse(&bytes);
    assert_eq!(read.message_id(), Some("0198.1@desk.test"));
    assert_eq!(read.date().unwrap().to_timestamp(), 1_795_000_000);
    assert_eq!(read.subject(), Some(message.subject));
    assert_eq!(mailboxes(read.from()), [pair("Ada “the Deck” Müller, Sales", "ada@desk.test")]);
    assert_eq!(mailboxes(read.to()), [pair("마르타 실바", "info@xn--bcher-kva.example")]);
    assert_eq!(mailboxes(read.cc()), [pair("", "copy@example.test"), pair("O'Brien, Pat", "pat@example.test")]);
    assert!(read.bcc().is_none());
    assert_eq!(read.in_reply_to().as_text(), Some("second@example.test"));
    assert_eq!(read.references().as_text_list().unwrap(), ["first@desk.test", "second@example.test"]);
    assert_eq!(read.header_raw("List-Unsubscribe").unwrap().trim(), "<https://desk.test/u/abc?x=1>");
    assert_eq!(read.header_raw("X-Note").unwrap().trim(), "=?utf-8?Q?=C3=A9__Bcc:_x@y.z?=");
    assert_eq!(read.body_html(0).unwrap(), html);
    assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), message.text);
    let files: Vec<_> =
        read.attachments().map(|part| (part.attachment_name().unwrap_or_default(), part.contents())).collect();
    assert_eq!(
        files,
        [
            ("logo.png", b"\x89PNG".as_slice()),
            ("Preise_2026 für Sie.csv", csv),
            ("a  b.pdf", pdf.as_slice()),
            ("mail.eml", b"Subject: x\r\n\r\n"),
        ]
    );
}

#[test]
fn the_parts_are_nested_as_mail_programs_expect() {
    let (from, to) = (Mailbox::new("", "a@b.test"), Mailbox::new("", "c@d.test"));
    let image = [InlineImage {
        content_id: "i@b.test",
        file: Attachment { name: "i.png", content_type: "image/png", bytes: b"x" },
    }];
    let file = [Attachment { name: "f", content_type: "nonsense", bytes: b"x" }];
    let shapes = [
        (simple(&from, &to), vec!["multipart/alternative", "text/plain", "text/html"]),
        (
            Outgoing { inline_images: &image, attachments: &file, ..simple(&from, &to) },
            vec![
                "multipart/mixed",
                "multipart/alternative",
                "text/plain",
                "multipart/related",
                "text/html",
                "image/png",
                "application/octet-stream",
            ],
        ),
    ];
    for (message, expected) in shapes {
        let bytes = message.build().unwrap();
        let read = parse(&bytes);
        let shape: Vec<String> = read
            .parts
            .iter()
            .map(|part| {
                part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap())).unwrap()
            })
            .collect();
        assert_eq!(shape, expected);
        assert!(matches!(read.parts[0].body, PartType::Multipart(_)));
    }
}

#[test]
fn the_same_message_has_the_same_bytes() {
    let (from, to) = (Mailbox::new("A", "a@b.test"), Mailbox::new("", "c@d.test"));
    assert_eq!(simple(&from, &to).build().unwrap(), simple(&from, &to).build().unwrap());
}

#[test]
fn an_address_in_other_letters_needs_smtputf8_and_is_written_as_it_is() {
    let (from, to) = (Mailbox::new("A", "a@b.test"), Mailbox::new("", "élodie@vercors.example"));
    let message = simple(&from, &to);
    assert!(message.needs_smtputf8());
    let bytes = message.build().unwrap();
    assert!(String::from_utf8(bytes).unwrap().contains("<élodie@vercors.example>"));
}

#[test]
fn what_would_break_a_header_is_refused() {
    let good = Mailbox::new("A", "a@b.test");
    let evil = Mailbox::new("A", "a@b.test>\r\nBcc: <x@y.test");
    assert_eq!(simple(&good, &evil).build(), Err(Error::Address(evil.address.clone())));
    assert_eq!(simple(&evil, &good).build(), Err(Error::Address(evil.address.clone())));
    for id in ["", "x", "a b@c", "a@b>\r\nX: y", "é@x"] {
        let message = Outgoing { message_id: id, ..simple(&good, &good) };
        assert_eq!(message.build(), Err(Error::Id(id.into())));
    }
    for name in ["Bcc", "bcc", "Subject", "Content-Type", "X: y\r\nBcc", "", "X Y", "É"] {
        let headers = [(name, "x")];
        let message = Outgoing { headers: &headers, ..simple(&good, &good) };
        assert_eq!(message.build(), Err(Error::Header(name.into())));
    }
}

proptest! {
    #[test]
    fn no_text_can_add_a_header_or_break_a_line(
        name in "(.|\r|\n){0,60}", subject in "(.|\r\n|\n){0,200}", value in "(.|\r\n){0,200}", text in "(.|\r|\n){0,300}", file_name in "(.|\r\n){0,80}",
    ) {
        let (from, to) = (Mailbox::new(name.clone(), "a@b.test"), Mailbox::new("", "c@d.test"));
        let headers = [("X-Note", value.as_str())];
        let files = [Attachment { name: &file_name, content_type: "text/plain", bytes: text.as_bytes() }];
        let message = Outgoing { subject: &subject, text: &text, html: &text, headers: &headers, attachments: &files, ..simple(&from, &to) };
        let bytes = message.build().unwrap();
        assert_well_formed(&bytes);
        let read = parse(&bytes);
        let names: Vec<&str> = read.headers().iter().map(|header| header.name.as_str()).collect();
        prop_assert_eq!(names, ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "X-Note", "Content-Type"]);
        prop_assert_eq!(read.attachment(0).unwrap().contents(), text.as_bytes());
    }

    #[test]
    fn subjects_and_names_survive_their_encoding(name in "[\\PC&&[^ ]][\\PC]{0,60}[\\PC&&[^ ]]", subject in "[\\PC&&[^ ]][\\PC]{0,150}[\\PC&&[^ ]]") {
        let (from, to) = (Mailbox::new(name.clone(), "a@b.test"), Mailbox::new("", "c@d.test"));
        let bytes = Outgoing { subject: &subject, ..simple(&from, &to) }.build().unwrap();
        let read = parse(&bytes);
        let normal = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(normal(read.subject().unwrap()), normal(&subject));
        prop_assert_eq!(normal(&mailboxes(read.from())[0].0), normal(&name));
    }
}
