//! What is known of providers, so that nobody has to look it up: where their servers are, and how much they let through.
//!
//! A figure stands here only where its provider publishes it; each row names the page. Providers change them without
//! notice, so every figure can be edited, and one that is not published is left to the person who sets up the channel.

use crate::{
    channel::{Auth, Security},
    limits::Limits,
    text_enum,
};

text_enum!(
    /// Where somebody has their mail account or relay.
    Provider {
        /// A mail server of one's own, or any other: nothing is known of it.
        OwnServer = "own_server",
        /// A personal Gmail account.
        Gmail = "gmail",
        /// A mailbox of Google Workspace.
        GoogleWorkspace = "google_workspace",
        /// The relay of Google Workspace, which an administrator opens.
        GoogleRelay = "google_relay",
        /// A mailbox of Microsoft 365.
        Microsoft365 = "microsoft_365",
        /// Amazon Simple Email Service.
        AmazonSes = "amazon_ses",
        /// Twilio `SendGrid`.
        SendGrid = "sendgrid",
        /// Mailgun.
        Mailgun = "mailgun",
        /// Postmark.
        Postmark = "postmark",
        /// `SparkPost`.
        SparkPost = "sparkpost",
        /// Fastmail.
        Fastmail = "fastmail",
        /// Zoho Mail.
        Zoho = "zoho",
    }
);

/// What a channel begins with; all of it can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelPreset {
    /// Whose servers these are.
    pub provider: Provider,
    /// The server; empty where everybody has another.
    pub host: &'static str,
    /// Its port.
    pub port: u16,
    /// How the conversation is protected.
    pub security: Security,
    /// How the channel proves who it is.
    pub auth: Auth,
    /// The user name, where all accounts have the same.
    pub username: &'static str,
    /// How much may go through it, as far as the provider says.
    pub limits: Limits,
    /// Where the provider says so; empty for a server of one's own.
    pub source: &'static str,
}

/// Every preset, in the order in which they are offered.
pub fn channel_presets() -> Vec<ChannelPreset> {
    let relay = |provider, host, username, source| ChannelPreset {
        provider,
        host,
        port: 587,
        security: Security::StartTls,
        auth: Auth::Password,
        username,
        limits: Limits::default(),
        source,
    };
    vec![
        relay(Provider::OwnServer, "", "", ""),
        ChannelPreset {
            // 500 recipients in any 24 hours; we count each recipient, because each has a transaction.
            limits: Limits { per_day: Some(500), ..Limits::default() },
            ..relay(Provider::Gmail, "smtp.gmail.com", "", "https://support.google.com/mail/answer/22839")
        },
        ChannelPreset {
            // 2,000 messages in any 24 hours (500 on trial).
            limits: Limits { per_day: Some(2_000), ..Limits::default() },
            ..relay(Provider::GoogleWorkspace, "smtp.gmail.com", "", "https://support.google.com/a/answer/166852")
        },
        ChannelPreset {
            // 10,000 messages of a user in any 24 hours.
            limits: Limits { per_day: Some(10_000), ..Limits::default() },
            ..relay(Provider::GoogleRelay, "smtp-relay.gmail.com", "", "https://support.google.com/a/answer/2956491")
        },
        ChannelPreset {
            auth: Auth::Xoauth2,
            // 30 messages a minute, 10,000 recipients a day, three connections at once.
            limits: Limits { connections: 3, per_minute: Some(30), per_day: Some(10_000), ..Limits::default() },
            ..relay(
                Provider::Microsoft365,
                "smtp.office365.com",
                "",
                "https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits",
            )
        },
        relay(
            Provider::AmazonSes,
            "email-smtp.us-east-1.amazonaws.com",
            "",
            "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html",
        ),
        relay(
            Provider::SendGrid,
            "smtp.sendgrid.net",
            "apikey",
            "https://www.twilio.com/docs/sendgrid/for-developers/sending-email/getting-started-smtp",
        ),
        relay(
            Provider::Mailgun,
            "smtp.mailgun.org",
            "",
            "https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-smtp",
        ),
        relay(
            Provider::Postmark,
            "smtp.postmarkapp.com",
            "",
            "https://postmarkapp.com/developer/user-guide/send-email-with-smtp",
        ),
        relay(
            Provider::SparkPost,
            "smtp.sparkpostmail.com",
            "SMTP_Injection",
            "https://developers.sparkpost.com/api/smtp/",
        ),
        ChannelPreset {
            port: 465,
            security: Security::Tls,
            ..relay(
                Provider::Fastmail,
                "smtp.fastmail.com",
                "",
                "https://www.fastmail.help/hc/en-us/articles/1500000278342",
            )
        },
        ChannelPreset {
            port: 465,
            security: Security::Tls,
            ..relay(Provider::Zoho, "smtp.zoho.com", "", "https://www.zoho.com/mail/help/zoho-smtp.html")
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TextEnum as _, channel};

    #[test]
    fn every_provider_has_a_preset_that_can_be_saved_as_it_is() {
        let presets = channel_presets();
        let providers: Vec<_> = presets.iter().map(|preset| preset.provider).collect();
        assert_eq!(providers, Provider::ALL);
        for preset in presets.iter().skip(1) {
            assert!(channel::host("host", preset.host).is_ok(), "{preset:?}");
            assert_eq!(channel::faults_of(&preset.limits), [], "{preset:?}");
            assert!(preset.source.starts_with("https://"), "{preset:?}");
        }
    }

    #[test]
    fn nothing_is_supposed_about_a_server_of_ones_own() {
        let own = &channel_presets()[0];
        assert!(own.host.is_empty() && own.limits.is_unlimited());
    }
}
