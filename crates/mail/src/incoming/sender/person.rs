//! The signs of a person: their mail program, and how people begin and end what they write.

use super::{NAMES, has_list, plain};
use crate::incoming::{letter::Letter, prose::is_titled_as_a_report, reply};

/// Mail programs that people sit before, as their names begin in `X-Mailer`, lower case. Those that name themselves in
/// `User-Agent` need no list: mail systems have no such field.
const MAIL_PROGRAMS: &[&str] = &[
    "apple mail",
    "iphone mail",
    "ipad mail",
    "microsoft outlook",
    "microsoft office outlook",
    "evolution",
    "foxmail",
    "the bat",
    "yamail",
    "zimbra",
    "lotus notes",
    "ibm notes",
    "hcl notes",
    "com.samsung.android",
];

/// Words with which letters begin, lower case.
const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "dear",
    "good",
    "hey",
    "hallo",
    "guten",
    "liebe",
    "lieber",
    "sehr",
    "moin",
    "bonjour",
    "bonsoir",
    "cher",
    "chère",
    "hola",
    "buenos",
    "buenas",
    "estimado",
    "estimada",
    "ciao",
    "buongiorno",
    "gentile",
    "salve",
    "olá",
    "prezado",
    "prezada",
    "bom",
    "boa",
    "beste",
    "dag",
    "geachte",
    "hej",
    "hei",
    "dzień",
    "cześć",
    "dobrý",
    "ahoj",
    "здравствуйте",
    "добрый",
    "привет",
    "merhaba",
    "γεια",
    "καλημέρα",
];

/// The longest greeting, in words.
const LONGEST_GREETING: usize = 5;
/// The longest name below a letter, in words, and of one in a script without spaces, in characters.
const LONGEST_NAME: usize = 3;
const LONGEST_IDEOGRAPHS: usize = 6;

/// Whether `name` is made as those of people: two or three words of letters, each with a capital of its own.
pub(super) fn is_of_a_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (2..=LONGEST_NAME).contains(&words.len()) && words.iter().all(|word| is_name(word))
}

/// Whether `letter`, which reads `text`, shows a person behind a role: a mail program, a list to which people write (reports come
/// through some, too), or the form of a letter.
pub(in crate::incoming) fn shows_a_person(letter: &Letter, text: &str) -> bool {
    (has_list(&letter.fields) && !is_titled_as_a_report(letter)) || writes_as_a_person(letter, text)
}

/// The same of a list's own address, whose programs name the list, too.
pub(in crate::incoming) fn writes_as_a_person(letter: &Letter, text: &str) -> bool {
    let fields = &letter.fields;
    let mailer = fields.get("x-mailer").unwrap_or_default().trim().to_ascii_lowercase();
    fields.has("user-agent")
        || fields.has("thread-index")
        || MAIL_PROGRAMS.iter().any(|known| mailer.starts_with(known))
        || has_form_of_a_letter(&reply::newly_written(text))
}

/// Whether `text` begins with a greeting of somebody, or ends with a name.
fn has_form_of_a_letter(text: &str) -> bool {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let Some((last, before)) = lines.split_last() else {
        return false;
    };
    // A name stands alone, or right below "Thanks,".
    let alone = before.last().is_some_and(|line| line.split_whitespace().count() <= LONGEST_NAME && is_plain(line));
    lines.first().is_some_and(|first| is_greeting(first)) || (alone && is_signed(last))
}

/// Whether letters begin with `word`, which is in lower case.
pub(in crate::incoming) fn is_greeting_word(word: &str) -> bool {
    GREETINGS.contains(&word)
}

/// Whether the line is the first of a letter: "Dear Bo,". Programs greet, too, but nobody in particular.
fn is_greeting(line: &str) -> bool {
    let words: Vec<String> = line.split_whitespace().map(plain).collect();
    let greets = words.first().is_some_and(|first| is_greeting_word(first));
    let addressed = if greets { words.len() >= 2 } else { line.ends_with([',', '，']) };
    addressed && words.len() <= LONGEST_GREETING && is_plain(line)
}

/// Whether the line holds neither an address nor a number.
fn is_plain(line: &str) -> bool {
    !line.contains(|c: char| c == '@' || c.is_ascii_digit())
}

/// Whether the line is the last of a letter: a name, and not that of a role.
fn is_signed(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let lower = line.to_lowercase();
    let of_role = NAMES.iter().any(|known| lower.contains(known)) || lower.contains("mail");
    (1..=LONGEST_NAME).contains(&words.len()) && words.iter().all(|word| is_name(word)) && !of_role
}

/// Whether the word is written as names are: "Kim", "O'Neill,", "佐藤".
fn is_name(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.']);
    let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'));
    let Some(first) = word.chars().next().filter(|_| letters) else {
        return false;
    };
    let rest_small = word.chars().skip(1).any(char::is_lowercase) || word.chars().count() <= 2;
    let has_no_case = !first.is_lowercase() && !first.is_uppercase();
    (first.is_uppercase() && rest_small) || (has_no_case && word.chars().count() <= LONGEST_IDEOGRAPHS)
}

#[cfg(test)]
mod tests {
    use super::has_form_of_a_letter;

    #[test]
    fn a_letter_greets_somebody_or_bears_a_name() {
        for text in [
            "Dear Bo,\n\nit failed.",
            "Bo,\n\nit failed.",
            "It failed.\n\nKim Doe",
            "Failed.\nThanks,\nKim",
            "失敗\n\n佐藤",
        ] {
            assert!(has_form_of_a_letter(text), "{text}");
        }
        for text in
            ["Hi!\n\nThis is the mail system.", "It failed.\n\nPostmaster", "550 5.1.1\n    Unknown Recipient", ""]
        {
            assert!(!has_form_of_a_letter(text), "{text}");
        }
    }
}
