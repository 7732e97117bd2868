//! Who asks: the extractors that turn a cookie or a bearer token into an actor, and a connection into an address.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use axum_extra::extract::CookieJar;
use domain::authorization::{Actor, Denied};
use engine::accounts::Client;

use crate::{
    app::App,
    problem::{Problem, Result},
};

/// Somebody signed in.
pub(crate) struct Caller {
    /// Who, and what they may do.
    pub(crate) actor: Actor,
    /// The hash that the session is kept under; `None` for a bearer token.
    pub(crate) session: Option<Vec<u8>>,
}

impl Caller {
    /// The session: what signing out, passwords and tokens are about. A bearer token has none, and may not get one.
    pub(crate) fn session(&self) -> engine::Result<&[u8]> {
        self.session.as_deref().ok_or(Denied::Forbidden.into())
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let ip = client_ip(parts, app);
        let caller = if let Some(token) = bearer(&parts.headers) {
            app.engine.actor_of_token(token, ip).await?.map(|actor| Self { actor, session: None })
        } else if let Some(token) = session_token(&parts.headers, app) {
            let found = app.engine.actor_of_session(&token, ip).await?;
            found.map(|(actor, session)| Self { actor, session: Some(session) })
        } else {
            None
        };
        caller.ok_or_else(Problem::not_signed_in)
    }
}

/// Where the request comes from, signed in or not.
pub(crate) struct Visitor(pub(crate) Client);

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Self::Rejection> {
        Ok(Self(Client { ip: client_ip(parts, app), user_agent: user_agent(parts) }))
    }
}

/// The client's name for itself.
pub(crate) fn user_agent(parts: &Parts) -> Option<String> {
    parts.headers.get(header::USER_AGENT).and_then(|name| name.to_str().ok()).map(str::to_owned)
}

/// The token after `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The token in the session cookie.
pub(crate) fn session_token(headers: &HeaderMap, app: &App) -> Option<String> {
    CookieJar::from_headers(headers).get(app.session_cookie()).map(|cookie| cookie.value().to_owned())
}

/// The peer, or behind trusted proxies the last address that none of them vouches for.
pub(crate) fn client_ip(parts: &Parts, app: &App) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(last_untrusted(peer.ip().to_canonical(), &parts.headers, &app.options.trusted_proxies))
}

fn last_untrusted(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let mut hops: Vec<&str> = Vec::new();
    for value in headers.get_all("x-forwarded-for") {
        hops.extend(value.to_str().unwrap_or_default().split(','));
    }
    let mut client = peer;
    while trusted.contains(&client) {
        match hops.pop().and_then(|hop| hop.trim().parse::<IpAddr>().ok()) {
            Some(hop) => client = hop.to_canonical(),
            None => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        last_untrusted(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_say_they_are_somebody_else() {
        assert_eq!(client("192.0.2.7", &["203.0.113.5"]), "192.0.2.7");
    }

    #[test]
    fn behind_proxies_it_is_the_last_hop_that_none_of_them_is() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 203.0.113.5, 10.0.0.2"]), "203.0.113.5");
        assert_eq!(client("10.0.0.1", &["198.51.100.1", "203.0.113.5"]), "203.0.113.5");
        assert_eq!(client("10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn what_a_proxy_says_in_a_way_nobody_understands_is_not_believed() {
        assert_eq!(client("10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_bearer_token_is_found_in_any_case_and_nothing_else_is() {
        let with = |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        assert_eq!(bearer(&with("Bearer qdt_x")), Some("qdt_x"));
        assert_eq!(bearer(&with("bearer qdt_x")), Some("qdt_x"));
        assert_eq!(bearer(&with("Basic abc")), None);
    }
}
