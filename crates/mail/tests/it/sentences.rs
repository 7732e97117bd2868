//! What servers answer: which sentences deny an address for good. One row a sentence in `sentences.txt`.

use domain::incoming::Kind;
use mail::incoming::understand;

/// How Postfix says when an answer came.
fn stage(name: &str) -> &'static str {
    match name {
        "RCPT" => " (in reply to RCPT TO command)",
        "DATA" => " (in reply to end of DATA command)",
        "MAIL" => " (in reply to MAIL FROM command)",
        _ => "",
    }
}

#[test]
fn a_sentence_denies_an_address_or_it_does_not() {
    let rows = include_str!("../sentences.txt").lines().filter(|row| !row.starts_with('#'));
    let mut wrong = Vec::new();
    for row in rows {
        let mut fields = row.splitn(3, ' ');
        let (Some(expected), Some(said_to), Some(answer)) = (fields.next(), fields.next(), fields.next()) else {
            panic!("not a row: {row}");
        };
        let message = format!(
            "From: MAILER-DAEMON@mx.sender.example\r\nTo: bo@sender.example\r\n\
             Subject: Undelivered Mail Returned to Sender\r\n\r\n\
             <ana@recipient.example>: host mx.recipient.example[192.0.2.7] said: {answer}{}\r\n",
            stage(said_to)
        );
        let incoming = understand(message.as_bytes());
        let hard = incoming.kind == Kind::HardBounce;
        if hard != (expected == "hard") || !matches!(incoming.kind, Kind::HardBounce | Kind::SoftBounce | Kind::Block) {
            wrong.push(format!("{row}\n    {:?} {:?}", incoming.kind, incoming.evidence));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
