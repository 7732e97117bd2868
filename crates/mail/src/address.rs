//! Addresses as SMTP and message headers want them: ASCII where that is possible (RFC 5891), UTF-8 where it is not.

use std::borrow::Cow;

/// A name and an address, as in a `From` or `To` header. An empty name is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    /// What people read.
    pub name: String,
    /// `local@domain`.
    pub address: String,
}

impl Mailbox {
    /// A mailbox of `name` at `address`.
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { name: name.into(), address: address.into() }
    }
}

/// The address with its domain in ASCII (`bücher.example` becomes `xn--bcher-kva.example`).
///
/// An address whose domain has no ASCII form is returned as it is.
pub fn with_ascii_domain(address: &str) -> Cow<'_, str> {
    let foreign = address.rsplit_once('@').filter(|(_, domain)| !domain.is_ascii());
    match foreign.map(|(local, domain)| (local, url::Host::parse(domain))) {
        Some((local, Ok(url::Host::Domain(ascii)))) => Cow::Owned(format!("{local}@{ascii}")),
        _ => Cow::Borrowed(address),
    }
}

/// Whether mail to or from this address needs a server that offers `SMTPUTF8` (RFC 6531).
pub fn needs_smtputf8(address: &str) -> bool {
    !with_ascii_domain(address).is_ascii()
}

/// Whether the address can stand in an envelope and in a header without breaking either.
///
/// This is the last line of defence, not the check that speaks to people: that one is [`domain::EmailAddress`].
pub(crate) fn is_safe(address: &str) -> bool {
    address.len() <= domain::address::MAX_ADDRESS
        && address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !address
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_domain_is_written_in_ascii_and_a_foreign_name_is_not() {
        assert_eq!(with_ascii_domain("info@bücher.example"), "info@xn--bcher-kva.example");
        assert_eq!(with_ascii_domain("élodie@vercors.example"), "élodie@vercors.example");
        assert_eq!(with_ascii_domain("plain@example.org"), "plain@example.org");
    }

    #[test]
    fn smtputf8_is_needed_for_the_local_part_only() {
        assert!(!needs_smtputf8("info@bücher.example"));
        assert!(needs_smtputf8("élodie@vercors.example"));
        assert!(!needs_smtputf8("plain@example.org"));
    }

    #[test]
    fn what_could_break_an_envelope_is_not_safe() {
        for bad in ["a@b.c\r\nRCPT TO:<x@y.z>", "a@b.c> SIZE=1", "a b@c.d", "a@", "@b", "", "a\0@b.c", "a\u{2028}@b.c"]
        {
            assert!(!is_safe(bad), "{bad:?}");
        }
        assert!(is_safe("o'brien+tag@example.org"));
    }
}
