//! The mail that came back with a report, where it stands in the text itself.

use super::super::{
    addresses,
    fields::{self, Fields},
    letter::Letter,
};

/// How mail systems announce the mail that follows, in lower case. Each stands at the beginning of a line, after dashes.
const ANNOUNCED: &[&str] = &[
    "below this line is a copy of the message",
    "this is a copy of the message",
    "this is a copy of your message",
    "this is a copy of the headers",
    "the header of the original message",
    "included is a copy of the message header",
    "enclosed is a copy of the message",
    "original message",
    "original mail info",
    "original mail as follows",
    "message headers follow",
    "message header follows",
    "the original message was",
    "unsent message follows",
    "returned message",
    "received message",
    "below is a copy of the original message",
    "here is a copy of the",
    "the first part of the message",
    "start of the returned message",
    "undelivered message",
    "undeliverable message",
    "message follows",
    "your original message",
    "the body of the message is",
    "header of the original message",
    "headers of the message",
    "message header --",
    "copy of the message",
    "исходное сообщение",
    "元のメッセージ",
];

/// Headers that every message has.
const KNOWN: &[&str] =
    &["from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "content-type"];

/// From which length on, in bytes, a line of a header may go on in the next without being indented: a transport broke it.
const LONG: usize = 50;

/// The text before the mail that came back, and that mail.
pub(super) fn cut(text: &str) -> (&str, &str) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let here = start;
        start += line.len();
        if is_announcement(line) && announces_headers(&text[start..]) {
            return (&text[..here], &text[start..]);
        }
        if here > 0 && fields::split(line).is_some() && is_header(&text[here..], 3) {
            return text.split_at(here);
        }
    }
    (text, "")
}

/// The recipients of the mail that came back, at most a few: a mail to many says nothing about who failed.
pub(super) fn recipients(letter: &Letter) -> Vec<String> {
    let in_text = Fields::parse(cut(&letter.text).1);
    let returned = letter.original.as_ref().unwrap_or(&in_text);
    let mut recipients: Vec<String> = Vec::new();
    for address in returned.all("x-original-to").chain(returned.all("to")).flat_map(addresses::in_text) {
        if !recipients.iter().any(|known| known.eq_ignore_ascii_case(address)) {
            recipients.push(address.to_owned());
        }
    }
    if recipients.len() > 1 { Vec::new() } else { recipients }
}

fn is_announcement(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['-', '=', '*', '_', ' ']).to_lowercase();
    line.len() < 200
        && ANNOUNCED.iter().any(|known| line.starts_with(known))
        && !line.starts_with("the original message was received")
}

/// Whether a header follows, perhaps after empty lines and rules.
fn announces_headers(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '=' | '*' | '_' | '>'));
    rest.is_empty() || is_header(rest, 1)
}

/// Whether the block at the beginning of `text` has at least `enough` of the headers that a message has.
fn is_header(text: &str, enough: usize) -> bool {
    let mut known: Vec<&str> = Vec::new();
    let mut may_be_broken = false;
    for line in text.lines().map(|line| line.trim_start_matches('>')).take(60) {
        if line.trim().is_empty() || known.len() >= enough {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = fields::split(line) else {
            if may_be_broken {
                continue;
            }
            return false;
        };
        may_be_broken = line.len() >= LONG;
        if let Some(name) = KNOWN.iter().find(|known| name.eq_ignore_ascii_case(known))
            && !known.contains(name)
        {
            known.push(name);
        }
    }
    known.len() >= enough
}
