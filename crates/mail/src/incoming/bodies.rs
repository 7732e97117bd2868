//! What people read of a message: cleaned, bounded, and nothing of it that runs or calls home.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Message, MessageParser, PartType};

use super::{charset, letter::bounded};
use crate::html;

/// How much HTML is kept, in bytes.
const MOST_HTML: usize = 256 * 1024;
/// How much text is kept, in bytes.
const MOST_TEXT: usize = 128 * 1024;

/// The readable parts of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bodies {
    /// The HTML, as [`html::sanitize`] leaves it; empty when there is none.
    pub html: String,
    /// The text; made of the HTML when there is none. Lines end in `\n`.
    pub text: String,
}

/// The readable parts of a message as it came over the wire. What cannot be read is empty.
pub fn bodies(raw: &[u8]) -> Bodies {
    // Foreign parsers and hostile bytes meet here: a panic of theirs ends here.
    catch_unwind(AssertUnwindSafe(|| read(bounded(raw)))).unwrap_or_default()
}

fn read(raw: &[u8]) -> Bodies {
    let parser = MessageParser::new().with_mime_headers().default_header_ignore();
    let Some(message) = parser.parse(raw) else { return Bodies::default() };
    let html = joined(&message, &message.html_body, |body| matches!(body, PartType::Html(_)), MOST_HTML);
    let mut text = joined(&message, &message.text_body, |body| matches!(body, PartType::Text(_)), MOST_TEXT);
    let html = html::sanitize(&html).html;
    if text.trim().is_empty() {
        text.clear();
        append(&mut text, &html::to_text(&html), MOST_TEXT);
    }
    Bodies { html, text }
}

/// The parts with the numbers `ids` whose bodies are `wanted`, one below the other, in the charset that their bytes show.
fn joined(message: &Message<'_>, ids: &[u32], wanted: fn(&PartType<'_>) -> bool, most: usize) -> String {
    let mut joined = String::new();
    let parts = ids.iter().filter_map(|&id| message.parts.get(id as usize)).filter(|part| wanted(&part.body));
    for text in parts.filter_map(|part| charset::text(part, message)) {
        append(&mut joined, &text, most);
    }
    joined
}

/// Adds a part below what is there, as far as there is room.
fn append(kept: &mut String, part: &str, most: usize) {
    let room = most.saturating_sub(kept.len());
    kept.extend(part[..part.floor_char_boundary(room)].chars().filter(|&c| c != '\r' && c != '\0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_or_loads_is_gone_and_what_is_read_stays() {
        let raw = b"From: a@x.example\r\nContent-Type: text/html\r\n\r\n\
            <p onclick=\"x()\">Yes</p><script>alert(1)</script><a href=\"https://x.example/\">here</a>";
        let bodies = bodies(raw);
        assert_eq!(bodies.html, "<p>Yes</p><a href=\"https://x.example/\">here</a>");
        assert!(bodies.text.starts_with("Yes"), "{}", bodies.text);
    }

    #[test]
    fn of_two_forms_each_is_kept() {
        let raw = b"From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nS\xed, ma\xf1ana\r\n\
            --b\r\nContent-Type: text/html\r\n\r\n<b>si</b>\r\n--b--\r\n";
        let bodies = bodies(raw);
        assert_eq!((bodies.html.trim(), bodies.text.trim()), ("<b>si</b>", "Sí, mañana"));
    }

    #[test]
    fn a_date_in_universal_time_hides_nothing_below_it() {
        let raw = b"Date: Mon, 4 May 2026 08:20:00 UT\nContent-Type: text/html\n\n<b>si</b>";
        assert_eq!(bodies(raw).html, "<b>si</b>");
    }

    #[test]
    fn text_that_is_called_ascii_is_read_as_what_it_is() {
        for raw in [
            &b"From: a@x.example\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit\n\nGr\xfc\xdfe"[..],
            "From: a@x.example\nContent-Type: text/plain; charset=iso-8859-1\n\nGrüße".as_bytes(),
        ] {
            assert_eq!(bodies(raw).text.trim(), "Grüße");
        }
    }

    #[test]
    fn nonsense_has_no_body() {
        assert_eq!(bodies(b""), Bodies::default());
    }
}
