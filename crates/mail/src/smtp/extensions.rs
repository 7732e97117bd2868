//! What a server offers in its answer to `EHLO`.

use domain::smtp::Reply;

/// The offers we can use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an offer of its own")]
pub(super) struct Extensions {
    pub(super) pipelining: bool,
    pub(super) starttls: bool,
    pub(super) eight_bit: bool,
    pub(super) smtputf8: bool,
    /// Whether it may be told what to report (RFC 3461).
    pub(super) dsn: bool,
    /// Whether `SIZE=` may be said, and the largest message, where there is one.
    pub(super) size: bool,
    pub(super) size_limit: Option<u64>,
    /// The mechanisms of `AUTH`, upper case.
    pub(super) mechanisms: Vec<String>,
}

impl Extensions {
    pub(super) fn of(ehlo: &Reply) -> Self {
        let mut extensions = Self::default();
        // The first line is the server's name.
        for line in ehlo.text.lines().skip(1) {
            extensions.take(line);
        }
        extensions
    }

    fn take(&mut self, line: &str) {
        // Old servers say `AUTH=LOGIN`.
        let mut words = line.split([' ', '=']).filter(|word| !word.is_empty()).map(str::to_ascii_uppercase);
        match words.next().unwrap_or_default().as_str() {
            "PIPELINING" => self.pipelining = true,
            "STARTTLS" => self.starttls = true,
            "8BITMIME" => self.eight_bit = true,
            "SMTPUTF8" => self.smtputf8 = true,
            "DSN" => self.dsn = true,
            "SIZE" => {
                self.size = true;
                self.size_limit = words.next().and_then(|limit| limit.parse().ok()).filter(|limit| *limit > 0);
            }
            "AUTH" => self.mechanisms.extend(words),
            _ => {}
        }
    }

    pub(super) fn has_mechanism(&self, name: &str) -> bool {
        self.mechanisms.iter().any(|mechanism| mechanism == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Extensions {
        Extensions::of(&Reply { code: 250, enhanced: None, text: text.into() })
    }

    #[test]
    fn offers_are_understood_whatever_their_case() {
        let extensions = of(
            "mx.example PIPELINING\nsize 35882577\n8BITMIME\nSmtpUtf8\nSTARTTLS\nPIPELINING\nAUTH plain LOGIN XOAUTH2\nX-OTHER",
        );
        assert_eq!(
            extensions,
            Extensions {
                pipelining: true,
                starttls: true,
                eight_bit: true,
                smtputf8: true,
                dsn: false,
                size: true,
                size_limit: Some(35_882_577),
                mechanisms: ["PLAIN", "LOGIN", "XOAUTH2"].map(String::from).to_vec(),
            }
        );
    }

    #[test]
    fn the_servers_name_is_no_offer_and_a_limit_of_nothing_is_none() {
        let extensions = of("PIPELINING STARTTLS\nSIZE 0\nAUTH=LOGIN");
        assert!(!extensions.pipelining && !extensions.starttls);
        assert_eq!((extensions.size, extensions.size_limit), (true, None));
        assert!(extensions.has_mechanism("LOGIN"));
        assert_eq!(of("x\nSIZE nonsense").size_limit, None);
    }
}
