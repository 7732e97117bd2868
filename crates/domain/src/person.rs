//! What a person is called in lists, and the words by which one is found while somebody types.

/// The longest word that is kept and looked for, in characters.
const MAX_WORD: usize = 40;

/// Both names in the order their language puts them; `None` when there are none.
pub fn full_name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) if is_east_asian(first) && is_east_asian(last) => Some(format!("{last} {first}")),
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (name, None) | (None, name) => name.map(str::to_owned),
    }
}

/// What lists show: the name, or else the address.
pub fn display_name(first: Option<&str>, last: Option<&str>, address: &str) -> String {
    full_name(first, last).unwrap_or_else(|| address.to_owned())
}

/// Whether a name is written in letters whose languages put the family name first.
fn is_east_asian(name: &str) -> bool {
    let mut letters = name.chars().filter(|c| c.is_alphanumeric()).peekable();
    letters.peek().is_some() && letters.all(is_unspaced)
}

/// Letters of words that are written without spaces between them: Han, Kana, Bopomofo, and Hangul.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3031}'..='\u{3035}'
        | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3105}'..='\u{312f}' | '\u{3131}'..='\u{318e}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The words of what somebody types, lower case: a person is found when each begins one of the person's
/// [`index_words`].
pub fn typed_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = split(text).collect();
    words.sort();
    words.dedup();
    words
}

/// The words a person is found by. Where no spaces show where a word begins, it may begin anywhere.
pub fn index_words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = texts.into_iter().flat_map(split).flat_map(|word| beginnings(&word)).collect();
    words.sort();
    words.dedup();
    words
}

fn split(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    words.into_iter().map(|word| word.chars().take(MAX_WORD).collect::<String>()).filter(|word| !word.is_empty())
}

fn beginnings(word: &str) -> Vec<String> {
    let inside = word.char_indices().skip(1).filter(|(_, c)| is_unspaced(*c)).map(|(at, _)| word[at..].to_owned());
    std::iter::once(word.to_owned()).chain(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_written_in_its_own_order() {
        let table = [
            (Some("Marta"), Some("Silva"), "Marta Silva"),
            (Some("陽翔"), Some("田中"), "田中 陽翔"),
            (Some("서연"), Some("김"), "김 서연"),
            (Some("Ken"), Some("田中"), "Ken 田中"),
            (Some("Marta"), None, "Marta"),
            (None, Some("Silva"), "Silva"),
            (None, None, "marta@brisamar.example"),
        ];
        for (first, last, expected) in table {
            assert_eq!(display_name(first, last, "marta@brisamar.example"), expected);
        }
    }

    #[test]
    fn words_are_lower_case_and_end_at_whatever_is_no_letter() {
        let words = index_words(["Marta Silva", "Brisa & Mar, S.A.", "marta.silva@brisamar.example"]);
        assert_eq!(words, ["a", "brisa", "brisamar", "example", "mar", "marta", "s", "silva"]);
        assert_eq!(typed_words("  MARTA.silva@bri"), ["bri", "marta", "silva"]);
        assert!(typed_words("@ ,.").is_empty());
    }

    #[test]
    fn any_part_of_an_unspaced_word_can_be_typed() {
        assert_eq!(index_words(["東京電力"]), ["京電力", "力", "東京電力", "電力"]);
        assert_eq!(index_words(["NTTドコモ"]), ["nttドコモ", "コモ", "ドコモ", "モ"]);
        assert_eq!(index_words(["삼성전자"]), ["삼성전자", "성전자", "자", "전자"]);
    }

    proptest! {
        #[test]
        fn whatever_a_name_begins_with_finds_it(name in "\\PC{1,60}", length in 1usize..60) {
            let typed: String = name.chars().take(length).collect();
            let words = index_words([name.as_str()]);
            // Lower case may depend on the letters that follow (final sigma), so only the words that were finished count.
            for word in typed_words(&typed).iter().filter(|word| !word.contains(['σ', 'ς'])) {
                prop_assert!(words.iter().any(|known| known.starts_with(word)), "{} in {:?}", word, words);
            }
        }
    }
}
