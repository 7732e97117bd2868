//! Reading a template. Mistakes are told with their place and the words they stand in.

use super::{Field, Format, MAX_FIELDS, Piece, Template, filters::Filter};
use crate::html::decode;

/// The longest expression between two pairs of braces, in bytes.
const MAX_EXPRESSION: usize = 1_000;
/// How much of a faulty expression is quoted in the error, in characters.
const EXCERPT: usize = 60;

/// A template that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem} in {excerpt:?}")]
pub struct ParseError {
    /// The line of the opening braces, from 1.
    pub line: usize,
    /// Their column in characters, from 1.
    pub column: usize,
    /// The words they begin.
    pub excerpt: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// `{{` without `}}`.
    #[error("a field is not closed")]
    Unclosed,
    /// `{{ }}`.
    #[error("a field has no name")]
    NoName,
    /// A name with anything but letters, digits and underscores.
    #[error("{0:?} is no field name")]
    BadName(String),
    /// A filter that does not exist.
    #[error("there is no filter {0:?}")]
    UnknownFilter(String),
    /// A filter with a value missing, too many values or a value of the wrong kind.
    #[error("the filter {0:?} needs other values")]
    BadArguments(String),
    /// A quotation mark without its partner.
    #[error("a quotation is not closed")]
    UnclosedQuote,
    /// `{% … %}`.
    #[error("tags are not supported")]
    Tag,
    /// More fields than a template may hold.
    #[error("there are too many fields")]
    TooMany,
}

impl Problem {
    /// A stable name of the case, for the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unclosed => "unclosed_field",
            Self::NoName => "no_field_name",
            Self::BadName(_) => "bad_field_name",
            Self::UnknownFilter(_) => "unknown_filter",
            Self::BadArguments(_) => "bad_filter_values",
            Self::UnclosedQuote => "unclosed_quote",
            Self::Tag => "tag",
            Self::TooMany => "too_many_fields",
        }
    }
}

impl Template {
    /// Reads `source`.
    ///
    /// # Errors
    /// [`ParseError`] for the first mistake.
    pub fn parse(source: &str, format: Format) -> Result<Self, ParseError> {
        let mut pieces = Vec::new();
        let mut fields = 0;
        let mut at = 0;
        while let Some(start) = source[at..].find('{').map(|offset| at + offset) {
            let fail = |problem| error(source, start, problem);
            let length = match &source.as_bytes()[start..] {
                [b'{', b'{', ..] => {
                    let (field, length) = field(&source[start..], format).map_err(fail)?;
                    fields += 1;
                    if fields > MAX_FIELDS {
                        return Err(fail(Problem::TooMany));
                    }
                    push_literal(&mut pieces, &source[at..start]);
                    pieces.push(Piece::Field(field));
                    length
                }
                [b'{', b'%', rest @ ..] if rest.windows(2).take(MAX_EXPRESSION).any(|pair| pair == b"%}") => {
                    return Err(fail(Problem::Tag));
                }
                _ => {
                    push_literal(&mut pieces, &source[at..=start]);
                    1
                }
            };
            at = start + length;
        }
        push_literal(&mut pieces, &source[at..]);
        Ok(Self { format, pieces })
    }
}

fn push_literal(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Literal(literal)) => literal.push_str(text),
        _ => pieces.push(Piece::Literal(text.to_owned())),
    }
}

fn error(source: &str, start: usize, problem: Problem) -> ParseError {
    let before = &source[..start];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    ParseError {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        excerpt: source[start..].chars().take(EXCERPT).collect(),
        problem,
    }
}

/// The field that `source` begins with, and its length in bytes, braces included.
pub(super) fn field(source: &str, format: Format) -> Result<(Field, usize), Problem> {
    let inside = &source[2..];
    let end = inside.find("}}").filter(|end| *end <= MAX_EXPRESSION).ok_or(Problem::Unclosed)?;
    let (expression, tags) = match format {
        Format::Html => split_tags(&inside[..end]),
        Format::Line => (inside[..end].to_owned(), String::new()),
    };
    let mut parts = split_outside_quotes(&expression, '|')?.into_iter();
    let name = parts.next().unwrap_or_default().trim().to_owned();
    check_name(&name)?;
    let filters = parts.map(|part| filter(&part)).collect::<Result<_, _>>()?;
    Ok((Field { name, filters, tags }, end + 4))
}

