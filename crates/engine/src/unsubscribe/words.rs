//! What a recipient reads, in their language: a catalogue for each, English where nothing else fits.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

/// Tags (BCP 47) and catalogues, English first.
const CATALOGUES: [(&str, &str); 8] = [
    ("en", include_str!("words/en.ftl")),
    ("fr", include_str!("words/fr.ftl")),
    ("de", include_str!("words/de.ftl")),
    ("es", include_str!("words/es.ftl")),
    ("pt", include_str!("words/pt.ftl")),
    ("ja", include_str!("words/ja.ftl")),
    ("ko", include_str!("words/ko.ftl")),
    ("zh-Hant", include_str!("words/zh-Hant.ftl")),
];

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
    LazyLock::new(|| CATALOGUES.iter().map(|(tag, source)| bundle(tag, source)).collect());

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Language(usize);

impl Language {
    /// What the recipient's browser asks for (`Accept-Language`, RFC 9110 §12.5.4), else what is known of the person, else
    /// English.
    pub fn choose(accepted: Option<&str>, of_person: Option<&str>) -> Self {
        let mut wanted: Vec<(&str, f32)> = accepted.unwrap_or_default().split(',').filter_map(weighed).collect();
        wanted.sort_by(|a, b| b.1.total_cmp(&a.1));
        wanted.iter().map(|(tag, _)| *tag).chain(of_person).find_map(Self::of_tag).unwrap_or_default()
    }

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        CATALOGUES.get(self.0).map_or("en", |(tag, _)| tag)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
        let mut parts = tag.split('-');
        let language = parts.next()?;
        let known = if language == "zh" {
            // Readers of simplified characters are better served by English.
            parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo")).then_some("zh-Hant")?
        } else {
            language
        };
        CATALOGUES.iter().position(|(tag, _)| *tag == known).map(Self)
    }
}

/// One language wanted, and how much.
fn weighed(part: &str) -> Option<(&str, f32)> {
    let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
    let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
    (weight > 0.0).then_some((tag.trim(), weight))
}

/// The words of a language.
#[derive(Debug, Clone, Copy)]
pub struct Words(Language);

impl Words {
    /// Those of `language`.
    pub fn of(language: Language) -> Self {
        Self(language)
    }

    /// The message `id` with `values` in place; in English where the language lacks it.
    pub fn say(self, id: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, *value);
        }
        [self.0, Language::default()].into_iter().find_map(|language| look_up(language, id, &args)).unwrap_or_default()
    }
}

/// The words the product comes with for the end of an email, and those of them that are the link. `{link}` stands for these.
pub(super) fn default_message() -> (String, String) {
    let words = Words::of(Language::default());
    (words.say("message", &[("link", "{link}")]), words.say("message-link", &[]))
}

fn look_up(language: Language, id: &str, args: &FluentArgs<'_>) -> Option<String> {
    let bundle = BUNDLES.get(language.0)?;
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let words = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
    errors.is_empty().then_some(words)
}

fn bundle(tag: &str, source: &str) -> FluentBundle<FluentResource> {
    // What a resource could not be read for is left out; a test sees that there is no such thing.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(source: &str) -> Vec<&str> {
        source.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).collect()
    }

    #[test]
    fn every_language_says_everything() {
        let values =
            [("company", "Northlight"), ("sender", "Elena"), ("address", "m@brisamar.example"), ("link", "here")];
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(name, value);
        }
        let english = ids(CATALOGUES[0].1);
        assert!(english.len() > 20);
        for (number, (tag, source)) in CATALOGUES.iter().enumerate() {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{tag}");
            assert_eq!(ids(source), english, "{tag}");
            for id in &english {
                let words = look_up(Language(number), id, &args).unwrap_or_else(|| panic!("{tag}: {id}"));
                assert!(!words.contains('{'), "{tag}: {words}");
            }
        }
    }

    #[test]
    fn the_browser_decides_before_what_is_known_of_the_person() {
        let choose = |accepted, of_person| Language::choose(accepted, of_person).tag();
        assert_eq!(choose(Some("pt-BR,pt;q=0.9,en;q=0.8"), Some("de")), "pt");
        assert_eq!(choose(Some("en;q=0.3, fr-CA;q=0.7"), None), "fr");
        assert_eq!(choose(Some("zh-TW"), None), "zh-Hant");
        assert_eq!(choose(Some("zh-CN,zh;q=0.9"), Some("ko")), "ko");
        assert_eq!(choose(Some("de;q=0, *"), None), "en");
        assert_eq!(choose(None, Some("ja_JP")), "ja");
        assert_eq!(choose(Some(",;;q=x, ;q=9"), Some("tlh")), "en");
    }
}
