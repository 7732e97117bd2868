//! Dynamic fields in Liquid's spelling: `{{ first_name }}`, `{{ company | default: "your company" }}`.
//!
//! Fields and a fixed list of filters; no tags, no loops. Values are escaped where they land: as text in an HTML body,
//! on one line in a header.

mod filters;
mod insert;
mod parse;
mod render;

use std::collections::BTreeSet;

pub use filters::{FILTERS, FilterInfo};
pub use insert::insert;
pub use parse::{ParseError, Problem};
pub use render::{Part, Rendered};

use filters::Filter;

/// The most fields one template may hold.
pub const MAX_FIELDS: usize = 1_000;

/// What a template is part of, which decides how it is read and how values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A body. Values are escaped; an editor may have put references or formatting inside a field's braces.
    Html,
    /// A header or another single line. Line breaks and control characters in values become spaces.
    Line,
}

/// A template that has been understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    format: Format,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Field(Field),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: String,
    filters: Vec<Filter>,
    /// Tags that an editor left between the braces; they follow the value, so that elements stay balanced.
    tags: String,
}

impl Template {
    /// The template up to where what is the same for everybody has more than so many characters that are not blank: what
    /// it becomes begins as with the whole.
    #[must_use]
    pub fn beginning(mut self, characters: usize) -> Self {
        let mut seen = 0;
        let enough = self.pieces.iter().position(|piece| {
            if let Piece::Literal(text) = piece {
                seen += text.chars().filter(|c| !c.is_whitespace()).count();
            }
            seen > characters
        });
        self.pieces.truncate(enough.map_or(self.pieces.len(), |last| last + 1));
        self
    }

    /// The names of the fields it uses, sorted.
    pub fn fields(&self) -> Vec<&str> {
        self.each_field().map(|field| field.name.as_str()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The fields it uses that are none of `known`, sorted.
    pub fn unknown(&self, known: &[&str]) -> Vec<&str> {
        self.fields().into_iter().filter(|name| !known.contains(name)).collect()
    }

    /// Whether a field stands inside a tag, as in `<a href="{{ linkedin_url }}">`, where escaping its value is not enough.
    /// Expects well-formed HTML.
    pub fn has_field_in_tag(&self) -> bool {
        let mut place = Place::Text;
        self.pieces.iter().any(|piece| match piece {
            Piece::Literal(text) => {
                place = text.chars().fold(place, Place::after);
                false
            }
            Piece::Field(_) => place != Place::Text,
        })
    }

    fn each_field(&self) -> impl Iterator<Item = &Field> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Field(field) => Some(field),
            Piece::Literal(_) => None,
        })
    }
}

/// Where in HTML one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Tag,
    /// In a value between quotation marks like this one.
    Value(char),
}

impl Place {
    fn after(self, c: char) -> Self {
        match (self, c) {
            (Self::Text, '<') => Self::Tag,
            (Self::Tag, '>') => Self::Text,
            (Self::Tag, '"' | '\'') => Self::Value(c),
            (Self::Value(mark), c) if c == mark => Self::Tag,
            (place, _) => place,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_field_inside_a_tag_is_found() {
        let inside = |html| Template::parse(html, Format::Html).unwrap().has_field_in_tag();
        assert!(!inside("<p title=\"a > b\">Hi {{ first_name }}</p>"));
        assert!(inside("<a href=\"x>{{ first_name }}\">x</a>"));
        assert!(inside("<a href='\">{{ first_name }}'>x</a>"));
        assert!(!inside("<p>{{ first_name }}</p>"));
    }

    #[test]
    fn a_template_knows_its_fields() {
        let template =
            Template::parse("{{ last_name }} {{first_name}} {{ first_name | upcase }} {{ shoe_size }}", Format::Line)
                .unwrap();
        assert_eq!(template.fields(), ["first_name", "last_name", "shoe_size"]);
        assert_eq!(template.unknown(&["first_name", "last_name"]), ["shoe_size"]);
    }
    #[test]
    fn a_beginning_is_long_enough_whatever_the_values_are() {
        let source = "{{ first_name }}  ab {{ company }}cd {{ title }}ef{{ phone }}";
        let begun = |characters| Template::parse(source, Format::Line).unwrap().beginning(characters);
        assert_eq!(begun(1).fields(), ["first_name"]);
        assert_eq!(begun(2).fields(), ["company", "first_name"]);
        assert_eq!(begun(5).fields(), ["company", "first_name", "title"]);
        assert_eq!(begun(6), Template::parse(source, Format::Line).unwrap());
        let whole = Template::parse(source, Format::Line).unwrap().render(&BTreeMap::new()).output;
        for characters in 0..8 {
            let short = begun(characters).render(&BTreeMap::new()).output;
            assert_eq!(crate::html::shorten(&short, characters), crate::html::shorten(&whole, characters));
        }
    }
}
