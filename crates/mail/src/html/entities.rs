//! Character references, as far as a serialiser writes them.

use std::borrow::Cow;

/// The longest reference that is decoded: `&#x10FFFF;`.
const MAX_REFERENCE: usize = 10;

/// `text` as it stands in HTML, in element content and in quoted attributes alike.
pub fn escape(text: &str) -> Cow<'_, str> {
    // To the end in any case: without a branch inside, a processor looks at many letters at once.
    let special = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    if !text.as_bytes().iter().fold(false, |found, byte| found | special(byte)) {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    Cow::Owned(html)
}

/// The text that `html` stands for. References that serialisers do not write are left as they are.
pub(crate) fn decode(html: &str) -> Cow<'_, str> {
    if !html.contains('&') {
        return Cow::Borrowed(html);
    }
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('&') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let reference = rest.bytes().take(MAX_REFERENCE).position(|byte| byte == b';');
        let decoded = reference.and_then(|end| Some((named_or_numbered(&rest[1..end])?, end + 1)));
        let (c, length) = decoded.unwrap_or(('&', 1));
        text.push(c);
        rest = &rest[length..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

fn named_or_numbered(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn references_that_serialisers_write_are_understood() {
        assert_eq!(decode("a&amp;b &lt;&gt; &quot;&#39;&apos;&nbsp;&#x41;"), "a&b <> \"''\u{a0}A");
    }

    #[test]
    fn what_is_no_reference_stays() {
        assert_eq!(decode("R&D & &unknown; &; &#xD800; &#99999999999;"), "R&D & &unknown; &; &#xD800; &#99999999999;");
    }

    proptest! {
        #[test]
        fn escaping_is_undone_by_decoding(text in "\\PC*|[&#;<>\"'a-z0-9]{0,30}") {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            prop_assert_eq!(decode(&escaped).into_owned(), text);
        }

        #[test]
        fn decoding_never_panics(html in ".*|[&#;x0-9é]{0,30}") {
            decode(&html);
        }
    }
}
