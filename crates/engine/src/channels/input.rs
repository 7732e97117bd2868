//! What people say about a channel, and what is wrong with it.

use domain::{
    channel::{self, Auth, Security},
    input::{self, Code, Invalid, MAX_NAME},
    limits::Limits,
};
use mail::net::AddressPolicy;
use store::channels::Channel;
use url::Url;

use super::{OauthGrant, Secret};
use crate::{Engine, Result, Settings, faults::Faults};

/// The longest user name, password, client id or token.
pub(crate) const MAX_SECRET: usize = 5_000;
/// The longest URL of a token endpoint.
const MAX_URL: usize = 1_000;
/// How long the look-up of a host may take before the channel is saved without it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);

/// A channel as somebody describes it.
#[derive(Clone)]
pub struct ChannelInput {
    /// What people will call it.
    pub name: String,
    /// Whether everybody may use it.
    pub team: bool,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// How the conversation is protected.
    pub security: Security,
    /// How we prove who we are.
    pub auth: Auth,
    /// The account.
    pub username: Option<String>,
    /// For [`Auth::Password`].
    pub password: Option<String>,
    /// For [`Auth::Xoauth2`].
    pub oauth: Option<OauthGrant>,
    /// How much may go through it.
    pub limits: Limits,
}

/// What somebody changes about a channel; the rest stays.
#[derive(Clone, Default)]
pub struct ChannelChange {
    /// What people will call it.
    pub name: Option<String>,
    /// The server.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<i64>,
    /// How the conversation is protected.
    pub security: Option<Security>,
    /// How we prove who we are.
    pub auth: Option<Auth>,
    /// The account.
    pub username: Option<String>,
    /// A new password.
    pub password: Option<String>,
    /// A new grant.
    pub oauth: Option<OauthGrant>,
    /// How much may go through it.
    pub limits: Option<Limits>,
}

impl ChannelChange {
    /// The whole channel as it is to be.
    pub(super) fn of(self, channel: &Channel) -> ChannelInput {
        ChannelInput {
            name: self.name.unwrap_or_else(|| channel.name.clone()),
            team: channel.owner_id.is_none(),
            host: self.host.unwrap_or_else(|| channel.host.clone()),
            port: self.port.unwrap_or_else(|| channel.port.into()),
            security: self.security.unwrap_or(channel.security),
            auth: self.auth.unwrap_or(channel.auth),
            username: self.username.or_else(|| channel.username.clone()),
            password: self.password,
            oauth: self.oauth,
            limits: self.limits.unwrap_or_else(|| channel.limits()),
        }
    }
}

/// A described channel that can be used.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) auth: Auth,
    pub(super) username: Option<String>,
    /// `None` where none is needed, or the kept one goes on to be used.
    pub(super) secret: Option<Secret>,
    pub(super) limits: Limits,
}

impl Engine {
    /// Checks everything about a channel; `before` is the channel that is changed.
    pub(super) async fn check_channel(&self, input: ChannelInput, before: Option<&Channel>) -> Result<Checked> {
        let checked = check(input, before)?;
        if before.is_none_or(|before| before.host != checked.host) {
            self.refuse_private_host(&checked.host).await?;
        }
        Ok(checked)
    }

    /// Refuses a host that leads where no channel and no mailbox may go. This tells people early; what protects the network is the
    /// check of the very address that is connected to, at each connection.
    pub(crate) async fn refuse_private_host(&self, host: &str) -> Result<()> {
        let policy = address_policy(self.settings());
        let name = host.trim_matches(['[', ']']);
        let looked_up = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name, 0))).await;
        let Ok(Ok(addresses)) = looked_up else { return Ok(()) };
        let addresses: Vec<_> = addresses.collect();
        if addresses.is_empty() || addresses.iter().any(|address| policy.allows(address.ip())) {
            Ok(())
        } else {
            Err(Invalid::new("host", Code::PrivateHost).into())
        }
    }
}

/// Where channels may lead.
pub(crate) fn address_policy(settings: &Settings) -> AddressPolicy {
    if settings.allow_private_hosts { AddressPolicy::ANY } else { AddressPolicy::PUBLIC_ONLY }
}

fn check(input: ChannelInput, before: Option<&Channel>) -> Result<Checked> {
    let mut faults = Faults::default();
    let name = faults.check(input::line("name", &input.name, MAX_NAME));
    let (host, port) = check_address(&mut faults, &input.host, input.port, input.security);
    let username = match input.auth {
        Auth::None => None,
        Auth::Password | Auth::Xoauth2 => {
            let username = input.username.as_deref().unwrap_or_default();
            Some(faults.check(input::line("username", username, MAX_SECRET)))
        }
    };
    // A kept secret is only ever shown to the server it was given for.
    let kept = before.is_some_and(|before| before.secret.is_some() && before.auth == input.auth && before.host == host);
    let secret = match (input.auth, input.password, input.oauth) {
        (Auth::None, ..) => None,
        (Auth::Password, None, _) | (Auth::Xoauth2, _, None) if kept => None,
        (Auth::Password, password, _) => Some(Secret::Password(faults.check(check_password(password)))),
        (Auth::Xoauth2, _, grant) => Some(Secret::Oauth(check_grant(&mut faults, grant.as_ref()))),
    };
    let mut limits = input.limits;
    for rule in &mut limits.domain_rules {
        rule.domain = channel::rule_domain(&rule.domain);
    }
    for fault in channel::faults_of(&limits) {
        faults.add(fault);
    }
    faults.refuse()?;
    Ok(Checked { name, host, port, security: input.security, auth: input.auth, username, secret, limits })
}

