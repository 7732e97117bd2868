//! Plain text as HTML: paragraphs, line breaks, and links where an address of the web stands.

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
    let mut rest = line;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"'`".contains(c)).unwrap_or(from.len());
        // What ends a sentence, or the brackets around it, does not belong to the address.
        let url = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '…']);
        html.push_str(&escape(before));
        // Writing to a String cannot fail.
        let _ = write!(html, "<a href=\"{0}\">{0}</a>", escape(url));
        rest = &from[url.len()..];
    }
    html.push_str(&escape(rest));
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

    proptest! {
        #[test]
        fn whatever_the_text_nothing_unsafe_comes_of_it(text in "([<>&\"' a:/.\n]|http://|https://|javascript:){0,40}") {
            prop_assert!(sanitize(&from_text(&text)).removed.is_empty(), "{text}");
        }
    }
}
