//! How a channel learns what became of its mail, beside the answers of its server.

use crate::text_enum;

text_enum!(
    /// A provider that calls us when something happened to a message.
    WebhookProvider {
        /// Amazon SES, by way of SNS.
        Ses = "ses",
        /// Twilio `SendGrid`.
        Sendgrid = "sendgrid",
        /// Postmark.
        Postmark = "postmark",
        /// Mailgun.
        Mailgun = "mailgun",
        /// `SparkPost`.
        Sparkpost = "sparkpost",
    }
);

text_enum!(
    /// Something that may become of a message after the channel's server took it.
    News {
        /// The recipient's server refused it later.
        LateBounce = "late_bounce",
        /// It waits somewhere on the way.
        Delay = "delay",
        /// The recipient's server took it.
        Arrival = "arrival",
        /// The recipient reported it as spam.
        Complaint = "complaint",
        /// The recipient answered, or a program did.
        Reply = "reply",
    }
);

/// What a channel has to learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ways {
    /// Bounces come to return addresses of our own.
    pub port: bool,
    /// The provider calls us.
    pub webhook: bool,
    /// Somebody who sends through it has a mailbox connected.
    pub mailbox: bool,
}

/// Whether a channel with these ways hears of `news`.
pub fn learns(ways: Ways, news: News) -> bool {
    match news {
        News::LateBounce | News::Delay => ways.port || ways.webhook || ways.mailbox,
        // A port gets receipts from servers that send any; hardly any does.
        News::Arrival => ways.webhook,
        // Reports go to the feedback address or come from the provider. A mailbox gets none.
        News::Complaint => ways.port || ways.webhook,
        News::Reply => ways.mailbox,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextEnum as _;

    #[test]
    fn each_way_teaches_what_it_can() {
        let of = |ways| News::ALL.iter().copied().filter(|news| learns(ways, *news)).collect::<Vec<_>>();
        assert_eq!(of(Ways::default()), []);
        assert_eq!(of(Ways { port: true, ..Ways::default() }), [News::LateBounce, News::Delay, News::Complaint]);
        let webhook = [News::LateBounce, News::Delay, News::Arrival, News::Complaint];
        assert_eq!(of(Ways { webhook: true, ..Ways::default() }), webhook);
        assert_eq!(of(Ways { mailbox: true, ..Ways::default() }), [News::LateBounce, News::Delay, News::Reply]);
    }
}
