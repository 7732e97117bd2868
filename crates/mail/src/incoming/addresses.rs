//! Addresses in running text.

/// The longest local part and domain that we look for (RFC 5321 §4.5.3.1, with room for what exceeds it).
const LONGEST: usize = 320;

/// Where the scripts end that are Latin, Greek and Cyrillic.
const SPACED: char = '\u{530}';

/// What stands before an address within an address of X.400.
const X400: &str = "SMTP=";

/// All addresses in `text`, in their order, as they are written there.
pub(super) fn in_text(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@').filter_map(|(at, _)| around(text, at))
}

/// The address with which `text` begins, and what follows it.
pub(super) fn at_start(text: &str) -> Option<(&str, &str)> {
    let at = text.as_bytes().iter().take(LONGEST).position(|&byte| byte == b'@')?;
    let address = around(text, at)?;
    text.starts_with(address).then(|| (address, &text[address.len()..]))
}

/// The address around the `@` at `at`.
fn around(text: &str, at: usize) -> Option<&str> {
    let before = &text[text.floor_char_boundary(at.saturating_sub(LONGEST))..at];
    let local = if let Some(quoted) = before.strip_suffix('"') {
        before.len() - quoted.rfind('"')?
    } else {
        before.chars().rev().take_while(|&c| is_local(c)).map(char::len_utf8).sum()
    };
    let after = &text[at + 1..];
    let goes_on = |&(i, c): &(usize, char)| i < LONGEST && is_domain(c, &after[i..]);
    let domain: usize = after.char_indices().take_while(goes_on).map(|(_, c)| c.len_utf8()).sum();
    let mut address = text.get(at - local..at + 1 + domain)?;
    // X.400 writes an address of the internet as `dda:SMTP=ana@example.org`.
    if address.get(..X400.len()).is_some_and(|start| start.eq_ignore_ascii_case(X400)) {
        address = &address[X400.len()..];
    }
    address = address.trim_end_matches(['.', '-']);
    if !address.starts_with('"') {
        address = address.trim_start_matches(['.', '\'', '=', '/', '*', '`', '-']);
    }
    let (name, domain) = address.rsplit_once('@')?;
    (!name.is_empty() && domain.contains('.') && !domain.starts_with('.')).then_some(address)
}

/// Whether `c`, with which `rest` begins, goes on with a domain. Two dots do not: they are how a sentence begins
/// (`ana@example.org...User`).
fn is_domain(c: char, rest: &str) -> bool {
    (is_alphanumeric(c) || matches!(c, '-' | '.')) && !rest.starts_with("..")
}

fn is_local(c: char) -> bool {
    is_alphanumeric(c) || "!#$%&'*+/=?^_`{|}~.-".contains(c)
}

/// Whether `c` is a digit or a letter of a script that parts its words by spaces (RFC 6531): in others a word may stand right
/// beside an address.
fn is_alphanumeric(c: char) -> bool {
    c.is_ascii_alphanumeric() || (c < SPACED && c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_between_other_things() {
        let text = "<ana@example.org>: to 'bo+x@b.example', \"odd..one\"@c.example. Not @this, me@ or a@localhost.";
        let found: Vec<_> = in_text(text).collect();
        assert_eq!(found, ["ana@example.org", "bo+x@b.example", "\"odd..one\"@c.example"]);
    }

    #[test]
    fn an_address_may_have_letters_with_accents() {
        let text = "<élodie@exämple.org> не доставлено: юлия@пример.рф, 宛先ana@example.org様";
        assert_eq!(in_text(text).collect::<Vec<_>>(), ["élodie@exämple.org", "юлия@пример.рф", "ana@example.org"]);
    }

    #[test]
    fn dots_behind_an_address_are_no_part_of_it() {
        assert_eq!(in_text("550 ana@example.org...User unknown").next(), Some("ana@example.org"));
    }

    #[test]
    fn an_address_may_stand_before_letters_of_another_script() {
        assert_eq!(in_text("ana@example.org様").next(), Some("ana@example.org"));
        assert_eq!(at_start("ana@example.org: no"), Some(("ana@example.org", ": no")));
        assert_eq!(at_start("to ana@example.org"), None);
    }
}
