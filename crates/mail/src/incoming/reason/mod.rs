//! What a server's sentence says: families of phrases, in the languages in which servers speak.
//!
//! A server's own answer may also deny somebody in words that stand in no family ([`denial`]).
//!
//! The order of the families is the order of asking. What would make "user unknown" untrue comes before it: a full mailbox
//! exists, and a server that refuses our network has not looked for anybody.

mod address;
mod denial;
mod mailbox;
mod negation;
mod policy;
mod transport;

pub(super) use domain::incoming::Obstacle as Reason;

/// Phrases in lower case, as [`plain`] leaves them.
type Phrases = &'static [&'static str];

const FAMILIES: [(Reason, Phrases); 14] = [
    (Reason::Sender, policy::CALLED_BACK),
    (Reason::NotListed, address::DIRECTORY),
    (Reason::UnknownUser, address::DIRECTORY_OF_ALL),
    (Reason::Limit, policy::LIMIT),
    (Reason::Full, mailbox::FULL),
    (Reason::Size, mailbox::SIZE),
    (Reason::Disabled, mailbox::DISABLED),
    (Reason::Moved, address::MOVED),
    (Reason::Sender, policy::SENDER),
    (Reason::Transport, transport::TEMPORARY),
    (Reason::NoMailHere, address::NO_MAIL_HERE),
    (Reason::Policy, policy::RULES),
    (Reason::UnknownHost, address::UNKNOWN_HOST),
    (Reason::NotListed, address::NOT_LISTED),
];

/// Those that say less than that somebody is denied.
const VAGUE: [(Reason, Phrases); 3] =
    [(Reason::Policy, policy::REFUSED), (Reason::Expired, transport::EXPIRED), (Reason::Transport, transport::BROKEN)];

/// How words are written that are meant as the second: in two ways, or wrongly by many.
const SPELLINGS: [(&str, &str); 9] = [
    ("e-mail", "email"),
    ("mail box", "mailbox"),
    ("mail-box", "mailbox"),
    ("receipient", "recipient"),
    ("recepient", "recipient"),
    ("reciepient", "recipient"),
    ("recipent", "recipient"),
    ("recipeint", "recipient"),
    ("receipent", "recipient"),
];

/// The reason that a report gives in `text`, and the phrase that gives it.
pub(super) fn in_words(text: &str) -> Option<(Reason, &'static str)> {
    let text = plain(text);
    let denied = || denial::named(&text, address::UNKNOWN_USER).map(|phrase| (Reason::UnknownUser, phrase));
    among(&FAMILIES, &text).or_else(denied).or_else(|| among(&VAGUE, &text))
}

/// The reason that a server gives in its answer `said`, and the phrase that gives it: an answer is short, and whom it denies
/// stands in the same clause.
pub(super) fn in_answer(said: &str) -> Option<(Reason, &'static str)> {
    let said = plain(said);
    let denied = || denial::named(&said, address::UNKNOWN_USER).or_else(|| denial::find(&said));
    let families = among(&FAMILIES, &said).or_else(|| denied().map(|word| (Reason::UnknownUser, word)));
    families.or_else(|| among(&VAGUE, &said))
}

fn among(families: &[(Reason, Phrases)], text: &str) -> Option<(Reason, &'static str)> {
    families.iter().find_map(|(reason, phrases)| find(phrases, text).map(|phrase| (*reason, phrase)))
}

fn find(phrases: Phrases, text: &str) -> Option<&'static str> {
    phrases.iter().find(|phrase| text.contains(**phrase)).copied()
}

/// What the system that wrote `text` knows of its own about somebody of whom a server said that it does not know them.
pub(super) fn of_the_system(text: &str) -> Option<(Reason, &'static str)> {
    let text = plain(text);
    let disabled = find(mailbox::DISABLED, &text).map(|phrase| (Reason::Disabled, phrase));
    disabled.or_else(|| find(address::NOT_LISTED, &text).map(|phrase| (Reason::NotListed, phrase)))
}

/// What a system says of its own users in `text`, where it names them so.
pub(super) fn of_its_own(text: &str) -> Option<(Reason, &'static str)> {
    let text = plain(text);
    find(address::OWN, &text).map(|phrase| (Reason::NotListed, phrase))
}

/// Whether the system that wrote `text` does not know itself that the address is not there.
pub(super) fn is_hearsay(text: &str) -> bool {
    find(address::HEARSAY, &plain(text)).is_some()
}

