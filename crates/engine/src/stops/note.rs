//! What was said about a stop, in several lines: by a user, by a server, or by a stranger.

use domain::input::{Code, Invalid};

/// The longest note of a user, in characters.
const MAX_NOTE: usize = 1_000;

/// What a user says, as it is kept; nothing when it is empty.
pub(super) fn said(note: &str) -> Result<Option<String>, Invalid> {
    let note = readable(note);
    if note.chars().count() > MAX_NOTE {
        return Err(Invalid::new("note", Code::TooLong { max: MAX_NOTE }));
    }
    Ok(Some(note).filter(|note| !note.is_empty()))
}

/// `text` as a person reads it: its lines, without characters that control a terminal or that no database keeps.
pub(super) fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let shown: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_lines_and_nothing_that_cannot_be_read() {
        assert_eq!(said(" Form of 3 May,\r\nsigned\0\u{1b}[31m "), Ok(Some("Form of 3 May,\nsigned[31m".into())));
        assert_eq!(said(" \0 "), Ok(None));
        assert!(said(&"ü".repeat(1_000)).is_ok());
        assert!(said(&"ü".repeat(1_001)).is_err());
    }
}
