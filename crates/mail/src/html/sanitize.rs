//! Only what an email needs survives, and the writer is told which unsafe things did not.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};
use lol_html::{Settings, element, rewrite_str};

use super::{decode, escape, nesting::Nesting};

/// Where the interface finds an image that was put into an email; becomes a `cid:` when it is sent.
const ATTACHMENT_PATH: &str = "/api/v1/emails/";

const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "col",
    "colgroup",
    "del",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "title"]),
    ("img", &["src", "alt", "title", "width", "height"]),
    ("ol", &["start"]),
    ("table", &["width", "border", "cellpadding", "cellspacing", "align"]),
    ("td", &["colspan", "rowspan", "width", "align", "valign"]),
    ("th", &["colspan", "rowspan", "width", "align", "valign"]),
];

const STYLES: &[&str] = &[
    "background-color",
    "border",
    "border-collapse",
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
    "width",
];

/// Elements that run, load or ask for something. Others that an email has no use for go without a word.
const UNSAFE_ELEMENTS: &[&str] = &[
    "applet", "audio", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input", "link", "math",
    "meta", "object", "script", "select", "style", "svg", "textarea", "video",
];

/// Elements whose content goes with them, because it is not for reading.
const UNREADABLE: &[&str] = &[
    "applet", "frameset", "iframe", "math", "noscript", "object", "script", "style", "svg", "template", "textarea",
    "title",
];

/// HTML that is safe to keep, to show and to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sanitized {
    /// What remains.
    pub html: String,
    /// The kinds of unsafe things that were removed, sorted: the element's name, or `event_handler`, `unsafe_link`,
    /// `unsafe_image`.
    pub removed: Vec<String>,
}

/// Keeps what an email needs and removes the rest.
pub fn sanitize(html: &str) -> Sanitized {
    let Inspection { unsafe_kinds, html } = inspect(html);
    Sanitized { html: remove(&html), removed: unsafe_kinds.into_iter().collect() }
}

/// [`sanitize`] without the report.
pub(super) fn clean(html: &str) -> String {
    remove(&inspect(html).html)
}

fn remove(html: &str) -> String {
    static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);
    let cleaned = CLEANER.clean(html).to_string();
    // Without what stood between them, two elements may not stay inside one another: a heading ends at the next. The second
    // time what is written is what a reader makes of it.
    CLEANER.clean(&cleaned).to_string()
}

fn cleaner() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(UNREADABLE.iter().copied().collect())
        .generic_attributes(HashSet::from(["style", "dir", "lang"]))
        .tag_attributes(
            ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect::<HashMap<_, _>>(),
        )
        .filter_style_properties(STYLES.iter().copied().collect())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "href") => is_safe_link(value).then_some(Cow::Borrowed(value)),
            ("img", "src") => is_safe_image(value).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
    builder
}

/// A link may lead to the web, to a mailbox, to a telephone, or to whatever a dynamic field says.
///
/// A field's value is checked when it is known: what is rendered is sanitised again.
fn is_safe_link(value: &str) -> bool {
    has_scheme(value, &["http", "https", "mailto", "tel"]) || value.trim_start().starts_with("{{")
}

/// An image comes with the message, or over TLS.
fn is_safe_image(value: &str) -> bool {
    has_scheme(value, &["https", "cid"]) || (value.starts_with(ATTACHMENT_PATH) && !value.contains(".."))
}

