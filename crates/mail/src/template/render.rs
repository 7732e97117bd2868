//! Putting a person's values in place.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{Field, Format, Piece, Template, filters::Filter};
use crate::html::escape;

/// A template with values in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The result.
    pub output: String,
    /// Fields without a value and without a default, sorted. An email with any of these must not be sent.
    pub unresolved: Vec<String>,
}

/// A piece of what a template becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// What stands in the template, the same for everybody.
    Same(&'a str),
    /// A value, as it is written where it stands.
    Own(&'a str),
}

impl Template {
    /// Puts `values` in place. A blank value is no value.
    pub fn render(&self, values: &BTreeMap<String, String>) -> Rendered {
        // A value is seldom longer than the field it stands for.
        let length = |piece: &Piece| if let Piece::Literal(text) = piece { text.len() } else { 32 };
        let mut output = String::with_capacity(self.pieces.iter().map(length).sum());
        let unresolved = self.render_parts(values, |part| {
            let (Part::Same(text) | Part::Own(text)) = part;
            output.push_str(text);
        });
        Rendered { output, unresolved }
    }

    /// As [`Self::render`], each part of the result by itself, in their order; answers the fields that are unresolved.
    pub fn render_parts(&self, values: &BTreeMap<String, String>, mut each: impl FnMut(Part<'_>)) -> Vec<String> {
        let mut unresolved = BTreeSet::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => each(Part::Same(text)),
                Piece::Field(field) => {
                    if !field.is_resolved(values) {
                        unresolved.insert(field.name.clone());
                    }
                    each(Part::Own(&self.format.written(&field.value(values))));
                    each(Part::Own(&field.tags));
                }
            }
        }
        unresolved.into_iter().collect()
    }

    /// What is the same for everybody, as [`Self::render_parts`] will give it, in its order.
    pub fn same_for_everybody(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.as_str()),
            Piece::Field(_) => None,
        })
    }

    /// The fields that `values` leaves without a value, sorted.
    pub fn unresolved(&self, values: &BTreeMap<String, String>) -> Vec<&str> {
        let names: BTreeSet<_> =
            self.each_field().filter(|field| !field.is_resolved(values)).map(|field| field.name.as_str()).collect();
        names.into_iter().collect()
    }
}

impl Field {
    fn is_resolved(&self, values: &BTreeMap<String, String>) -> bool {
        values.get(&self.name).is_some_and(|value| !value.trim().is_empty())
            || self.filters.iter().any(|filter| matches!(filter, Filter::Default(_)))
    }

    fn value<'a>(&'a self, values: &'a BTreeMap<String, String>) -> Cow<'a, str> {
        let value = values.get(&self.name).map_or("", String::as_str);
        self.filters.iter().fold(Cow::Borrowed(value), |value, filter| filter.apply(value))
    }
}

impl Format {
    fn written(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Html => escape(value),
            Self::Line if value.contains(breaks_a_line) => value.replace(breaks_a_line, " ").into(),
            Self::Line => value.into(),
        }
    }
}

/// Control characters and Unicode's line and paragraph separators.
fn breaks_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn render(source: &str, format: Format, pairs: &[(&str, &str)]) -> String {
        Template::parse(source, format).unwrap().render(&values(pairs)).output
    }

    #[test]
    fn fields_become_values() {
        let person = [("first_name", "Marta"), ("company", "")];
        assert_eq!(render("Hi {{first_name}}!", Format::Line, &person), "Hi Marta!");
        assert_eq!(
            render("{{ company | default: \"your | company, really\" | upcase }}", Format::Line, &person),
            "YOUR | COMPANY, REALLY"
        );
    }

    #[test]
    fn a_value_cannot_become_markup() {
        let evil = [("company", "<script>alert('x')</script> & \"Sons\"")];
        assert_eq!(
            render("<p title=\"{{ company }}\">", Format::Html, &evil),
            "<p title=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Sons&quot;\">"
        );
    }

    #[test]
    fn a_default_cannot_become_markup_either() {
        assert_eq!(render("{{ a | default: &quot;&lt;b&gt;&quot; }}", Format::Html, &[]), "&lt;b&gt;");
    }

    #[test]
    fn a_value_cannot_begin_a_new_header() {
        let evil = [("first_name", "Marta\r\nBcc: all@example.org\u{2028}x")];
        assert_eq!(render("Hi {{ first_name }}", Format::Line, &evil), "Hi Marta  Bcc: all@example.org x");
    }

    #[test]
    fn what_an_editor_does_between_braces_is_understood() {
        let person = [("first_name", "Marta")];
        assert_eq!(render("<p>{{&nbsp;first_name&nbsp;}}</p>", Format::Html, &person), "<p>Marta</p>");
        assert_eq!(
            render("<p>{{ first<b>_name</b> | default: &quot;you&quot; }}</p>", Format::Html, &person),
            "<p>Marta<b></b></p>"
        );
        assert_eq!(render("<b>{{ first_name</b> }}", Format::Html, &person), "<b>Marta</b>");
    }

    #[test]
    fn a_field_without_value_and_default_is_unresolved() {
        let template = Template::parse(
            "{{ first_name }} {{ company | default: \"\" }} {{ title | upcase }} {{ phone }}",
            Format::Line,
        )
        .unwrap();
        let person = values(&[("first_name", "Marta"), ("title", "  ")]);
        assert_eq!(template.unresolved(&person), ["phone", "title"]);
        assert_eq!(template.render(&person).unresolved, ["phone", "title"]);
    }

    proptest! {
        #[test]
        fn values_never_leave_their_place(value in ".{0,60}") {
            let html = render("<p>{{ a }}</p>", Format::Html, &[("a", &value)]);
            prop_assert_eq!(html.matches('<').count(), 2);
            let line = render("{{ a }}", Format::Line, &[("a", &value)]);
            prop_assert!(!line.chars().any(char::is_control));
            prop_assert_eq!(line.chars().count(), value.chars().count());
        }
    }
}
