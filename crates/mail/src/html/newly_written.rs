//! An answer without the mail that it quotes.

use std::{cell::Cell, rc::Rc};

use lol_html::{Settings, doc_text, element, rewrite_str};

use super::{decode, text::as_written};
use crate::incoming::reply::newly_written as newly_written_text;

/// Elements that, after the last of what is new, begin what is quoted.
const BEGIN_A_QUOTE: [&str; 2] = ["blockquote", "hr"];

/// How far the text of an answer was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// So many characters of what is new have passed.
    New(usize),
    /// What is new ended: the rest is left out.
    Rest,
    /// The text goes on otherwise than expected.
    Lost,
}

/// What its author newly wrote in `html`, an answer: the whole without the quote or signature at its end. `None` where nothing
/// follows what is new, where all is quoted, and where it cannot be told.
pub fn newly_written(html: &str) -> Option<String> {
    let text = newly_written_text(&as_written(html));
    let new: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if new.is_empty() {
        return None;
    }
    let at = Rc::new(Cell::new(At::New(0)));
    let characters = doc_text!(|chunk| {
        let before = at.get();
        let after = follow(before, &new, &decode(chunk.as_str()));
        at.set(after);
        if after == At::Rest {
            chunk.remove();
        }
        Ok(())
    });
    let elements = element!("*", |element| {
        if at.get() == At::New(new.len()) && BEGIN_A_QUOTE.contains(&element.tag_name().as_str()) {
            at.set(At::Rest);
        }
        if at.get() == At::Rest {
            element.remove();
        }
        Ok(())
    });
    let settings = Settings::new()
        .with_strict(false)
        .append_document_content_handler(characters)
        .append_element_content_handler(elements);
    let written = rewrite_str(html, settings).ok()?;
    (at.get() == At::Rest).then_some(written)
}

/// Where we are after `text`. A piece of text belongs to what is new or to the rest, never to both.
fn follow(at: At, new: &[char], text: &str) -> At {
    let At::New(passed) = at else { return at };
    let mut characters = text.chars().filter(|c| !c.is_whitespace()).peekable();
    if passed == new.len() && characters.peek().is_some() {
        return At::Rest;
    }
    let mut passed = passed;
    for character in characters {
        if new.get(passed) != Some(&character) {
            return At::Lost;
        }
        passed += 1;
    }
    At::New(passed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{from_text, sanitize};
    use proptest::prelude::*;

    #[test]
    fn the_quote_below_an_answer_is_left_out() {
        for (html, expected) in [
            // Gmail, Apple Mail and Thunderbird: who wrote, and a quote.
            (
                "<div><p>Yes, <b>Tuesday</b> works.</p><div><div>On Mon, 4 May 2026 at 10:11, Bo &lt;<a href=\"mailto:bo@x.example\">bo@x.example</a>&gt; wrote:<br></div><blockquote><p>Tuesday?</p></blockquote></div></div>",
                "<div><p>Yes, <b>Tuesday</b> works.</p><div><div></div></div></div>",
            ),
            // Outlook: the head of the mail that is answered.
            (
                "<p>Ja &amp; nein.</p><hr><p><b>Von:</b> Bo<br><b>Gesendet:</b> Montag<br><b>An:</b> Ana<br><b>Betreff:</b> Dienstag</p><p>hallo</p>",
                "<p>Ja &amp; nein.</p>",
            ),
            // Lists, links and images belong to what was written.
            (
                "<ol><li>one</li><li>two <a href=\"https://x.example/a\">here</a></li></ol><p><img src=\"cid:a\" alt=\"A plan\"></p><p>-- <br>Ana</p>",
                "<ol><li>one</li><li>two <a href=\"https://x.example/a\">here</a></li></ol><p><img src=\"cid:a\" alt=\"A plan\"></p><p></p>",
            ),
        ] {
            assert_eq!(newly_written(html).as_deref(), Some(expected), "{html}");
        }
    }

    #[test]
    fn plain_text_has_its_quote_left_out_too() {
        let html = from_text(
            "Fine.\nThursday then?\n\nOn Mon, 4 May 2026 at 10:11, Bo <bo@x.example> wrote:\n> Tuesday?\n> Bo",
        );
        assert_eq!(newly_written(&html).as_deref(), Some("<p>Fine.<br>Thursday then?</p><p></p>"));
    }

    #[test]
    fn what_has_no_end_to_leave_out_is_left_whole() {
        for html in [
            "",
            "<p>Yes, Tuesday works.</p>",
            "<p>On Mon, 4 May 2026 at 10:11, Bo wrote:</p><blockquote><p>Tuesday?</p></blockquote><p>Yes.</p>",
            "<blockquote><p>Tuesday?</p></blockquote>",
            "<pre>Yes.\n\n-- \nAna</pre>",
        ] {
            assert_eq!(newly_written(html), None, "{html}");
        }
    }

    proptest! {
        #[test]
        fn what_is_left_is_clean_and_the_beginning(html in "(<(p|b|li|ul|blockquote|div|/p|/ul|/div)>|word |&amp;|> |-- |<br>|On Monday, Bo wrote:){0,30}") {
            let html = sanitize(&html).html;
            if let Some(written) = newly_written(&html) {
                prop_assert_eq!(&sanitize(&written).html, &written);
                let whole: String = as_written(&html).chars().filter(|c| c.is_alphabetic()).collect();
                let kept: String = as_written(&written).chars().filter(|c| c.is_alphabetic()).collect();
                prop_assert!(whole.starts_with(&kept) && kept.len() <= whole.len());
            }
        }
    }
}