fn has_scheme(value: &str, schemes: &[&str]) -> bool {
    value
        .trim_start()
        .split_once(':')
        .is_some_and(|(scheme, _)| schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

/// What an attentive reader of the source would object to, and the source with a bounded amount of nesting.
struct Inspection {
    unsafe_kinds: BTreeSet<String>,
    html: String,
}

/// Reads the source as it came. Tags beyond the bound of [`Nesting`] are taken out, their text stays; the cleaner then removes by
/// its own, stricter rules.
fn inspect(html: &str) -> Inspection {
    let mut unsafe_kinds = BTreeSet::new();
    let mut nesting = Nesting::default();
    let settings = Settings::new().with_strict(false).append_element_content_handler(element!("*", |element| {
        let name = element.tag_name();
        for attribute in element.attributes() {
            unsafe_kinds.extend(unsafe_kind(&name, &attribute.name(), &decode(&attribute.value())));
        }
        if nesting.is_exhausted() {
            element.remove_and_keep_content();
        } else if element.can_have_content() {
            element.on_end_tag(nesting.enter(&name))?;
        }
        if UNSAFE_ELEMENTS.contains(&name.as_str()) {
            unsafe_kinds.insert(name);
        }
        Ok(())
    }));
    // What the reader cannot follow is shown as the text it is.
    let html = rewrite_str(html, settings).unwrap_or_else(|_| escape(html).into_owned());
    Inspection { unsafe_kinds, html }
}

fn unsafe_kind(element: &str, attribute: &str, value: &str) -> Option<String> {
    let kind = match (element, attribute) {
        (_, handler) if handler.starts_with("on") => "event_handler",
        ("a" | "area", "href") if !value.is_empty() && !is_safe_link(value) => "unsafe_link",
        ("img", "src") if !is_safe_image(value) => "unsafe_image",
        _ => return None,
    };
    Some(kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_salesperson_writes_survives_as_it_is() {
        for html in [
            "<p>Dear <strong>Marta</strong>,</p><p>see <a href=\"https://brisamar.example/?a=1&amp;b=2\">this</a>.</p>",
            "<ul><li>one</li><li>two</li></ul><ol start=\"3\"><li>three</li></ol>",
            "<blockquote><p>quoted</p></blockquote><hr><pre><code>x &lt; y</code></pre>",
            "<p style=\"text-align:center;color:#ff0000\">red</p>",
            "<img src=\"cid:logo@quarterdeck\" alt=\"Logo\" width=\"80\">",
            "<img src=\"/api/v1/emails/1/attachments/2\" alt=\"\">",
            "<a href=\"mailto:x@y.example\">write</a> <a href=\"tel:+390612345\">call</a>",
            "<p>Hello {{ first_name | default: \"there\" }}</p><a href=\"{{ linkedin_url }}\">you</a>",
        ] {
            let sanitized = sanitize(html);
            assert_eq!(sanitized.html, html);
            assert!(sanitized.removed.is_empty(), "{html}: {:?}", sanitized.removed);
        }
    }

    #[test]
    fn what_is_unsafe_is_removed_and_named() {
        let table = [
            ("a<script>alert(1)</script>b", "ab", "script"),
            ("<p onclick=\"x()\">a</p>", "<p>a</p>", "event_handler"),
            ("<a href=\"javascript:x()\">a</a>", "<a>a</a>", "unsafe_link"),
            ("<a href=\"java&#10;script:x()\">a</a>", "<a>a</a>", "unsafe_link"),
            ("<a href=\"/etc\">a</a>", "<a>a</a>", "unsafe_link"),
            ("<img src=\"http://tracker.example/x.gif\">", "<img>", "unsafe_image"),
            ("<img src=\"data:image/svg+xml,x\">", "<img>", "unsafe_image"),
            ("<img src=\"/api/v1/emails/../members\">", "<img>", "unsafe_image"),
            ("<iframe src=\"https://x.example\">a</iframe>b", "b", "iframe"),
            ("<form action=\"https://x.example\"><input name=a></form>b", "b", "form"),
            ("<style>p{color:red}</style>a", "a", "style"),
            ("<svg onload=x()></svg>a", "a", "svg"),
            ("<p style=\"position:fixed;color:red\">a</p>", "<p style=\"color:red\">a</p>", ""),
        ];
        for (html, expected, kind) in table {
            let sanitized = sanitize(html);
            assert_eq!(sanitized.html, expected, "{html}");
            assert!(
                kind.is_empty() || sanitized.removed.iter().any(|removed| removed == kind),
                "{html}: {:?}",
                sanitized.removed
            );
        }
    }

    #[test]
    fn a_document_pasted_from_a_word_processor_becomes_its_content() {
        let html =
            "<html><head><title>Doc</title></head><body><o:p class=MsoNormal>Dear all</o:p><!-- x --></body></html>";
        assert_eq!(sanitize(html).html, "Dear all");
    }

    #[test]
    fn a_heading_that_came_to_stand_inside_another_follows_it() {
        assert_eq!(sanitize("<h6>a<x@y>b<h6>c</h6>").html, "<h6>ab</h6><h6>c</h6>");
    }

    proptest! {
        #[test]
        fn what_is_clean_stays_as_it_is(html in "(<(h1|h6|x|a|a href=\"https://x\"|p|b|li|ul|pre|table|td|/h1|/h6|/x|/a|/b|/p|/table)>|x){0,12}") {
            let cleaned = clean(&html);
            prop_assert_eq!(clean(&cleaned), cleaned.clone(), "{}", html);
        }

        #[test]
        fn what_is_clean_has_nothing_left_to_report(
            html in ".{0,80}|(<(script|svg/onload=x|img src=x onerror=y|a href=javascript:z|a href=\"https://x\"|p|b|table|td|style|iframe|/a|/style|/script|math|/p|/table)>|x|<!--|-->){0,20}",
        ) {
            let clean = clean(&html);
            prop_assert_eq!(inspect(&clean).unsafe_kinds, BTreeSet::new(), "{}", clean);
        }
    }
}
