//! Mail that nobody writes in good faith: whatever comes, an answer comes back, soon.

use std::{fmt::Write, fs, path::PathBuf, time::Duration};

use domain::incoming::Kind;
use mail::{html::with_addresses, incoming::understand};
use proptest::prelude::*;

/// How long a processor may work on a message or a text, in a build without optimisation.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a processor has worked for this thread. What the clock says depends on what else the machine does.
fn worked() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    // For the program and for the system, in hundredths of a second (proc(5)).
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

fn understood_soon(name: &str, message: &[u8]) {
    let begun = worked();
    let incoming = understand(message);
    let took = worked().saturating_sub(begun);
    assert!(took < PATIENCE, "{name} took {took:?}");
    assert!(incoming.recipients.len() <= 200, "{name}");
}

fn bounce(body: &str) -> Vec<u8> {
    format!("From: MAILER-DAEMON@mx.example\r\nTo: bo@sender.example\r\nSubject: failure notice\r\n\r\n{body}")
        .into_bytes()
}

#[test]
fn a_message_of_fifty_megabytes_costs_no_more_than_its_beginning() {
    let mut message = bounce("<ana@recipient.example>:\n550 5.1.1 no such user\n\n");
    message.resize(50 * 1024 * 1024, b'x');
    understood_soon("fifty megabytes", &message);
    assert_eq!(understand(&message).kind, Kind::HardBounce);
}

#[test]
fn ten_thousand_nested_parts_are_no_deeper_than_we_can_free() {
    for kind in ["multipart/mixed", "multipart/digest"] {
        let mut message = String::from("From: a@x.example\r\nSubject: deep\r\n");
        for n in 0..10_000 {
            let _ = write!(message, "Content-Type: {kind}; boundary=\"b{n}\"\r\n\r\n--b{n}\r\n");
        }
        understood_soon(kind, message.as_bytes());
    }
    let message = "Content-Type: Message/RFC822\r\n\r\n".repeat(10_000);
    understood_soon("message/rfc822", message.as_bytes());
}

#[test]
fn lines_made_to_be_expensive_are_not() {
    let long = 100_000;
    for (name, body) in [
        ("signs", "@".repeat(long)),
        ("addresses", "a@b.example\n".repeat(long / 12)),
        ("one line of addresses", "a@b.example ".repeat(long / 12)),
        ("quotes", ">\n".repeat(long / 2)),
        ("quotes and words", "> a\nb\n".repeat(long / 6)),
        ("colons", "On 1234 a@b.example wrote:\n".repeat(long / 27)),
        ("open sentences", "1234 a@b.example\n".repeat(long / 17)),
        ("headers", "From: a\n".repeat(long / 8)),
        ("dashes", format!("--- original message\n{}", "-".repeat(long))),
        ("announcements", "original message\n\n".repeat(long / 18)),
        ("codes", "550 ".repeat(long / 4)),
        ("statuses", "5.1.1 ".repeat(long / 6)),
        ("dates", "until 5 may ".repeat(long / 12)),
    ] {
        understood_soon(name, &bounce(&body));
        let reply = format!("From: a@x.example\r\nIn-Reply-To: <1@x.example>\r\nSubject: Re: x\r\n\r\n{body}");
        understood_soon(name, reply.as_bytes());
        let automatic = format!("From: a@x.example\r\nAuto-Submitted: auto-replied\r\nSubject: x\r\n\r\n{body}");
        understood_soon(name, automatic.as_bytes());
    }
}

#[test]
fn what_is_no_message_is_nothing() {
    for bytes in [
        &b""[..],
        b"\0",
        b"\xff\xfe\xfd",
        b"\r\n\r\n",
        b"From ",
        b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n",
    ] {
        assert_eq!(understand(bytes).kind, Kind::Other);
    }
}

/// The messages of our own, as material to break.
fn fixtures() -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    files.map(|file| fs::read(file).unwrap()).collect()
}

/// A message that was damaged on its way: cut, bytes changed, pieces of another put in.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let messages = fixtures();
    let count = messages.len();
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12);
    (0..count, 0..count, any::<prop::sample::Index>(), any::<prop::sample::Index>(), changes).prop_map(
        move |(one, other, at, from, changes)| {
            let (one, other) = (&messages[one], &messages[other]);
            let mut message = one[..at.index(one.len())].to_vec();
            message.extend(&other[from.index(other.len())..]);
            for (place, byte) in changes {
                let place = place.index(message.len().max(1));
                if let Some(spot) = message.get_mut(place) {
                    *spot = byte;
                }
            }
            message
        },
    )
}

#[test]
fn many_addresses_in_a_text_take_no_longer_than_as_many_words() {
    let text = "http://a.example/ ".repeat(300_000);
    let mut found = 0;
    let begun = worked();
    with_addresses(&text, |_| {
        found += 1;
        None
    });
    let took = worked().saturating_sub(begun);
    assert_eq!(found, 300_000);
    assert!(took < PATIENCE, "{took:?}");
}

proptest! {
    #[test]
    fn nothing_panics_on_damaged_mail(message in damaged()) {
        let incoming = understand(&message);
        prop_assert!(!incoming.evidence.iter().any(|fact| fact.contains("could not be taken apart")));
    }

    #[test]
    fn nothing_panics_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        understand(&bytes);
    }

    #[test]
    fn nothing_panics_on_any_text_of_a_mail_system(text in "(\\PC|[\n@<>:. 0-9-]){0,300}") {
        understand(&bounce(&text));
    }

    #[test]
    fn nothing_panics_on_any_text_of_a_person(text in "(\\PC|[\n@<>:.  0-9-]){0,300}") {
        let reply = format!("From: a@x.example\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}");
        understand(reply.as_bytes());
        understand(reply.replace("Auto-Submitted: auto-replied", "In-Reply-To: <1@x.example>").as_bytes());
    }
}
