//! Links are led through our redirect and an image tells that the message was shown; and both are undone.

use lol_html::{Settings, element, rewrite_str};

use super::{decode, escape};

/// `html` with every web link replaced by what `link` makes of its number and address, and with an invisible image.
///
/// Links count from 0. Links to mailboxes and telephones stay. Expects sanitised HTML; what cannot be followed is
/// returned unchanged, because an email without tracking is better than none.
pub fn track(html: &str, mut link: impl FnMut(usize, &str) -> String, pixel_url: &str) -> String {
    let mut number = 0;
    let settings = Settings::new().with_strict(false).append_element_content_handler(element!("a[href]", |element| {
        if let Some(url) = element.get_attribute("href").as_deref().and_then(web_address) {
            element.set_attribute("href", &escape(&link(number, &url)))?;
            number += 1;
        }
        Ok(())
    }));
    let mut tracked = rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned());
    let pixel = escape(pixel_url);
    tracked.push_str("<img src=\"");
    tracked.push_str(&pixel);
    tracked.push_str("\" alt=\"\" width=\"1\" height=\"1\">");
    tracked
}

/// `html` as it was before [`track`]: `original` answers the address behind one of our links, and `is_pixel` knows our
/// image.
pub fn untrack(
    html: &str,
    mut original: impl FnMut(&str) -> Option<String>,
    is_pixel: impl Fn(&str) -> bool,
) -> String {
    let links = element!("a[href]", |element| {
        if let Some(url) = element.get_attribute("href").and_then(|href| original(&decode(&href))) {
            element.set_attribute("href", &escape(&url))?;
        }
        Ok(())
    });
    let pixels = element!("img[src]", |element| {
        if element.get_attribute("src").is_some_and(|source| is_pixel(&decode(&source))) {
            element.remove();
        }
        Ok(())
    });
    let settings =
        Settings::new().with_strict(false).append_element_content_handler(links).append_element_content_handler(pixels);
    rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned())
}

/// The address, if it is one of the web.
fn web_address(href: &str) -> Option<String> {
    let href = decode(href);
    let url = url::Url::parse(href.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| href.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXEL: &str = "https://t.example/o/abc.gif";

    fn led_through(number: usize, url: &str) -> String {
        format!(
            "https://t.example/c/{number}?u={}",
            url::form_urlencoded::byte_serialize(url.as_bytes()).collect::<String>()
        )
    }

    #[test]
    fn web_links_are_numbered_and_the_others_stay() {
        let html = "<p><a href=\"https://a.example/?x=1&amp;y=2\">a</a> <a href=\"mailto:b@c.example\">b</a> \
            <a href=\"HTTP://d.example\">d</a> <a>e</a></p>";
        let mut seen = Vec::new();
        let tracked = track(
            html,
            |number, url| {
                seen.push((number, url.to_owned()));
                format!("https://t.example/c/{number}?a=1&b=\"2\"")
            },
            PIXEL,
        );
        assert_eq!(seen, [(0, "https://a.example/?x=1&y=2".to_owned()), (1, "HTTP://d.example".to_owned())]);
        assert_eq!(
            tracked,
            "<p><a href=\"https://t.example/c/0?a=1&amp;b=&quot;2&quot;\">a</a> <a href=\"mailto:b@c.example\">b</a> \
             <a href=\"https://t.example/c/1?a=1&amp;b=&quot;2&quot;\">d</a> <a>e</a></p>\
             <img src=\"https://t.example/o/abc.gif\" alt=\"\" width=\"1\" height=\"1\">"
        );
    }

    #[test]
    fn tracking_is_undone_without_a_trace() {
        let html = "<p>x <a href=\"https://a.example/?x=1&amp;y=2\">a</a><img src=\"https://i.example/logo.png\" alt=\"L\"></p>";
        let tracked = track(html, led_through, PIXEL);
        let original = |url: &str| {
            let url = url::Url::parse(url).ok()?;
            url.query_pairs().find(|(key, _)| key == "u").map(|(_, value)| value.into_owned())
        };
        assert_eq!(untrack(&tracked, original, |source| source.starts_with("https://t.example/o/")), html);
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let html = "<a href=\"https://t.other.example/c/1\">a</a><img src=\"https://i.example/o/x.gif\">";
        assert_eq!(untrack(html, |_| None, |_| false), html);
    }
}
