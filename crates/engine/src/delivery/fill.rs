//! Fills an email's dynamic fields in and adds the signature.

use domain::input::{Code, Invalid};
use mail::template::{Format, Template};

use crate::{
    Error, Result,
    emails::{Letter, Preview},
};

/// The email as its person would receive it, before links are rewritten.
pub(crate) fn fill(letter: &Letter<'_>) -> Result<Preview> {
    let values = letter.values();
    let subject = parse("subject", &letter.body.subject, Format::Line)?.render(&values);
    let signature = letter.identity.map_or("", |identity| identity.signature_html.as_str());
    let signed = under_what_was_written(&letter.body.html, signature, letter.follow_up);
    let whole = letter.unsubscribe.put_into(&signed, letter.body.non_commercial, letter.follow_up);
    let body = parse("body_html", &whole, Format::Html)?.render(&values);
    // A value may stand where only a safe one may: `<a href="{{ linkedin_url }}">`.
    let html = mail::html::sanitize(&body.output).html;
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

/// Signature and unsubscribe message stand under what was written: in a follow-up before the quoted original and the line
/// above it.
pub(crate) fn under_what_was_written(html: &str, added: &str, follow_up: bool) -> String {
    if added.trim().is_empty() {
        return html.to_owned();
    }
    let quote = if follow_up { html.find("<blockquote") } else { None };
    let place = quote.map_or(html.len(), |start| html[..start].rfind("<p").unwrap_or(start));
    format!("{}<div>{added}</div>{}", &html[..place], &html[place..])
}

#[cfg(test)]
mod tests {
    use super::under_what_was_written;

    #[test]
    fn the_signature_stands_under_what_was_written() {
        assert_eq!(under_what_was_written("<p>Hi</p>", "<p>E</p>", false), "<p>Hi</p><div><p>E</p></div>");
        assert_eq!(under_what_was_written("<p>Hi</p>", " ", false), "<p>Hi</p>");
    }

    #[test]
    fn in_a_follow_up_it_stands_before_the_quoted_original() {
        let body = "<p>Hi</p><p>On 9 April, E wrote:</p><blockquote><p>Old</p></blockquote>";
        let signed = under_what_was_written(body, "E", true);
        assert_eq!(signed, "<p>Hi</p><div>E</div><p>On 9 April, E wrote:</p><blockquote><p>Old</p></blockquote>");
    }

    #[test]
    fn a_quotation_in_a_first_email_is_part_of_what_was_written() {
        let body = "<p>You said:</p><blockquote>x</blockquote><p>Yes.</p>";
        assert!(under_what_was_written(body, "E", false).ends_with("<div>E</div>"));
    }
}