/// Whether `text` says that the time is over in which delivery was tried.
pub(super) fn is_over(text: &str) -> bool {
    find(transport::OVER, &plain(text)).is_some()
}

/// Whether a server's answer `said` denies somebody, and gives no other reason.
pub(super) fn is_denial(said: &str) -> bool {
    in_answer(said).is_some_and(|(reason, _)| reason == Reason::UnknownUser)
}

/// Whether `text` denies a person somewhere, whatever else it says.
pub(super) fn denies_somebody(text: &str) -> bool {
    let text = plain(text);
    address::NOT_LISTED.iter().chain(address::UNKNOWN_USER).any(|phrase| text.contains(phrase))
}

/// `text` in lower case, its words apart by one space and spelt in one way, without what only looks like words: addresses,
/// links, codes. Accents are left out, as servers leave them out who answer in ASCII.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    for word in text.split_whitespace().map(without_address).filter(|word| !is_noise(word)) {
        // What is denied is the domain, whatever its name: "the domain x.example couldn't be found".
        if (plain.ends_with(" domain") || plain.ends_with(" host")) && is_host_name(word) {
            continue;
        }
        plain.push(' ');
        plain.extend(word.chars().flat_map(char::to_lowercase).map(|c| match c {
            '’' | '‘' | '`' => '\'',
            '_' => ' ',
            other => without_accent(other),
        }));
    }
    plain.push(' ');
    for (written, meant) in SPELLINGS {
        if plain.contains(written) {
            plain = plain.replace(written, meant);
        }
    }
    plain
}

/// Whether `word` is the name of a host, which has a dot between two letters or digits.
fn is_host_name(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.contains('.') && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
}

/// The letter under the accent of `c`.
fn without_accent(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' | 'ė' => 'e',
        'ğ' => 'g',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ł' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        other => other,
    }
}

/// What is written right behind an address, or before it: `ana@example.org...User unknown`, `(ana@example.org:blocked)`,
/// `denied...ana@example.org`.
fn without_address(word: &str) -> &str {
    let Some((before, rest)) = word.split_once('@') else {
        return word;
    };
    if let Some((words, _)) = before.split_once("...") {
        return words;
    }
    let behind = rest.split_once("...").or_else(|| rest.split_once(':'));
    behind.map_or(word, |(_, words)| if words.is_empty() { word } else { words })
}

/// How many words `text` has beside addresses, links and codes.
pub(super) fn words(text: &str) -> usize {
    let is_word = |word: &&str| !is_noise(word) && word.chars().any(char::is_alphabetic);
    text.split_whitespace().map(without_address).filter(is_word).count()
}

/// Addresses, links and files hold words that nobody said, and the code of a continued line stands between two words that
/// somebody did.
fn is_noise(word: &str) -> bool {
    let is_code =
        word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'#'));
    let is_path = word.trim_start_matches('"').strip_prefix('/').is_some_and(|rest| rest.contains('/'));
    is_code || is_path || word.contains('@') || word.contains("://") || word.starts_with("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Option<Reason> {
        in_words(text).map(|(reason, _)| reason)
    }

    #[test]
    fn words_are_found_across_the_lines_of_an_answer() {
        assert_eq!(
            reason("550-5.1.1 The email account that you tried to reach does 550-5.1.1 not exist."),
            Some(Reason::UnknownUser)
        );
        assert_eq!(reason("552 5.2.2 <full@x.example>: user is over\n  quota"), Some(Reason::Full));
    }

    #[test]
    fn an_address_or_a_link_says_nothing() {
        assert_eq!(reason("550 <mailboxfull@x.example> https://x.example/#userunknown"), None);
    }

    #[test]
    fn a_system_that_has_given_up_for_good_did_not_run_out_of_time() {
        assert_eq!(reason("This is a permanent error; I've given up."), None);
        assert_eq!(reason("After five days delivery has been given up."), Some(Reason::Expired));
    }

    #[test]
    fn servers_speak_many_languages() {
        for (text, expected) in [
            ("Adresse destinataire invalide", Reason::UnknownUser),
            ("Das Postfach ist voll", Reason::Full),
            ("El buzón del destinatario está lleno", Reason::Full),
            ("пользователь не найден", Reason::UnknownUser),
            ("メールアドレスは見つかりませんでした", Reason::UnknownUser),
        ] {
            assert_eq!(reason(text), Some(expected), "{text}");
        }
    }
}
