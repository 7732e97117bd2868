//! What the providers publish: where people consent, to what, and where their mail is.

use domain::provider::MailboxProvider;

/// A provider's endpoints. Its IMAP server speaks TLS from the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Where people are asked for their consent.
    pub authorization_url: &'static str,
    /// Where codes and refresh tokens become access tokens.
    pub token_url: &'static str,
    /// What is asked for: the mail over IMAP, for as long as it is not withdrawn, and whose it is.
    pub scopes: &'static str,
    /// The IMAP server.
    pub host: &'static str,
    /// Its port.
    pub port: u16,
    /// What the provider wants to hear besides when somebody is asked.
    pub(crate) extras: &'static [(&'static str, &'static str)],
}

impl Published {
    /// What `provider` publishes.
    pub const fn of(provider: MailboxProvider) -> Self {
        match provider {
            MailboxProvider::Google => Self {
                authorization_url: "https://accounts.google.com/o/oauth2/v2/auth",
                token_url: "https://oauth2.googleapis.com/token",
                scopes: "https://mail.google.com/ openid email",
                host: "imap.gmail.com",
                port: 993,
                // Without these a second consent brings no refresh token.
                extras: &[("access_type", "offline"), ("prompt", "consent")],
            },
            MailboxProvider::Microsoft => Self {
                authorization_url: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                token_url: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                scopes: "https://outlook.office.com/IMAP.AccessAsUser.All offline_access openid email profile",
                host: "outlook.office365.com",
                port: 993,
                extras: &[("prompt", "select_account")],
            },
        }
    }
}
