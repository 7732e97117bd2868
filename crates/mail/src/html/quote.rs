//! The original under a follow-up, and the page around what is sent.

use super::escape;

/// `html` as the quoted original of a follow-up, under a line such as “On 3 March, Ada wrote:”.
pub fn quote(html: &str, intro: &str) -> String {
    format!("<p></p><p>{}</p><blockquote>{html}</blockquote>", escape(intro))
}

/// The whole page that is sent for a body: clients and spam filters expect one.
pub fn document(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"></head>\n<body>{body}</body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{sanitize, to_text};

    #[test]
    fn a_quoted_original_stands_under_its_introduction() {
        let quoted = quote("<p>Hello</p>", "On 3 March, Ada <ada@example.org> wrote:");
        assert_eq!(
            quoted,
            "<p></p><p>On 3 March, Ada &lt;ada@example.org&gt; wrote:</p><blockquote><p>Hello</p></blockquote>"
        );
        assert_eq!(to_text(&quoted), "On 3 March, Ada <ada@example.org> wrote:\n\n> Hello");
    }

    #[test]
    fn a_quote_survives_cleaning_however_often_it_is_quoted() {
        let mut html = "<p>Hello</p>".to_owned();
        for _ in 0..5 {
            html = quote(&html, "She wrote:");
        }
        assert_eq!(sanitize(&html).html, html);
    }

    #[test]
    fn the_document_holds_the_body_as_it_is() {
        assert!(document("<p>é</p>").contains("<body><p>é</p></body>"));
    }
}
