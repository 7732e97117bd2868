//! SMTP codes (RFC 5321 §4.2) and enhanced statuses (RFC 3463) in what servers say.

use std::fmt;

/// How many numbers of a text are looked at.
const MOST_NUMBERS: usize = 200;

/// An enhanced status, such as `5.1.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status {
    /// 2, 4 or 5.
    pub(super) class: u16,
    /// What it is about: 1 the address, 2 the mailbox, 4 the network, 7 policy.
    pub(super) subject: u16,
    /// What exactly.
    pub(super) detail: u16,
}

impl Status {
    /// The status at the beginning of `text`, if nothing that belongs to a longer number follows.
    pub(super) fn at_start(text: &str) -> Option<Self> {
        let (class, rest) = number(text)?;
        let (subject, rest) = number(rest.strip_prefix('.')?)?;
        let (detail, rest) = number(rest.strip_prefix('.')?)?;
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        (matches!(class, 2 | 4 | 5) && subject <= 7 && detail <= 999 && ends).then_some(Self { class, subject, detail })
    }

    /// The status in `text`: one that follows an SMTP code, else one that says something, else any.
    pub(super) fn find(text: &str) -> Option<Self> {
        let after_code = find(text).and_then(|(code, answer)| {
            let rest = answer.get(4..)?.trim_start_matches(['#', '(', ' ', '-', '\'']);
            Self::at_start(rest).filter(|status| status.class == code / 100 && !status.is_vague())
        });
        if after_code.is_some() {
            return after_code;
        }
        let mut first = None;
        for status in starts(text).take(MOST_NUMBERS).filter_map(Self::at_start) {
            if !status.is_vague() {
                return Some(status);
            }
            first = first.or(Some(status));
        }
        first
    }

    /// Whether it says no more than its class: `5.0.0`, and all else of the subject "other" (RFC 3463 §3.1).
    pub(super) fn is_vague(self) -> bool {
        self.subject == 0
    }

    /// Whether it is a temporary failure.
    pub(super) fn is_temporary(self) -> bool {
        self.class == 4
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// The SMTP code of a failure in `text`: one that stands where servers put it, or before an enhanced status.
pub(super) fn code(text: &str) -> Option<u16> {
    find(text).map(|(code, _)| code)
}

/// The answer of a server in `text`: from its code to the end of the paragraph.
pub(super) fn answer(text: &str) -> Option<&str> {
    let (_, answer) = find(text)?;
    Some(answer.split("\n\n").next().unwrap_or(answer))
}

/// The code of a failure, and the text from there on.
fn find(text: &str) -> Option<(u16, &str)> {
    let mut loose = None;
    for start in starts(text).take(MOST_NUMBERS) {
        let Some((code @ 400..=599, rest)) = number(start) else {
            continue;
        };
        let sure = rest.strip_prefix([' ', '-', ':']).is_some_and(|rest| {
            Status::at_start(rest.trim_start_matches(['#', '(', ' ', '-', '\''])).is_some_and(|s| s.class == code / 100)
        });
        if sure {
            return Some((code, start));
        }
        let before = text[..text.len() - start.len()].trim_end_matches([' ', '\t']);
        let placed = before.is_empty()
            || before.ends_with(['\n', ':', ';', '>', '<', '(', '[', '"', '#'])
            || before.ends_with(") said");
        let ends = rest.is_empty() || rest.starts_with([' ', '-', '\n', ':', '>', ']', ')', ',', '"', ';']);
        if placed && ends && loose.is_none() {
            loose = Some((code, start));
        }
    }
    loose
}

/// The places in `text` where a number begins.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .filter(move |&i| {
            bytes[i].is_ascii_digit()
                && (i == 0 || !(bytes[i - 1].is_ascii_alphanumeric() || matches!(bytes[i - 1], b'.' | b'_' | b'/')))
        })
        .filter_map(|i| text.get(i..))
}

/// The number of at most three digits at the beginning of `text`, and what follows.
fn number(text: &str) -> Option<(u16, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=3).contains(&digits) {
        return None;
    }
    Some((text[..digits].parse().ok()?, &text[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_where_servers_put_them() {
        assert_eq!(code("smtp; 550 5.1.1 no such user"), Some(550));
        assert_eq!(code("host mx.example[192.0.2.1] said: 452-4.2.2 full"), Some(452));
        assert_eq!(code("the 550 recipients of 1.2.3.4"), None);
        assert_eq!(code("550 550 5.7.1 denied"), Some(550));
    }

    #[test]
    fn an_address_of_the_network_is_no_status() {
        assert_eq!(Status::find("from 5.1.1.2 and 5.1.10 here").map(|s| s.to_string()), Some("5.1.10".to_owned()));
        assert_eq!(Status::find("5.0.0 (permanent) then 5.2.2 full").map(|s| s.to_string()), Some("5.2.2".to_owned()));
        assert_eq!(Status::find("version 4.86.2"), None);
    }
}
