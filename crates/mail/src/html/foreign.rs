//! What somebody else wrote, made fit to be quoted: nothing in it watches the reader, nothing in it is a dynamic field.

use lol_html::{Settings, element, html_content::Element, rewrite_str};
use url::Url;

use super::{decode, escape};

/// An image of at most so many pixels either way is not for looking at.
const TINY: f32 = 3.0;

/// What the addresses of images have in common that only tell that a message was opened.
const WATCHING_PATHS: &[&str] =
    &["/wf/open", "/track/open", "/trk/open", "/e/o/", "/o.gif", "/open.aspx", "/pixel", "/beacon", "/t.gif", "/imp?"];

/// Redirects that carry their target in plain sight: the end of the host, the beginning of the path, the parameter.
const REDIRECTS: &[(&str, &str, &str)] = &[
    (".safelinks.protection.outlook.com", "/", "url"),
    ("www.google.com", "/url", "q"),
    ("www.google.com", "/url", "url"),
    ("l.facebook.com", "/l.php", "u"),
    ("www.linkedin.com", "/redir/redirect", "url"),
    ("www.youtube.com", "/redirect", "q"),
    ("slack-redir.net", "/link", "url"),
    ("deref-mail.com", "/mail/client", "redirectUrl"),
    ("deref-gmx.net", "/mail/client", "redirectUrl"),
    ("deref-web.de", "/mail/client", "redirectUrl"),
    ("linkprotect.cudasvc.com", "/url", "a"),
];

/// `html` without images that only watch, with redirects led straight to where they plainly lead, and with no dynamic
/// field: `{{` of a stranger is text. Other links and images stay.
pub fn without_trackers(html: &str) -> String {
    let images = element!("img", |element| {
        if only_watches(element) {
            element.remove();
        }
        Ok(())
    });
    let links = element!("a[href]", |element| {
        if let Some(href) = element.get_attribute("href") {
            let href = decode(&href);
            let target = plain_target(&href).unwrap_or_else(|| href.into_owned());
            element.set_attribute("href", &escape(&target.replace("{{", "%7B%7B")))?;
        }
        Ok(())
    });
    let settings =
        Settings::new().with_strict(false).append_element_content_handler(images).append_element_content_handler(links);
    // What cannot be followed is shown as the text it is.
    let html = rewrite_str(html, settings).unwrap_or_else(|_| escape(html).into_owned());
    // A word joiner is not seen, and the braces no longer stand together. The second time between what the first took for pairs.
    html.replace("{{", "{\u{2060}{").replace("{{", "{\u{2060}{")
}

fn only_watches(image: &Element<'_, '_>) -> bool {
    let attribute = |name: &str| image.get_attribute(name).map(|value| decode(&value).to_ascii_lowercase());
    let style = attribute("style").unwrap_or_default().replace(' ', "");
    let declared = |name: &str| {
        attribute(name).or_else(|| {
            let declaration = style.split(';').find_map(|it| it.strip_prefix(name)?.strip_prefix(':'));
            declaration.map(str::to_owned)
        })
    };
    let sizes: Vec<f32> = ["width", "height"].into_iter().filter_map(declared).filter_map(|it| pixels(&it)).collect();
    let hidden = ["display:none", "visibility:hidden", "opacity:0", "max-height:0", "max-width:0"]
        .iter()
        .any(|way| style.split(';').any(|declaration| declaration == *way || declaration == format!("{way}px")));
    let source = attribute("src").unwrap_or_default();
    let named_so = sizes.is_empty() && WATCHING_PATHS.iter().any(|path| source.contains(path));
    hidden || named_so || sizes.iter().any(|size| *size <= TINY)
}

/// A length in pixels; others are relative, and not judged.
fn pixels(length: &str) -> Option<f32> {
    length.trim().trim_end_matches("px").parse().ok()
}

