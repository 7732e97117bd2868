//! HTML as plain text: the text part of a message, the snippet of a list.

use html2text::{config, render::TextDecorator};

use super::{decode, sanitize::clean};

/// So wide that no sentence is broken: mail clients wrap lines themselves, and a broken link is no link.
const WIDTH: usize = 4_000;

/// The text a person reads in `html`: paragraphs apart, lists with their marks, quotes with `> `, links with their
/// address in angle brackets.
pub fn to_text(html: &str) -> String {
    rendered(html, PlainText::default())
}

fn rendered(html: &str, decorator: PlainText) -> String {
    // A rule would be drawn as wide as the page.
    let html = clean(html).replace("<hr>", "<p>--------</p>");
    let rendered = config::with_decorator(decorator)
        .raw_mode(true)
        .allow_width_overflow()
        .string_from_read(html.as_bytes(), WIDTH);
    let text = rendered.unwrap_or_else(|_| without_tags(&html));
    tidy(&text)
}

/// The words a person reads in `html`, without the addresses of links: what a list shows the beginning of.
pub fn opening(html: &str) -> String {
    rendered(html, PlainText { conceal_addresses: true, ..PlainText::default() })
}

/// The characters of `html` as it is read, with the marks of quotes, and nothing else that is not in it.
pub(super) fn as_written(html: &str) -> String {
    rendered(html, PlainText { conceal_addresses: true, unmarked: true, ..PlainText::default() })
}

/// The first words of `text`, at most `length` characters, on one line.
pub fn shorten(text: &str, length: usize) -> String {
    let mut short = String::new();
    let mut characters = 0;
    for word in text.split_whitespace() {
        if !short.is_empty() {
            short.push(' ');
            characters += 1;
        }
        short.push_str(word);
        characters += word.chars().count();
        if characters > length {
            return short.chars().take(length.saturating_sub(1)).chain(['…']).collect();
        }
    }
    short
}

/// Line by line without trailing blanks, never more than one empty line in a row.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty_lines = 0;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if empty_lines > 0 { "\n\n" } else { "\n" });
        }
        empty_lines = 0;
        tidy.push_str(line);
    }
    tidy
}

fn without_tags(html: &str) -> String {
    let text: String = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    decode(&text).into_owned()
}

/// How text shows what HTML marks.
#[derive(Debug, Clone, Default)]
struct PlainText {
    /// Addresses of the links we are in, innermost last.
    links: Vec<String>,
    /// Whether only the words of a link are shown.
    conceal_addresses: bool,
    /// Whether items of lists and images are not told.
    unmarked: bool,
}

/// Nothing before, nothing after.
fn unmarked() -> (String, ()) {
    (String::new(), ())
}

impl TextDecorator for PlainText {
    type Annotation = ();

    fn decorate_link_start(&mut self, url: &str) -> (String, ()) {
        self.links.push(url.to_owned());
        unmarked()
    }

    fn decorate_link_end(&mut self) -> String {
        self.links
            .pop()
            .filter(|_| !self.conceal_addresses)
            .map(|url| format!(" <{}>", url.trim_start_matches("mailto:").trim_start_matches("tel:")))
            .unwrap_or_default()
    }

    fn decorate_em_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _source: &str, title: &str) -> (String, ()) {
        if self.unmarked { unmarked() } else { (format!("[{title}]"), ()) }
    }

    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        if self.unmarked { String::new() } else { "- ".to_owned() }
    }

    fn ordered_item_prefix(&self, number: i64) -> String {
        if self.unmarked { String::new() } else { format!("{number}. ") }
    }

    fn decorate_superscript_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_superscript_end(&self) -> String {
        String::new()
    }

    fn make_subblock_decorator(&self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_reads_like_the_page() {
        let html = "<p>Dear <strong>Marta</strong>,</p><p>three things:</p><ul><li>one</li><li>two</li></ul>\
            <p>See <a href=\"https://brisamar.example/a?b=1&amp;c=2\">our offer</a> or \
            <a href=\"mailto:ada@example.org\">write</a>.<br>Ada</p><hr><blockquote><p>earlier</p><p>words</p></blockquote>";
        assert_eq!(
            to_text(html),
            "Dear Marta,\n\nthree things:\n- one\n- two\n\nSee our offer <https://brisamar.example/a?b=1&c=2> or \
             write <ada@example.org>.\nAda\n\n--------\n\n> earlier\n>\n> words"
        );
    }

    #[test]
    fn a_long_link_is_not_broken() {
        let url = format!("https://example.org/{}", "a".repeat(1_500));
        assert!(to_text(&format!("<p>See <a href=\"{url}\">it</a></p>")).contains(&url));
    }

    #[test]
    fn pictures_are_told_by_their_description_and_pixels_are_not_told() {
        assert_eq!(
            to_text("<p>a<img src=\"cid:x\" alt=\"Our ship\">b<img src=\"cid:y\" alt=\"\"></p>"),
            "a[Our ship]b"
        );
    }

    #[test]
    fn a_table_is_read_cell_by_cell() {
        let text = to_text("<table><tr><td>Plan</td><td>Price</td></tr><tr><td>Deck</td><td>9</td></tr></table>");
        assert!(text.contains("Plan") && text.contains("Price") && text.lines().count() >= 2, "{text:?}");
        assert!(!text.contains('│'), "{text:?}");
    }

    #[test]
    fn a_snippet_is_one_short_line() {
        assert_eq!(shorten(&opening("<p>Hello\n Marta</p><p>how are you?</p>"), 100), "Hello Marta how are you?");
        assert_eq!(shorten(&opening("<p>Hello Marta</p>"), 8), "Hello M…");
        assert_eq!(shorten(&opening(""), 8), "");
    }

    #[test]
    fn many_rules_do_not_make_a_long_text() {
        assert!(to_text(&"<hr>".repeat(50_000)).len() < 1_000_000);
    }

    proptest! {
        #[test]
        fn any_html_has_a_text(html in ".{0,80}|(<(p|b|li|ul|table|tr|td|blockquote|a href=\"https://x\"|/p|/ul|/table|pre)>|x| ){0,30}") {
            let text = to_text(&html);
            prop_assert!(!text.contains("\n\n\n"));
            prop_assert!(shorten(&opening(&html), 10).chars().count() <= 10);
        }
    }
}
