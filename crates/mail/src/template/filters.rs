//! The filters there are. Names and behaviour are Liquid's.

use std::borrow::Cow;

use super::parse::{Problem, QUOTES};

/// The longest result of a filter, in characters.
const MAX_RESULT: usize = 10_000;

/// A filter as the interface offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilterInfo {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub example: &'static str,
}

/// Every filter, in the order of a menu.
pub const FILTERS: &[FilterInfo] = &[
    FilterInfo { name: "default", example: "{{ company | default: \"your company\" }}" },
    FilterInfo { name: "capitalize", example: "{{ first_name | capitalize }}" },
    FilterInfo { name: "upcase", example: "{{ last_name | upcase }}" },
    FilterInfo { name: "downcase", example: "{{ title | downcase }}" },
    FilterInfo { name: "strip", example: "{{ company | strip }}" },
    FilterInfo { name: "truncate", example: "{{ company | truncate: 20 }}" },
    FilterInfo { name: "append", example: "{{ first_name | append: \",\" }}" },
    FilterInfo { name: "prepend", example: "{{ title | prepend: \"as \" }}" },
    FilterInfo { name: "url_encode", example: "{{ company | url_encode }}" },
];

/// A filter with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    Default(String),
    Capitalize,
    Upcase,
    Downcase,
    Strip,
    Truncate { length: usize, ellipsis: String },
    Append(String),
    Prepend(String),
    UrlEncode,
}

impl Filter {
    pub(super) fn new(name: &str, arguments: &[&str]) -> Result<Self, Problem> {
        let bad = || Problem::BadArguments(name.to_owned());
        let text = |argument: &str| unquoted(argument).ok_or_else(bad);
        Ok(match (name, arguments) {
            ("default", [fallback]) => Self::Default(text(fallback)?),
            ("capitalize", []) => Self::Capitalize,
            ("upcase", []) => Self::Upcase,
            ("downcase", []) => Self::Downcase,
            ("strip", []) => Self::Strip,
            ("truncate", [length]) => {
                Self::Truncate { length: length.parse().map_err(|_| bad())?, ellipsis: "...".to_owned() }
            }
            ("truncate", [length, ellipsis]) => {
                Self::Truncate { length: length.parse().map_err(|_| bad())?, ellipsis: text(ellipsis)? }
            }
            ("append", [suffix]) => Self::Append(text(suffix)?),
            ("prepend", [prefix]) => Self::Prepend(text(prefix)?),
            ("url_encode", []) => Self::UrlEncode,
            _ if FILTERS.iter().any(|filter| filter.name == name) => return Err(bad()),
            _ => return Err(Problem::UnknownFilter(name.to_owned())),
        })
    }

    pub(super) fn apply<'a>(&'a self, value: Cow<'a, str>) -> Cow<'a, str> {
        let result: Cow<'a, str> = match self {
            Self::Default(fallback) if value.trim().is_empty() => fallback.into(),
            Self::Default(_) => value,
            Self::Capitalize => capitalize(&value).into(),
            Self::Upcase => value.to_uppercase().into(),
            Self::Downcase => value.to_lowercase().into(),
            Self::Strip => value.trim().to_owned().into(),
            Self::Truncate { length, ellipsis } => truncate(&value, *length, ellipsis).into(),
            Self::Append(suffix) => value + suffix.as_str(),
            Self::Prepend(prefix) => format!("{prefix}{value}").into(),
            Self::UrlEncode => url::form_urlencoded::byte_serialize(value.as_bytes()).collect(),
        };
        match result.char_indices().nth(MAX_RESULT) {
            Some((end, _)) => result[..end].to_owned().into(),
            None => result,
        }
    }
}

/// The first letter large and the others small, as Liquid does it.
fn capitalize(value: &str) -> String {
    let mut chars = value.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect())
        .unwrap_or_default()
}

/// At most `length` characters, the ellipsis among them.
fn truncate(value: &str, length: usize, ellipsis: &str) -> String {
    if value.chars().count() <= length {
        return value.to_owned();
    }
    let kept = length.saturating_sub(ellipsis.chars().count());
    value.chars().take(kept).chain(ellipsis.chars()).collect()
}

/// The text between quotation marks; a number is taken without.
fn unquoted(argument: &str) -> Option<String> {
    let mut chars = argument.chars();
    let (first, last) = (chars.next()?, chars.next_back());
    let quoted =
        QUOTES.iter().any(|(opening, closing)| *opening == first && last.is_some_and(|last| closing.contains(&last)));
    if quoted { Some(chars.collect()) } else { argument.parse::<f64>().is_ok().then(|| argument.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(name: &str, arguments: &[&str], value: &str) -> String {
        Filter::new(name, arguments).unwrap().apply(value.into()).into_owned()
    }

    #[test]
    fn every_filter_does_what_liquid_says() {
        let table: &[(&str, &[&str], &str, &str)] = &[
            ("default", &["\"you\""], "", "you"),
            ("default", &["'you'"], " ", "you"),
            ("default", &["“you”"], "", "you"),
            ("default", &["\"you\""], "Ada", "Ada"),
            ("default", &["0"], "", "0"),
            ("capitalize", &[], "ÉLODIE", "Élodie"),
            ("capitalize", &[], "", ""),
            ("upcase", &[], "straße", "STRASSE"),
            ("downcase", &[], "CEO", "ceo"),
            ("strip", &[], "  a b ", "a b"),
            ("truncate", &["10"], "Brisamar Shipping", "Brisama..."),
            ("truncate", &["8", "\"…\""], "Brisamar Shipping", "Brisama…"),
            ("truncate", &["40"], "Brisamar", "Brisamar"),
            ("truncate", &["1"], "Brisamar", "..."),
            ("append", &["\",\""], "Ada", "Ada,"),
            ("prepend", &["\"as \""], "CEO", "as CEO"),
            ("url_encode", &[], "R&D é", "R%26D+%C3%A9"),
        ];
        for (name, arguments, value, expected) in table {
            assert_eq!(apply(name, arguments, value), *expected, "{value} | {name}: {arguments:?}");
        }
    }

    #[test]
    fn every_filter_of_the_menu_can_be_written_as_its_example_says() {
        for filter in FILTERS {
            let template = crate::template::Template::parse(filter.example, crate::template::Format::Line);
            assert!(template.is_ok(), "{}", filter.example);
        }
    }

    #[test]
    fn no_chain_of_filters_grows_without_end() {
        let long = "x".repeat(MAX_RESULT);
        assert_eq!(apply("append", &[&format!("\"{long}\"")], &long).len(), MAX_RESULT);
    }
}