/// Where a known redirect leads, if its address says so.
fn plain_target(href: &str) -> Option<String> {
    let url = Url::parse(href.trim()).ok()?;
    let host = url.host_str()?;
    let target = match host {
        "urldefense.proofpoint.com" => proofpoint_v2(&url)?,
        "urldefense.com" | "urldefense.us" => proofpoint_v3(href)?,
        _ => {
            let fits = |(end, path, _): &&(&str, &str, &str)| {
                host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || end.starts_with('.'))
                    && url.path().starts_with(path)
            };
            REDIRECTS.iter().filter(fits).find_map(|(_, _, parameter)| {
                url.query_pairs().find(|(name, _)| name == parameter).map(|(_, value)| value.into_owned())
            })?
        }
    };
    let led_to = Url::parse(&target).ok()?;
    (matches!(led_to.scheme(), "http" | "https") && led_to.has_host()).then_some(target)
}

/// `…/v2/url?u=https-3A__x.example_a&…`: `-` stands for `%`, `_` for `/`.
fn proofpoint_v2(url: &Url) -> Option<String> {
    let (_, coded) = url.query_pairs().find(|(name, _)| name == "u")?;
    let coded = coded.replace('-', "%").replace('_', "/");
    let parsed =
        url::form_urlencoded::parse(format!("u={}", coded.replace('+', "%2B")).as_bytes()).next()?.1.into_owned();
    Some(parsed)
}

/// `…/v3/__https://x.example/a__;…`; what was replaced by `*` is not in plain sight.
fn proofpoint_v3(href: &str) -> Option<String> {
    let (target, _) = href.split_once("/v3/__")?.1.split_once("__;")?;
    (!target.contains('*')).then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::sanitize;

    #[test]
    fn images_that_only_watch_are_gone_and_the_others_stay() {
        for gone in [
            "<img src=\"https://t.example/a.gif\" width=\"1\" height=\"1\">",
            "<img src=\"https://t.example/a.gif\" width=\"0\">",
            "<img src=\"https://t.example/a.gif\" style=\"width: 1px; height: 1px\">",
            "<img src=\"https://t.example/a.gif\" style=\"display:none\">",
            "<img src=\"https://t.example/wf/open?upn=abc\">",
            "<img src=\"https://t.example/pixel.gif?id=abc\" alt=\"\">",
        ] {
            assert_eq!(without_trackers(&format!("<p>a{gone}b</p>")), "<p>ab</p>", "{gone}");
        }
        for stays in [
            "<p><img src=\"https://x.example/logo.png\" alt=\"Logo\" width=\"120\" height=\"40\"></p>",
            "<p><img src=\"https://x.example/photo.jpg\"></p>",
            "<p><img src=\"https://x.example/line.png\" width=\"100%\" style=\"opacity:0.8\"></p>",
        ] {
            assert_eq!(without_trackers(stays), stays);
        }
    }

    #[test]
    fn a_redirect_leads_straight_on_when_its_target_is_in_plain_sight() {
        let table = [
            (
                "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fb%3Fc%3Dd&data=x",
                "https://a.example/b?c=d",
            ),
            ("https://www.google.com/url?q=https://a.example/&sa=D", "https://a.example/"),
            ("https://urldefense.com/v3/__https://a.example/b__;!!abc!def$", "https://a.example/b"),
            ("https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_b-2Dc&d=x", "https://a.example/b-c"),
            // Nobody can see where these lead.
            ("https://urldefense.com/v3/__https://a.example/*b__;Iw!!abc$", ""),
            ("https://click.list.example/track?u=abc", ""),
            ("https://www.google.com/search?q=https://a.example/", ""),
            ("https://evil-www.google.com/url?q=https://a.example/", ""),
            ("https://www.google.com/url?q=javascript:alert(1)", ""),
            ("mailto:a@b.example", ""),
        ];
        for (from, to) in table {
            let expected = if to.is_empty() { from } else { to };
            let html = format!("<a href=\"{}\">x</a>", escape(from));
            assert_eq!(without_trackers(&html), format!("<a href=\"{}\">x</a>", escape(expected)), "{from}");
        }
    }

    #[test]
    fn braces_of_a_stranger_are_no_field() {
        let html = "<p>{{ first_name }} {{{x}}}</p><a href=\"https://a.example/{{b}}\" title=\"{{c}}\">d</a>";
        let quoted = without_trackers(html);
        assert!(!quoted.contains("{{"), "{quoted}");
        assert!(!sanitize(&quoted).html.contains("{{"), "{quoted}");
    }
}
