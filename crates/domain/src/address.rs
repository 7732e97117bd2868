//! Email addresses as people type them and as we compare them.

use crate::input::{Code, Invalid};

/// The longest address RFC 5321 §4.5.3.1 allows in an envelope.
pub const MAX_ADDRESS: usize = 254;

/// A well-formed address: `local@domain`, without display name, comments or quoted local part.
///
/// Non-ASCII letters are allowed on both sides (RFC 6531); whether a server takes them is its affair.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Checks `text`, trimmed.
    ///
    /// # Errors
    /// [`Invalid`] with `not_an_address` or `too_long`.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.len() > MAX_ADDRESS {
            return Err(Invalid::new(field, Code::TooLong { max: MAX_ADDRESS }));
        }
        match text.rsplit_once('@') {
            Some((local, domain)) if is_local(local) && is_domain(domain) => Ok(Self(text.to_owned())),
            _ => Err(Invalid::new(field, Code::NotAnAddress)),
        }
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the last `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the last `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The form by which two addresses are the same person's: [`normalised`].
    pub fn normalised(&self) -> String {
        normalised(&self.0)
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// `address` in the form by which two addresses are the same person's, whether it is well formed or not: in lower case, and
/// with its domain as people read it. (Local parts are case-sensitive by RFC 5321 and nowhere in practice; two people who
/// differ by case alone have not been seen.)
pub fn normalised(address: &str) -> String {
    let lower = bare(address);
    match lower.rsplit_once('@') {
        Some((local, domain)) if !is_spelled_in_one_way(domain) => format!("{local}@{}", readable_domain(domain)),
        _ => lower,
    }
}

/// Every form in which `address` may have been kept: [`normalised`], and as versions did that knew of lower case alone.
pub fn kept_forms(address: &str) -> Vec<String> {
    let lower = bare(address);
    match lower.rsplit_once('@') {
        Some((local, domain)) => spellings(domain).into_iter().map(|domain| format!("{local}@{domain}")).collect(),
        None => vec![lower],
    }
}

fn bare(address: &str) -> String {
    address.trim().trim_matches(['<', '>']).to_lowercase()
}

/// The domain of an address as people read it: what a limit per recipient domain counts by, however it was spelled.
pub fn domain_of(address: &str) -> String {
    readable_domain(address.rsplit_once('@').map_or("", |(_, domain)| domain))
}

/// `domain` as people read it, in lower case: `bücher.example`, also of `xn--bcher-kva.example` (RFC 5891).
pub fn readable_domain(domain: &str) -> String {
    let lower = domain.to_lowercase();
    if is_spelled_in_one_way(&lower) {
        return lower;
    }
    match idna::domain_to_unicode(&lower) {
        (readable, Ok(())) => readable,
        _ => lower,
    }
}

/// Every way in which `domain` may have been written down: in lower case, as servers spell it and as people do.
pub fn spellings(domain: &str) -> Vec<String> {
    let lower = domain.to_lowercase();
    if is_spelled_in_one_way(&lower) {
        return vec![lower];
    }
    let mut all = vec![readable_domain(&lower), lower];
    all.extend(idna::domain_to_ascii(&all[0]));
    all.sort_unstable();
    all.dedup();
    all
}

fn is_spelled_in_one_way(lower: &str) -> bool {
    lower.is_ascii() && !lower.contains("xn--")
}

fn is_local(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| is_atom(c) || c == '.')
}

/// RFC 5322 `atext`, extended by RFC 6531.
fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_control() && !c.is_whitespace())
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.') && domain.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || (!c.is_ascii() && c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ok(text: &str) -> bool {
        EmailAddress::parse("to", text).is_ok()
    }

    #[test]
    fn addresses_people_have_are_taken() {
        for good in [
            "marta.silva@brisamar.example",
            "a+b@c-d.example",
            "élodie@vercors.example",
            "田中@例え.jp",
            " x@y.example ",
        ] {
            assert!(ok(good), "{good}");
        }
    }

    #[test]
    fn a_domain_is_the_same_in_letters_and_in_punycode() {
        assert_eq!(readable_domain("XN--Bcher-KVA.Example"), "bücher.example");
        assert_eq!(readable_domain("BÜCHER.example"), "bücher.example");
        assert_eq!(domain_of("Info@XN--Bcher-KVA.Example"), domain_of("info@bücher.example"));
        assert_eq!(spellings("Mail.Rival.Example"), ["mail.rival.example"]);
        let both = ["a.bücher.example", "a.xn--bcher-kva.example"];
        assert_eq!(spellings(both[0]), both);
        assert_eq!(spellings(both[1]), both);
        assert_eq!(
            spellings("a.xn--bcher-kva.例え"),
            ["a.bücher.例え", "a.xn--bcher-kva.xn--r8jz45g", "a.xn--bcher-kva.例え"]
        );
        for damaged in ["xn--\u{80}.example", "xn--a.example", "..", ""] {
            assert!(spellings(damaged).contains(&damaged.to_owned()), "{damaged}");
        }
    }

    #[test]
    fn an_address_is_the_same_however_its_domain_is_spelled() {
        let anna = "anna@bücher.example";
        for spelled in [anna, " <Anna@BÜCHER.example> ", "anna@xn--bcher-kva.example", "ANNA@XN--Bcher-KVA.example"] {
            assert_eq!(normalised(spelled), anna);
            assert_eq!(EmailAddress::parse("to", spelled.trim_matches([' ', '<', '>'])).unwrap().normalised(), anna);
            assert_eq!(kept_forms(spelled), [anna, "anna@xn--bcher-kva.example"]);
        }
        assert_eq!(kept_forms("Élodie@Vercors.example"), ["élodie@vercors.example"]);
        for odd in ["", "anna", "anna@xn--a.example", "@"] {
            assert_eq!((normalised(odd), kept_forms(odd)), (odd.to_owned(), vec![odd.to_owned()]));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "x",
            "x@",
            "@y.example",
            "x@y",
            "a b@c.example",
            "a@b..c",
            ".a@b.c",
            "a..b@c.d",
            "a@-b.c",
            "<a@b.c>",
            "a@b.c\r\nBcc: d@e.f",
            "a@b.c,d@e.f",
        ] {
            assert!(!ok(bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_passes_can_break_a_header_or_an_envelope(text in "\\PC{0,40}@\\PC{0,40}|[ -~\r\n\t]{0,60}") {
            if let Ok(address) = EmailAddress::parse("to", &text) {
                prop_assert!(!address.as_str().contains(['\r', '\n', '<', '>', ' ', ',', ';', '"']));
                prop_assert_eq!(format!("{}@{}", address.local(), address.domain()), address.as_str());
            }
        }
    }
}
