//! The server's answers, read from the bytes that have come so far.

use std::panic::catch_unwind;

use imap_proto::{Outcome, Response, ResponseCode, Status};

use super::{
    fault::{Cause, Fault},
    fetch,
};

/// How much of a server's words is shown.
const MAX_WORDS: usize = 500;

/// The first whole answer in `bytes` and how many bytes it takes, once all of it is there.
pub(super) fn first(bytes: &[u8]) -> Result<Option<(Response<'static>, usize)>, Fault> {
    if fetch::begins(bytes) {
        return match fetch::read(bytes) {
            Ok(read) => Ok(Some(read)),
            Err(fetch::Stop::Incomplete) => Ok(None),
            Err(fetch::Stop::Nonsense) => Err(nonsense(bytes)),
        };
    }
    // The foreign parser is known to panic on crafted lines: a panic of it ends here.
    let parsed = catch_unwind(|| match Response::parse(bytes) {
        Ok((rest, response)) => Ok(Some((response.into_owned(), bytes.len() - rest.len()))),
        Err(error) if error.is_incomplete() => Ok(None),
        Err(_) => in_ascii(bytes).ok_or_else(|| nonsense(bytes)).map(Some),
    });
    parsed.unwrap_or_else(|_| Err(nonsense(bytes)))
}

/// The first line, where all that is wrong with it is a word of the server's in letters beyond ASCII, such as a user's name.
fn in_ascii(bytes: &[u8]) -> Option<(Response<'static>, usize)> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")? + 2;
    let line: Vec<u8> = bytes[..end].iter().map(|byte| if byte.is_ascii() { *byte } else { b'?' }).collect();
    match Response::parse(&line) {
        Ok((b"", response)) if !bytes[..end].is_ascii() => Some((response.into_owned(), end)),
        _ => None,
    }
}

/// The length of the first line, if it is news nobody asked for and we know nothing of: such a line is passed over
/// (RFC 3501 §7).
pub(super) fn unknown_news(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    let line = &bytes[..end];
    let has_literal = line.ends_with(b"}");
    (line.starts_with(b"* ") && line.len() < 4096 && !has_literal).then_some(end + 2)
}

fn nonsense(bytes: &[u8]) -> Fault {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Fault::NotImap(words(line).chars().take(80).collect())
}

/// Bytes of the server as a line to be shown.
pub(super) fn words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_WORDS).collect()
}

/// The end of a command: nothing, or the server's no.
pub(super) fn verdict(status: &Status, outcome: &Outcome<'_>) -> Result<(), Cause> {
    let word = match status {
        Status::Ok | Status::PreAuth => return Ok(()),
        Status::No => "NO",
        Status::Bad => "BAD",
        Status::Bye => "BYE",
    };
    let said = outcome.information.as_deref().unwrap_or_default();
    Err(Cause::Refused(words(format!("{word} {}{said}", code(outcome)).as_bytes())))
}

/// The machine's word in an answer, in brackets, where it is one that says something to people.
fn code(outcome: &Outcome<'_>) -> &'static str {
    match outcome.code {
        Some(ResponseCode::Alert) => "[ALERT] ",
        Some(ResponseCode::TryCreate) => "[TRYCREATE] ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_read_when_all_of_it_is_there() {
        assert!(first(b"* SEARCH 1 2").unwrap().is_none());
        let (response, length) = first(b"* SEARCH 1 2\r\nq1 OK done\r\n").unwrap().unwrap();
        assert_eq!(length, 14);
        assert!(matches!(response, Response::MailboxData(imap_proto::MailboxDatum::Search(found)) if found == [1, 2]));
        assert!(
            matches!(first(b"220 mx.example ESMTP\r\n"), Err(Fault::NotImap(said)) if said == "220 mx.example ESMTP")
        );
        assert!(matches!(first(b"SSH-2.0-OpenSSH\r\n"), Err(Fault::NotImap(_))));
    }

    #[test]
    fn a_line_on_which_the_foreign_parser_fails_is_nonsense() {
        assert!(matches!(first(b"+[UnSEEn 7]\xf0\n+\r\n&wwww["), Err(Fault::NotImap(_))));
    }

    #[test]
    fn a_name_in_the_servers_words_may_have_any_letters() {
        let (response, length) = first("q2 OK Zoë is in\r\n* 1 EXISTS\r\n".as_bytes()).unwrap().unwrap();
        assert!(matches!(response, Response::Done { status: Status::Ok, .. }), "{response:?}");
        assert_eq!(length, "q2 OK Zoë is in\r\n".len());
    }

    #[test]
    fn news_we_do_not_know_are_one_line_long() {
        assert_eq!(unknown_news(b"* WEATHER (fine)\r\n* OK\r\n"), Some(18));
        assert_eq!(unknown_news(b"* WEATHER {5}\r\nhello\r\n"), None);
        assert_eq!(unknown_news(b"WEATHER fine\r\n"), None);
        assert_eq!(unknown_news(b"* WEATHER fi"), None);
    }

    #[test]
    fn a_no_is_told_in_the_servers_words() {
        let (response, _) = first(b"q1 NO [ALERT] Mailbox is full\r\n").unwrap().unwrap();
        let Response::Done { status, outcome, .. } = response else { panic!("{response:?}") };
        assert_eq!(verdict(&status, &outcome), Err(Cause::Refused("NO [ALERT] Mailbox is full".into())));
    }

    /// Pieces that answers are made of, in any order, and bytes that belong to none.
    fn pieces() -> impl Strategy<Value = Vec<u8>> {
        let known = prop::sample::select(vec![
            "* ",
            "q1 ",
            "+ ",
            "OK ",
            "NO ",
            "[",
            "]",
            "(",
            ")",
            "\"",
            "\\",
            "{5}\r\n",
            "{99999999999}\r\n",
            "\r\n",
            "1 ",
            "SEARCH ",
            "LIST ",
            "FETCH ",
            "UID ",
            "BODY[HEADER.FIELDS (X)] ",
            "ENVELOPE ",
            "FLAGS ",
            "CAPABILITY ",
            "NIL",
            "EXISTS",
            "PERMANENTFLAGS ",
            "4294967296",
            "&",
            "\\Sent",
            "*",
            "%",
        ]);
        let piece = prop_oneof![8 => known.prop_map(|text| text.as_bytes().to_vec()), 1 => any::<Vec<u8>>()];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(bytes in pieces()) {
            if let Ok(Some((_, length))) = first(&bytes) {
                prop_assert!(length <= bytes.len() && length > 0);
            }
            prop_assert!(unknown_news(&bytes).is_none_or(|length| length <= bytes.len()));
        }
    }
}
