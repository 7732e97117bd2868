//! What providers do with mail of a domain that is not theirs, as far as their own pages say.

/// What is known of a provider's relay.
#[derive(Debug, PartialEq, Eq)]
pub struct Relay {
    /// The end of its servers' names.
    host: &'static str,
    /// The domain whose SPF record names its servers.
    pub include: &'static str,
    /// Whether it replaces the return address by one of its own, so that our SPF record proves nothing.
    pub replaces_return_address: bool,
}

/// Providers. All of them sign for a domain once it was set up with them, which DNS does not show.
const RELAYS: &[Relay] = &[
    relay("gmail.com", "_spf.google.com", false),
    relay("office365.com", "spf.protection.outlook.com", false),
    relay("fastmail.com", "spf.messagingengine.com", false),
    relay("zoho.com", "zohomail.com", false),
    relay("amazonaws.com", "amazonses.com", true),
    relay("sendgrid.net", "sendgrid.net", true),
    relay("mailgun.org", "mailgun.org", true),
    relay("postmarkapp.com", "spf.mtasv.net", true),
    relay("sparkpostmail.com", "_spf.sparkpostmail.com", true),
];

const fn relay(host: &'static str, include: &'static str, replaces_return_address: bool) -> Relay {
    Relay { host, include, replaces_return_address }
}

impl Relay {
    /// The relay that a channel's host belongs to, if it is a known one.
    pub fn of_host(host: &str) -> Option<&'static Self> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        RELAYS.iter().find(|relay| super::dmarc::is_under(&host, relay.host))
    }
}
