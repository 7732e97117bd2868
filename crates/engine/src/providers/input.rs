//! What an administrator says about a registration, and what is wrong with it.

use domain::{
    WorkspaceId,
    channel::{self, Security},
    input::{self, Code, Invalid},
    provider::MailboxProvider,
};
use store::providers::Registration;

use super::Published;
use crate::{
    Engine, Result,
    channels::{MAX_SECRET, Secret, check_endpoint},
    faults::Faults,
};

/// The longest list of scopes.
const MAX_SCOPES: usize = 1_000;

/// A registration as an administrator describes it; what is `None` is as the provider publishes it.
#[derive(Clone, Default)]
pub struct ProviderInput {
    /// The application's id at the provider.
    pub client_id: String,
    /// Its secret; without one the kept one goes on to be used.
    pub client_secret: Option<String>,
    /// Where people are asked for their consent.
    pub authorization_url: Option<String>,
    /// Where codes and refresh tokens become access tokens.
    pub token_url: Option<String>,
    /// What is asked for, separated by spaces.
    pub scopes: Option<String>,
    /// The IMAP server.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<i64>,
    /// How the conversation with it is protected.
    pub security: Option<Security>,
}

impl Engine {
    pub(super) async fn check_provider(
        &self,
        workspace_id: WorkspaceId,
        provider: MailboxProvider,
        input: ProviderInput,
        before: Option<&Registration>,
    ) -> Result<Registration> {
        let mut faults = Faults::default();
        let mut endpoint = |field, said: Option<String>| {
            said.filter(|url| !url.trim().is_empty()).map(|url| faults.check(check_endpoint(field, &url)))
        };
        let authorization_url = endpoint("authorization_url", input.authorization_url);
        let token_url = endpoint("token_url", input.token_url);
        let client_id = faults.check(input::line("client_id", &input.client_id, MAX_SECRET));
        let said = input.client_secret.unwrap_or_default();
        let client_secret = faults.check(input::optional_line("client_secret", &said, MAX_SECRET));
        let scopes = input.scopes.unwrap_or_default();
        let scopes = faults.check(input::optional_line("scopes", &scopes, MAX_SCOPES));
        let host = input.host.filter(|host| !host.trim().is_empty());
        let host = host.map(|host| faults.check(channel::host("host", &host)));
        let port = input.port.map(|port| faults.check(input::range("port", port, 1, u16::MAX.into())));
        if input.security == Some(Security::None) && !host.as_deref().is_some_and(channel::is_this_machine) {
            faults.add(Invalid::new("security", Code::NeedsTls));
        }
        let published = Published::of(provider);
        let other = |said: Option<String>, published: &str| said.filter(|said| said != published);
        let token_url = other(token_url, published.token_url);
        // A kept secret is only ever shown to the endpoint it was given for.
        let kept = before.filter(|before| before.client_id == client_id && before.token_url == token_url);
        if client_secret.is_none() && kept.is_none() && before.is_some_and(|before| before.secret.is_some()) {
            faults.add(Invalid::new("client_secret", Code::Required));
        }
        faults.refuse()?;
        if let Some(host) = &host {
            self.refuse_private_host(host).await?;
        }
        let secret = match client_secret {
            Some(secret) => Some(self.seal(&Secret::Password(secret))?),
            None => kept.and_then(|before| before.secret.clone()),
        };
        Ok(Registration {
            workspace_id,
            provider,
            client_id,
            secret,
            authorization_url: other(authorization_url, published.authorization_url),
            token_url,
            scopes: other(scopes, published.scopes),
            host: other(host, published.host),
            port: port.and_then(|port| u16::try_from(port).ok()).filter(|port| *port != published.port),
            security: input.security.filter(|security| *security != Security::Tls),
        })
    }
}
