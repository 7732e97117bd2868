//! What to write: short sales letters of Northlight Sensors, an invented maker of cold-chain temperature loggers.
//!
//! Subjects and bodies hold dynamic fields; links lead to `https://….example` hosts. The sender's signature is expected
//! to follow each body.

mod english;
mod languages;

use crate::dice::dice;
use rand::seq::IndexedRandom as _;

/// A letter as a salesperson would write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// BCP 47 tag, as short as it can be.
    pub language: &'static str,
    /// Subject, which may hold dynamic fields.
    pub subject: &'static str,
    /// Body as HTML, which may hold dynamic fields.
    pub body_html: &'static str,
}

/// Every letter.
pub fn all() -> impl Iterator<Item = &'static Letter> {
    english::LETTERS.iter().chain(languages::LETTERS)
}

/// A letter for a reader of this language: the same seed and number give the same letter. Whoever has no letter in
/// their own language gets one in English.
pub fn choose(seed: u64, language: &str, nth: u64) -> Letter {
    let speaks = |letter: &&Letter| {
        let region = language.strip_prefix(letter.language);
        region.is_some_and(|region| region.is_empty() || region.starts_with('-'))
    };
    let mut fitting: Vec<&Letter> = all().filter(speaks).collect();
    if fitting.is_empty() {
        fitting = english::LETTERS.iter().collect();
    }
    let chosen = fitting.choose(&mut dice(seed, &["letter to write", &nth.to_string()]));
    **chosen.unwrap_or(&&english::LETTERS[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_a_couple_of_dozen_and_no_two_alike() {
        let subjects: HashSet<_> = all().map(|letter| letter.subject).collect();
        assert!(subjects.len() >= 24, "{}", subjects.len());
        assert_eq!(subjects.len(), all().count());
    }

    #[test]
    fn links_lead_to_example_hosts_only() {
        for letter in all() {
            let links: Vec<_> = letter.body_html.split("href=\"").skip(1).collect();
            assert!(links.len() <= 3, "{}", letter.subject);
            for link in links {
                let url = link.split('"').next().unwrap();
                let host = url.strip_prefix("https://").unwrap().split('/').next().unwrap();
                assert!(host.ends_with(".example"), "{url}");
            }
        }
    }

    #[test]
    fn only_known_fields_are_used_and_every_paragraph_is_closed() {
        for letter in all() {
            let text = format!("{}{}", letter.subject, letter.body_html);
            for field in text.split("{{").skip(1) {
                let name = field.split("}}").next().unwrap();
                assert!(["first_name", "last_name", "company"].contains(&name), "{name}");
            }
            assert_eq!(text.matches("<p>").count(), text.matches("</p>").count());
            assert!(text.contains("{{first_name}}") || text.contains("{{last_name}}"), "{}", letter.subject);
            assert!(!letter.subject.contains('<'));
        }
    }

    #[test]
    fn readers_get_their_language_or_english() {
        assert_eq!(choose(7, "ja", 3).language, "ja");
        assert_eq!(choose(7, "pt-BR", 3).language, "pt");
        assert_eq!(choose(7, "zh-Hans", 3).language, "zh-Hans");
        assert_eq!(choose(7, "am", 3).language, "en");
        assert_eq!(choose(7, "en-GB", 3), choose(7, "en-GB", 3));
    }
}
