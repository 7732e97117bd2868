//! What a mail program finds in a message: the remote images it would load and the links a reader could follow.

use crate::visit::Target;
use mail_parser::MessageParser;

/// The addresses of a message that the simulator may visit; those of other hosts are left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) images: Vec<String>,
    pub(crate) links: Vec<String>,
}

impl Page {
    /// Decodes a message as received.
    pub(crate) fn of_message(raw: &[u8]) -> Self {
        MessageParser::default()
            .parse(raw)
            .and_then(|message| message.body_html(0).map(|html| Self::of_html(&html)))
            .unwrap_or_default()
    }

    fn of_html(html: &str) -> Self {
        let mut page = Self::default();
        for tag in tags(html) {
            let (list, attribute) = match tag.split_ascii_whitespace().next() {
                Some(name) if name.eq_ignore_ascii_case("img") => (&mut page.images, "src"),
                Some(name) if name.eq_ignore_ascii_case("a") => (&mut page.links, "href"),
                _ => continue,
            };
            if let Some(url) = attribute_of(tag, attribute)
                && Target::parse(&url).is_ok()
                && !list.contains(&url)
            {
                list.push(url);
            }
        }
        page
    }
}

/// The insides of the opening tags, in order.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = &comment[comment.find("-->")?..];
            } else {
                let end = end_of_tag(rest)?;
                let tag = &rest[..end];
                rest = &rest[end..];
                return Some(tag);
            }
        }
    })
}

/// Where the tag closes: a `>` inside quotes does not close it.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '>' => return Some(at),
            None if c == '"' || c == '\'' => quote = Some(c),
            _ => {}
        }
    }
    None
}

fn attribute_of(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.split_once(|c: char| c.is_ascii_whitespace())?.1;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let name_end = rest.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            rest = after;
            continue;
        };
        let (value, after) = split_value(value);
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decode_entities(value.trim()));
        }
        rest = after;
    }
}

fn split_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len()))
}

/// Addresses are ASCII; these are the references that can stand for one of its characters in practice.
fn decode_entities(text: &str) -> String {
    [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&#x3D;", "="),
        ("&#61;", "="),
        ("&#x26;", "&"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn images_and_links_of_loopback_hosts_are_found() {
        let page = Page::of_html(
            r#"<!-- <img src="http://127.0.0.1/no"> --><p title="a > b">Hi
            <A class=x HREF='http://127.0.0.1:9/c/1?a=1&amp;b=2'>one</A>
            <a href="https://www.northlight.example/">elsewhere</a> <a href=mailto:x@y.example>mail</a>
            <abbr href="http://127.0.0.1/no">no</abbr>
            <img alt="" width="1" src=http://localhost:9/o/t.gif /><img src="cid:logo">"#,
        );
        assert_eq!(page.links, ["http://127.0.0.1:9/c/1?a=1&b=2"]);
        assert_eq!(page.images, ["http://localhost:9/o/t.gif"]);
    }

    #[test]
    fn quoted_printable_and_base64_are_decoded() {
        let quoted = b"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n\
            --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            <img src=3D\"http://127.0.0.1:9/o/lo=\r\nng.gif\">\r\n--b--\r\n";
        assert_eq!(Page::of_message(quoted).images, ["http://127.0.0.1:9/o/long.gif"]);
        let base64 = b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGEgaHJlZj0iaHR0cDovLzEyNy4wLjAuMTo5L2MveCI+eDwvYT4=\r\n";
        assert_eq!(Page::of_message(base64).links, ["http://127.0.0.1:9/c/x"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(html in "[<>a-z!='\"&# /é-]{0,200}") {
            let _ = Page::of_html(&html);
            let _ = Page::of_html(&format!("<img {html}><a {html}"));
        }
    }
}