/// The host and port of a server; without TLS only this machine is spoken to.
pub(crate) fn check_address(faults: &mut Faults, host: &str, port: i64, security: Security) -> (String, u16) {
    let host = faults.check(channel::host("host", host));
    let port = faults.check(input::range("port", port, 1, u16::MAX.into()));
    if security == Security::None && !host.is_empty() && !channel::is_this_machine(&host) {
        faults.add(Invalid::new("security", Code::NeedsTls));
    }
    (host, u16::try_from(port).unwrap_or_default())
}

/// Not trimmed: a password may begin with a space.
pub(crate) fn check_password(password: Option<String>) -> std::result::Result<String, Invalid> {
    match password.unwrap_or_default() {
        password if password.is_empty() => Err(Invalid::new("password", Code::Required)),
        password if password.chars().any(char::is_control) => Err(Invalid::new("password", Code::LineBreak)),
        password if password.len() > MAX_SECRET => Err(Invalid::new("password", Code::TooLong { max: MAX_SECRET })),
        password => Ok(password),
    }
}

fn check_grant(faults: &mut Faults, grant: Option<&OauthGrant>) -> OauthGrant {
    let text = |part: fn(&OauthGrant) -> &String| grant.map_or("", |grant| part(grant).as_str());
    OauthGrant {
        client_id: faults.check(input::line("client_id", text(|grant| &grant.client_id), MAX_SECRET)),
        client_secret: faults
            .check(input::optional_line("client_secret", text(|grant| &grant.client_secret), MAX_SECRET))
            .unwrap_or_default(),
        refresh_token: faults.check(input::line("refresh_token", text(|grant| &grant.refresh_token), MAX_SECRET)),
        token_url: faults.check(check_endpoint("token_url", text(|grant| &grant.token_url))),
    }
}

/// An endpoint of a provider: over https, or on this machine.
pub(crate) fn check_endpoint(field: &'static str, text: &str) -> std::result::Result<String, Invalid> {
    let line = input::line(field, text, MAX_URL)?;
    let url = Url::parse(&line).ok().filter(|url| match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => url.host_str().is_some_and(channel::is_this_machine),
        _ => false,
    });
    url.map(|_| line).ok_or(Invalid::new(field, Code::NotAUrl))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn good() -> ChannelInput {
        ChannelInput {
            name: "Relay".into(),
            team: false,
            host: "smtp.example.org".into(),
            port: 465,
            security: Security::Tls,
            auth: Auth::Password,
            username: Some("ada".into()),
            password: Some(" hunter2".into()),
            oauth: None,
            limits: Limits::default(),
        }
    }

    fn grant() -> OauthGrant {
        OauthGrant {
            client_id: "id".into(),
            client_secret: String::new(),
            refresh_token: "token".into(),
            token_url: "https://login.example.org/token".into(),
        }
    }

    fn wrong(input: ChannelInput) -> Vec<(&'static str, Code)> {
        match check(input, None) {
            Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| (fault.field, fault.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_good_channel_passes_with_its_password_as_typed() {
        let checked = check(good(), None).ok().unwrap();
        assert_eq!((checked.port, checked.username.as_deref()), (465, Some("ada")));
        assert!(checked.secret == Some(Secret::Password(" hunter2".into())));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let bad = ChannelInput {
            name: " ".into(),
            host: "https://x".into(),
            port: 70_000,
            username: None,
            password: Some("a\r\nb".into()),
            limits: Limits { batch_size: Some(3), ..Limits::default() },
            ..good()
        };
        let expected = [
            ("name", Code::Required),
            ("host", Code::NotAHost),
            ("port", Code::OutOfRange { min: 1, max: 65_535 }),
            ("username", Code::Required),
            ("password", Code::LineBreak),
            ("batch_pause_s", Code::Required),
        ];
        assert_eq!(wrong(bad), expected);
        assert_eq!(wrong(ChannelInput { port: 0, ..good() }), [("port", Code::OutOfRange { min: 1, max: 65_535 })]);
        assert_eq!(wrong(ChannelInput { password: None, ..good() }), [("password", Code::Required)]);
    }

    #[test]
    fn without_tls_only_this_machine_may_be_spoken_to() {
        let at = |host: &str| ChannelInput { host: host.into(), security: Security::None, ..good() };
        assert_eq!(wrong(at("smtp.example.org")), [("security", Code::NeedsTls)]);
        assert_eq!(wrong(at("10.0.0.1")), [("security", Code::NeedsTls)]);
        assert_eq!(wrong(at("localhost")), []);
        assert_eq!(wrong(at("127.0.0.1")), []);
    }

    #[test]
    fn a_grant_needs_its_parts_and_an_https_address() {
        let with = |grant| ChannelInput { auth: Auth::Xoauth2, password: None, oauth: grant, ..good() };
        assert_eq!(wrong(with(Some(grant()))), []);
        let nothing = [("client_id", Code::Required), ("refresh_token", Code::Required), ("token_url", Code::Required)];
        assert_eq!(wrong(with(None)), nothing);
        let empty = OauthGrant { client_id: String::new(), refresh_token: String::new(), ..grant() };
        assert_eq!(wrong(with(Some(empty))), [("client_id", Code::Required), ("refresh_token", Code::Required)]);
        for url in ["http://login.example.org/token", "ftp://x.example", "login.example.org", "https://"] {
            let bad = OauthGrant { token_url: url.into(), ..grant() };
            assert_eq!(wrong(with(Some(bad))), [("token_url", Code::NotAUrl)], "{url}");
        }
        let local = OauthGrant { token_url: "http://127.0.0.1:8080/token".into(), ..grant() };
        assert_eq!(wrong(with(Some(local))), []);
    }
}
