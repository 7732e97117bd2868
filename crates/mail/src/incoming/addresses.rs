//! Addresses in running text.

/// The longest local part and domain that we look for (RFC 5321 §4.5.3.1, with room for what exceeds it).
const LONGEST: usize = 320;

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
    let before = &text.as_bytes()[at.saturating_sub(LONGEST)..at];
    let local = if before.last() == Some(&b'"') {
        before.len() - before[..before.len() - 1].iter().rposition(|&byte| byte == b'"')?
    } else {
        before.iter().rev().take_while(|&&byte| is_local(byte)).count()
    };
    let after = &text.as_bytes()[at + 1..];
    let domain = (0..after.len().min(LONGEST)).take_while(|&i| is_domain(after, i)).count();
    let mut address = text.get(at - local..at + 1 + domain)?;
    address = address.trim_end_matches(['.', '-']);
    if !address.starts_with('"') {
        address = address.trim_start_matches(['.', '\'', '=', '/', '*', '`', '-']);
    }
    // X.400 writes an address of the internet as `dda:SMTP=ana@example.org`.
    if address.get(..X400.len()).is_some_and(|start| start.eq_ignore_ascii_case(X400)) {
        address = &address[X400.len()..];
    }
    let (name, domain) = address.rsplit_once('@')?;
    (!name.is_empty() && domain.contains('.') && !domain.starts_with('.')).then_some(address)
}

/// Whether the byte at `i` goes on with a domain. Two dots do not: they are how a sentence begins (`ana@example.org...User`).
fn is_domain(bytes: &[u8], i: usize) -> bool {
    let dots = bytes[i] == b'.' && bytes.get(i + 1) == Some(&b'.');
    (bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'-' | b'.')) && !dots
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&byte)
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