/// An expression in HTML: its text, and the tags that stood in it.
fn split_tags(html: &str) -> (String, String) {
    let (mut text, mut tags) = (String::new(), String::new());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        tags.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    text.push_str(rest);
    (decode(&text).replace('\u{a0}', " "), tags)
}

fn check_name(name: &str) -> Result<(), Problem> {
    if name.is_empty() {
        return Err(Problem::NoName);
    }
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Ok(())
    } else {
        Err(Problem::BadName(name.to_owned()))
    }
}

/// `name` or `name: value, value`.
fn filter(source: &str) -> Result<Filter, Problem> {
    let (name, arguments) = match source.split_once(':') {
        Some((name, arguments)) => (name.trim(), split_outside_quotes(arguments, ',')?),
        None => (source.trim(), Vec::new()),
    };
    let arguments = arguments.iter().map(|argument| argument.trim()).collect::<Vec<_>>();
    Filter::new(name, &arguments)
}

/// Straight and typographic quotation marks with their partners: editors and telephones change one into the other.
pub(super) const QUOTES: &[(char, &[char])] =
    &[('"', &['"']), ('\'', &['\'']), ('“', &['”', '“', '"']), ('„', &['“', '”']), ('‘', &['’', '\'']), ('«', &['»'])];

/// The marks that end a quotation which `mark` begins, if it begins one.
fn closing_marks(mark: char) -> Option<&'static [char]> {
    QUOTES.iter().find(|(opening, _)| *opening == mark).map(|(_, closing)| *closing)
}

/// The parts of `text` between separators that are not quoted.
fn split_outside_quotes(text: &str, separator: char) -> Result<Vec<String>, Problem> {
    let mut parts = vec![String::new()];
    let mut closing: Option<&[char]> = None;
    for c in text.chars() {
        match closing {
            Some(marks) if marks.contains(&c) => closing = None,
            None if c == separator => {
                parts.push(String::new());
                continue;
            }
            None => {
                closing = closing_marks(c);
            }
            Some(_) => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    if closing.is_some() { Err(Problem::UnclosedQuote) } else { Ok(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let error = Template::parse("Dear é,\nhello {{ first name }}!", Format::Line).unwrap_err();
        assert_eq!((error.line, error.column), (2, 7));
        assert_eq!(error.problem, Problem::BadName("first name".into()));
        assert_eq!(error.excerpt, "{{ first name }}!");
    }

    #[test]
    fn every_mistake_has_its_name() {
        let table = [
            ("{{ first_name", "unclosed_field"),
            ("{{}}", "no_field_name"),
            ("{{ | upcase }}", "no_field_name"),
            ("{{ 1st }}", "bad_field_name"),
            ("{{ a.b }}", "bad_field_name"),
            ("{{ a | shout }}", "unknown_filter"),
            ("{{ a | }}", "unknown_filter"),
            ("{{ a | default }}", "bad_filter_values"),
            ("{{ a | truncate: \"x\" }}", "bad_filter_values"),
            ("{{ a | default: \"x }}", "unclosed_quote"),
            ("{% if a %}", "tag"),
        ];
        for (source, code) in table {
            let error = Template::parse(source, Format::Line).unwrap_err();
            assert_eq!(error.problem.code(), code, "{source}");
        }
        let many = "{{a}}".repeat(MAX_FIELDS + 1);
        assert_eq!(Template::parse(&many, Format::Line).unwrap_err().problem, Problem::TooMany);
    }

    #[test]
    fn single_braces_and_percents_are_text() {
        for source in ["{ a }", "100 {% off", "}} {", "{"] {
            let template = Template::parse(source, Format::Line).unwrap();
            assert_eq!(template.pieces, [Piece::Literal(source.into())]);
        }
    }

    proptest! {
        #[test]
        fn no_source_makes_the_parser_panic(source in ".{0,60}|([{}%|:,\"'a“” <>&;]|é|default|\\{\\{|\\}\\}){0,30}") {
            let _ = Template::parse(&source, Format::Line);
            let _ = Template::parse(&source, Format::Html);
        }
    }
}
