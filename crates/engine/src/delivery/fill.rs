//! Fills an email's dynamic fields in and adds the signature.

use domain::input::{Code, Invalid};
use mail::template::{Format, Template};

use crate::{
    Error, Result,
    emails::{Context, Preview},
};

/// The email as its person would receive it, before links are rewritten.
pub(crate) fn fill(context: &Context) -> Result<Preview> {
    let values = context.values();
    let subject = parse("subject", &context.body.subject, Format::Line)?.render(&values);
    let body = parse("body_html", &context.body.html, Format::Html)?.render(&values);
    let signature = context.identity.as_ref().map_or("", |identity| identity.signature_html.as_str());
    // A value may stand where only a safe one may: `<a href="{{ linkedin_url }}">`.
    let html =
        mail::html::sanitize(&with_signature(&body.output, signature, context.email.follow_up_of.is_some())).html;
    let mut unresolved = subject.unresolved;
    unresolved.extend(body.unresolved);
    unresolved.sort();
    unresolved.dedup();
    Ok(Preview { text: mail::html::to_text(&html), subject: subject.output, html, unresolved })
}

fn parse(field: &'static str, text: &str, format: Format) -> Result<Template> {
    Template::parse(text, format)
        .map_err(|error| Error::from(Invalid::new(field, Code::BadField { text: error.excerpt })))
}

/// The signature stands under what was written: in a follow-up before the quoted original and the line above it.
pub(super) fn with_signature(html: &str, signature: &str, follow_up: bool) -> String {
    if signature.trim().is_empty() {
        return html.to_owned();
    }
    let quote = if follow_up { html.find("<blockquote") } else { None };
    let place = quote.map_or(html.len(), |start| html[..start].rfind("<p").unwrap_or(start));
    format!("{}<div>{signature}</div>{}", &html[..place], &html[place..])
}

#[cfg(test)]
mod tests {
    use super::with_signature;

    #[test]
    fn the_signature_stands_under_what_was_written() {
        assert_eq!(with_signature("<p>Hi</p>", "<p>E</p>", false), "<p>Hi</p><div><p>E</p></div>");
        assert_eq!(with_signature("<p>Hi</p>", " ", false), "<p>Hi</p>");
    }

    #[test]
    fn in_a_follow_up_it_stands_before_the_quoted_original() {
        let body = "<p>Hi</p><p>On 9 April, E wrote:</p><blockquote><p>Old</p></blockquote>";
        let signed = with_signature(body, "E", true);
        assert_eq!(signed, "<p>Hi</p><div>E</div><p>On 9 April, E wrote:</p><blockquote><p>Old</p></blockquote>");
    }

    #[test]
    fn a_quotation_in_a_first_email_is_part_of_what_was_written() {
        let body = "<p>You said:</p><blockquote>x</blockquote><p>Yes.</p>";
        assert!(with_signature(body, "E", false).ends_with("<div>E</div>"));
    }
}
