//! Plain text as HTML: paragraphs, line breaks, and links where an address of the web stands; and other addresses in
//! their places.

use std::fmt::Write as _;

use super::escape;

/// `text` as HTML that [`super::sanitize`] leaves as it is.
pub fn from_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 4);
    for paragraph in text.replace("\r\n", "\n").split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        html.push_str("<p>");
        for (number, line) in paragraph.trim_matches('\n').lines().enumerate() {
            if number > 0 {
                html.push_str("<br>");
            }
            push_line(&mut html, line);
        }
        html.push_str("</p>");
    }
    html
}

fn push_line(html: &mut String, line: &str) {
    for piece in pieces(line) {
        match piece {
            // Writing to a String cannot fail.
            Piece::Address(url) => drop(write!(html, "<a href=\"{0}\">{0}</a>", escape(url))),
            Piece::Words(words) => html.push_str(&escape(words)),
        }
    }
}

/// `text` with other addresses of the web in the place of those for which `other` answers one.
pub fn with_addresses(text: &str, mut other: impl FnMut(&str) -> Option<String>) -> String {
    let mut all = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Address(url) => all.push_str(&other(url).unwrap_or_else(|| url.to_owned())),
            Piece::Words(words) => all.push_str(words),
        }
    }
    all
}

enum Piece<'a> {
    Address(&'a str),
    Words(&'a str),
}

/// The addresses of the web in `text`, and what stands between them.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = first_address(rest).unwrap_or(rest.len());
        let end = if start > 0 { start } else { address_length(rest) };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(if start > 0 { Piece::Words(piece) } else { Piece::Address(piece) })
    })
}

/// Where the first address begins. Nothing behind it is looked at: there may be thousands.
fn first_address(text: &str) -> Option<usize> {
    let is_address = |from: &str| from.starts_with("https://") || from.starts_with("http://");
    text.match_indices("http").map(|(at, _)| at).find(|&at| is_address(&text[at..]))
}

/// What ends a sentence, or the brackets around it, does not belong to the address.
fn address_length(text: &str) -> usize {
    let end = text.find(|c: char| c.is_whitespace() || "<>\"'`".contains(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '…']).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::sanitize;
    use proptest::prelude::*;

    #[test]
    fn text_keeps_its_lines_and_its_addresses_become_links() {
        assert_eq!(
            from_text("Thursday works.\nSee https://a.example/?b=1&c=2.\n\n> On Monday, <Ada> wrote:\r\n> Hello"),
            "<p>Thursday works.<br>See <a href=\"https://a.example/?b=1&amp;c=2\">https://a.example/?b=1&amp;c=2</a>.</p>\
             <p>&gt; On Monday, &lt;Ada&gt; wrote:<br>&gt; Hello</p>"
        );
        assert_eq!(from_text(" \n\n"), "");
    }

    #[test]
    fn addresses_are_exchanged_and_nothing_else() {
        let text = "See <https://t.example/c/1>, (https://t.example/c/2?x=1). https:// and http://a.example/ stay.\n";
        let other =
            |url: &str| url.strip_prefix("https://t.example/c/").map(|rest| format!("https://b.example/{rest}"));
        assert_eq!(
            with_addresses(text, other),
            "See <https://b.example/1>, (https://b.example/2?x=1). https:// and http://a.example/ stay.\n"
        );
        assert_eq!(with_addresses(text, |_| None), text);
    }

    proptest! {
        #[test]
        fn whatever_the_text_nothing_unsafe_comes_of_it(text in "([<>&\"' a:/.\n]|http://|https://|javascript:){0,40}") {
            prop_assert!(sanitize(&from_text(&text)).removed.is_empty(), "{text}");
        }
    }
}
