//! The one link in a short text that is to lead somewhere else.

use lol_html::{Settings, element, rewrite_str};

use super::{escape, opening};

/// `html` with its first link leading to `url`. Words without any link become one as a whole. Expects sanitised HTML.
pub fn with_first_link(html: &str, url: &str) -> String {
    let mut found = false;
    let first = element!("a", |element| {
        if !found {
            found = true;
            element.set_attribute("href", &escape(url))?;
        }
        Ok(())
    });
    let settings = Settings::new().with_strict(false).append_element_content_handler(first);
    let linked = rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned());
    if found { linked } else { format!("<p><a href=\"{}\">{}</a></p>", escape(url), escape(&opening(html))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_link_leads_where_it_should_whatever_was_typed() {
        let html = "<p>Too much? <a href=\"https://x.example\">Leave</a> or <a href=\"https://y.example\">ask</a>.</p>";
        let expected = "<p>Too much? <a href=\"https://t.example/?a&amp;b\">Leave</a> or <a href=\"https://y.example\">ask</a>.</p>";
        assert_eq!(with_first_link(html, "https://t.example/?a&b"), expected);
    }

    #[test]
    fn words_without_a_link_are_one() {
        assert_eq!(
            with_first_link("<p>Leave &amp; go</p>", "https://t"),
            "<p><a href=\"https://t\">Leave &amp; go</a></p>"
        );
    }
}
