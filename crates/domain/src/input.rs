//! Limits of every field a person or a program fills in, and stable codes for breaking them.

use serde::Serialize;

/// A field that cannot be used as given. The interface turns the code into a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{field}: {code:?}")]
pub struct Invalid {
    /// The field's name in the API.
    pub field: &'static str,
    /// What is wrong with it.
    #[serde(flatten)]
    pub code: Code,
}

impl Invalid {
    /// An invalid `field`.
    pub const fn new(field: &'static str, code: Code) -> Self {
        Self { field, code }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Code {
    /// Must not be empty.
    Required,
    /// Longer than `max` characters (bytes for addresses).
    TooLong {
        /// The limit.
        max: usize,
    },
    /// Shorter than `min` characters.
    TooShort {
        /// The limit.
        min: usize,
    },
    /// Not an email address.
    NotAnAddress,
    /// Holds a line break or another control character.
    LineBreak,
    /// Outside `min..=max`.
    OutOfRange {
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// No IANA time zone.
    UnknownTimeZone,
    /// Not a host name.
    NotAHost,
    /// Leads into a private network, which the administrator has not allowed.
    PrivateHost,
    /// Not a URL that may be used here.
    NotAUrl,
    /// A moment in the past.
    InThePast,
    /// More than `max` entries.
    TooMany {
        /// The limit.
        max: usize,
    },
    /// Somebody or something else has it already.
    Taken,
    /// Not one of the values there are.
    Unknown,
    /// A connection without TLS is only for this machine itself.
    NeedsTls,
    /// Refers to something that does not exist or may not be used by you.
    NotFound,
    /// The password or token does not fit.
    Wrong,
    /// A dynamic field was written in a way that cannot be understood.
    BadField {
        /// What was met.
        text: String,
    },
}

/// Names of people, companies, channels, teams.
pub const MAX_NAME: usize = 200;
/// A subject line.
pub const MAX_SUBJECT: usize = 500;
/// A body, as HTML, in bytes; images are attachments and do not count.
pub const MAX_BODY: usize = 1_000_000;
/// A signature, as HTML.
pub const MAX_SIGNATURE: usize = 50_000;
/// Addresses in CC and BCC together.
pub const MAX_COPIES: usize = 50;
/// The shortest password: NIST SP 800-63B asks for 8 at least; length is what helps.
pub const MIN_PASSWORD: usize = 10;
/// The longest password; argon2 would hash more, an attacker would like it to.
pub const MAX_PASSWORD: usize = 200;
/// The encoded size of a message when the server names none: 25 MB.
pub const MAX_ENCODED_BYTES: u64 = 25 * 1024 * 1024;

/// One line of text: trimmed, without control characters, at most `max` characters; empty becomes `None`.
///
/// # Errors
/// [`Code::TooLong`] or [`Code::LineBreak`].
pub fn optional_line(field: &'static str, text: &str, max: usize) -> Result<Option<String>, Invalid> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        Err(Invalid::new(field, Code::LineBreak))
    } else if text.chars().count() > max {
        Err(Invalid::new(field, Code::TooLong { max }))
    } else {
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }
}

/// As [`optional_line`], and not empty.
///
/// # Errors
/// Also [`Code::Required`].
pub fn line(field: &'static str, text: &str, max: usize) -> Result<String, Invalid> {
    optional_line(field, text, max)?.ok_or(Invalid::new(field, Code::Required))
}

/// Text of several lines, at most `max` bytes.
///
/// # Errors
/// [`Code::TooLong`].
pub fn text(field: &'static str, text: &str, max: usize) -> Result<String, Invalid> {
    if text.len() > max { Err(Invalid::new(field, Code::TooLong { max })) } else { Ok(text.replace('\0', "")) }
}

/// A password somebody chose.
///
/// # Errors
/// [`Code::TooShort`] or [`Code::TooLong`].
pub fn password(field: &'static str, text: &str) -> Result<(), Invalid> {
    match text.chars().count() {
        n if n < MIN_PASSWORD => Err(Invalid::new(field, Code::TooShort { min: MIN_PASSWORD })),
        n if n > MAX_PASSWORD => Err(Invalid::new(field, Code::TooLong { max: MAX_PASSWORD })),
        _ => Ok(()),
    }
}

/// A number within `min..=max`.
///
/// # Errors
/// [`Code::OutOfRange`].
pub fn range(field: &'static str, value: i64, min: i64, max: i64) -> Result<i64, Invalid> {
    if (min..=max).contains(&value) { Ok(value) } else { Err(Invalid::new(field, Code::OutOfRange { min, max })) }
}

/// An IANA time zone.
///
/// # Errors
/// [`Code::UnknownTimeZone`].
pub fn time_zone(field: &'static str, name: &str) -> Result<String, Invalid> {
    if crate::time::is_time_zone(name) { Ok(name.to_owned()) } else { Err(Invalid::new(field, Code::UnknownTimeZone)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_is_refused_where_a_header_is_made_of_it() {
        assert_eq!(line("subject", "Hi\r\nBcc: x@y.example", 500), Err(Invalid::new("subject", Code::LineBreak)));
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        assert!(line("name", &"田".repeat(200), MAX_NAME).is_ok());
        assert_eq!(line("name", &"田".repeat(201), MAX_NAME), Err(Invalid::new("name", Code::TooLong { max: 200 })));
        assert_eq!(line("name", "  ", MAX_NAME), Err(Invalid::new("name", Code::Required)));
    }

    #[test]
    fn a_code_travels_with_its_parameters() {
        let json = serde_json::to_value(Invalid::new("password", Code::TooShort { min: 10 })).unwrap();
        assert_eq!(json, serde_json::json!({"field": "password", "code": "too_short", "params": {"min": 10}}));
    }
}
