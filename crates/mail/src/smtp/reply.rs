//! Reading the server's answers: bounded, tolerant of line endings, strict about everything else.

use domain::smtp::Reply;

use super::{connection::Cause, fault::Fault};

/// The longest line of an answer, in bytes. RFC 5321 allows 512.
pub(super) const MAX_LINE: usize = 4 * 1024;
/// The most lines of an answer.
const MAX_LINES: usize = 100;
/// The longest answer, in bytes.
const MAX_REPLY: usize = 32 * 1024;
/// How much of an answer that is none is quoted, in characters.
const EXCERPT: usize = 80;

/// An answer that is being read line by line.
#[derive(Debug, Default)]
pub(super) struct Reading {
    code: u16,
    lines: Vec<String>,
    length: usize,
}

impl Reading {
    /// Takes a line without its line ending; returns the answer when it was the last.
    pub(super) fn take(&mut self, line: &[u8]) -> Result<Option<Reply>, Fault> {
        let (code, is_last, text) = parse_line(line).ok_or_else(|| Fault::NotSmtp(excerpt(line)))?;
        if !self.lines.is_empty() && code != self.code {
            return Err(Fault::NotSmtp(excerpt(line)));
        }
        self.code = code;
        self.length += line.len();
        if self.lines.len() >= MAX_LINES || self.length > MAX_REPLY {
            return Err(Fault::AnswerTooLong);
        }
        self.lines.push(text);
        Ok(is_last.then(|| self.finish()))
    }

    fn finish(&mut self) -> Reply {
        let lines = std::mem::take(&mut self.lines);
        self.length = 0;
        let enhanced = lines.first().and_then(|line| enhanced_code(line, self.code)).map(|(enhanced, _)| enhanced);
        let text = match enhanced {
            Some(_) => {
                let words =
                    lines.iter().map(|line| enhanced_code(line, self.code).map_or(line.as_str(), |(_, words)| words));
                words.collect::<Vec<_>>().join("\n")
            }
            None => lines.join("\n"),
        };
        Reply { code: self.code, enhanced, text }
    }
}

/// The answer, if its code begins with `class`; a refusal, if it is one; otherwise nothing that makes sense here.
pub(super) fn expect(reply: Reply, class: u16) -> Result<Reply, Cause> {
    match reply.code / 100 {
        found if found == class => Ok(reply),
        4 | 5 => Err(Cause::Refused(reply)),
        _ => Err(Fault::NotSmtp(excerpt(reply.to_string().as_bytes())).into()),
    }
}

/// `250-text`, `250 text` or `250`.
fn parse_line(line: &[u8]) -> Option<(u16, bool, String)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code: u16 = std::str::from_utf8(digits).ok()?.parse().ok().filter(|code| (200..600).contains(code))?;
    let (is_last, words) = match rest {
        [] => (true, rest),
        [b' ', words @ ..] => (true, words),
        [b'-', words @ ..] => (false, words),
        _ => return None,
    };
    Some((code, is_last, printable(words)))
}

/// The enhanced code (RFC 3463) that `line` begins with, if it agrees with `code`, and the words after it.
fn enhanced_code(line: &str, code: u16) -> Option<((u8, u16, u16), &str)> {
    let (first, words) = line.split_once(' ').unwrap_or((line, ""));
    let mut numbers = first.split('.');
    let mut number =
        || numbers.next().filter(|n| (1..=3).contains(&n.len()) && n.bytes().all(|byte| byte.is_ascii_digit()));
    let class = number()?.parse().ok().filter(|class| u16::from(*class) == code / 100 && matches!(class, 2 | 4 | 5))?;
    let (subject, detail) = (number()?.parse().ok()?, number()?.parse().ok()?);
    numbers.next().is_none().then_some(((class, subject, detail), words))
}

/// The words as text that can be shown: no control characters, whatever the server's encoding.
fn printable(words: &[u8]) -> String {
    let text = String::from_utf8_lossy(words);
    if text.chars().any(char::is_control) {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    } else {
        text.into_owned()
    }
}

fn excerpt(line: &[u8]) -> String {
    printable(line).chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Option<Reply>, Fault> {
        let mut reading = Reading::default();
        let mut last = Ok(None);
        for line in text.split("\r\n") {
            last = reading.take(line.as_bytes());
            if !matches!(last, Ok(None)) {
                break;
            }
        }
        last
    }

    fn reply(text: &str) -> Reply {
        read(text).unwrap().unwrap()
    }

    #[test]
    fn an_answer_of_one_line_is_code_and_words() {
        assert_eq!(
            reply("250 Ok: queued as 4F2"),
            Reply { code: 250, enhanced: None, text: "Ok: queued as 4F2".into() }
        );
        assert_eq!(reply("250"), Reply { code: 250, enhanced: None, text: String::new() });
    }

    #[test]
    fn enhanced_codes_are_taken_out_of_every_line() {
        let reply = reply("550-5.1.1 The account does not exist.\r\n550-5.1.1 Try again\r\n550 5.1.1 later");
        assert_eq!(reply.enhanced, Some((5, 1, 1)));
        assert_eq!(reply.text, "The account does not exist.\nTry again\nlater");
    }

    #[test]
    fn an_enhanced_code_that_disagrees_with_the_code_is_words() {
        for text in ["450 5.1.1 odd", "250 1.2.3 version", "550 5.1 x", "550 5.1.1.1 x", "550 5.1.1000 x", "550 5..1 x"]
        {
            assert_eq!(reply(text).enhanced, None, "{text}");
        }
    }

    #[test]
    fn garbage_is_named_as_such() {
        for text in
            ["", "25", "HTTP/1.1 400 Bad Request", "2500 x", "250_x", "199 x", "600 x", "٢٥٠ x", "250-a\r\n251 b"]
        {
            assert!(matches!(read(text), Err(Fault::NotSmtp(_))), "{text:?}: {:?}", read(text));
        }
    }

    #[test]
    fn an_endless_answer_ends() {
        let mut reading = Reading::default();
        let result = (0..1_000).find_map(|_| reading.take(b"250-more").err());
        assert_eq!(result, Some(Fault::AnswerTooLong));
    }

    #[test]
    fn control_characters_do_not_reach_the_screen() {
        assert_eq!(reply("250 a\u{1b}[31mb\0c").text, "a [31mb c");
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(lines in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..8)) {
            let mut reading = Reading::default();
            for line in lines {
                if reading.take(&line).is_err() {
                    break;
                }
            }
        }

        #[test]
        fn every_honest_answer_is_read(code in 200u16..600, words in "[ -~]{0,60}") {
            let reply = reply(&format!("{code} {words}"));
            prop_assert_eq!(reply.code, code);
            prop_assert!(words.ends_with(&reply.text));
        }
    }
}
