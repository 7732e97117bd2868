//! Signing in with a consent in place of a password (RFC 6749): somebody is asked for it at the provider's, a code becomes a
//! refresh token, and a refresh token the access token that `XOAUTH2` needs.

mod consent;

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use url::{Url, form_urlencoded};

pub use consent::{CodeGrant, Consent, Question, exchange};

use crate::net::{self, Network};

/// How long one request may take, all in all.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest answer that is read.
const MAX_ANSWER: usize = 64 * 1024;
/// How long a token is taken to live when the server does not say.
const DEFAULT_LIFETIME: Duration = Duration::from_mins(30);

/// What a user gave us instead of a password.
#[derive(Clone)]
pub struct RefreshGrant {
    /// The application's id at the provider.
    pub client_id: String,
    /// The application's secret, where the provider gives one.
    pub client_secret: String,
    /// The token that stands for the user's consent.
    pub refresh_token: String,
    /// The provider's token endpoint: https, or http on this machine.
    pub token_url: String,
}

/// A token that opens the mailbox for a while.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The token.
    pub token: String,
    /// How long it opens the mailbox, from now.
    pub lifetime: Duration,
    /// The refresh token to use from now on, if the provider has replaced it.
    pub refresh_token: Option<String>,
}

impl std::fmt::Debug for RefreshGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RefreshGrant")
            .field("client_id", &self.client_id)
            .field("token_url", &self.token_url)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// Why there is no access token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The token URL is none, or would carry secrets in clear text over a network.
    #[error("the token URL must begin with https://")]
    InsecureUrl,
    /// The token endpoint could not be reached.
    #[error(transparent)]
    Network(#[from] net::Error),
    /// The provider said no: the consent was withdrawn, or a secret is wrong.
    #[error("the provider refused: {code} {description}")]
    Refused {
        /// Its code, such as `invalid_grant`.
        code: String,
        /// Its words.
        description: String,
    },
    /// The provider has a problem of its own.
    #[error("the provider answered with status {0}")]
    Unavailable(u16),
    /// The answer is not what RFC 6749 describes.
    #[error("the answer is not an OAuth answer")]
    Nonsense,
}

impl Error {
    /// A stable name of the case, for the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InsecureUrl => "insecure_token_url",
            Self::Network(error) => error.code(),
            Self::Refused { .. } if self.is_unknown_application() => "registration_refused",
            Self::Refused { .. } => "token_refused",
            Self::Unavailable(_) => "token_endpoint_unavailable",
            Self::Nonsense => "token_endpoint_nonsense",
        }
    }

    /// Whether the consent itself is gone: withdrawn, or too old. Somebody has to give it again.
    pub fn is_withdrawn(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "invalid_grant")
    }

    /// Whether the application itself was not let in: its client id or secret is wrong, or it may not ask this way (RFC 6749 §5.2).
    pub fn is_unknown_application(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "invalid_client" || code == "unauthorized_client")
    }

    /// Whether the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Network(_) | Self::Unavailable(_))
    }
}

/// Asks the provider for an access token.
///
/// # Errors
/// [`Error`], whose [`Error::is_temporary`] tells whether asking again makes sense.
pub async fn refresh(grant: &RefreshGrant, network: &Network) -> Result<AccessToken, Error> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "refresh_token")
        .append_pair("refresh_token", &grant.refresh_token)
        .append_pair("client_id", &grant.client_id)
        .extend_pairs((!grant.client_secret.is_empty()).then_some(("client_secret", &grant.client_secret)))
        .finish();
    Ok(ask(&grant.token_url, form, network).await?.into())
}

/// Posts `form` to a token endpoint: over https, or to this machine.
async fn ask(token_url: &str, form: String, network: &Network) -> Result<Granted, Error> {
    let url = Url::parse(token_url).map_err(|_| Error::InsecureUrl)?;
    let host = url.host_str().ok_or(Error::InsecureUrl)?;
    let port = url.port_or_known_default().ok_or(Error::InsecureUrl)?;
    let exchange = async {
        let stream = network.connect(&network.resolve(host, port, PATIENCE).await?, PATIENCE).await?;
        match url.scheme() {
            "https" => post(network.secure(host, stream, PATIENCE).await?, &url, form).await,
            "http" if stream.peer_addr().map_err(net::Error::from)?.ip().is_loopback() => {
                post(stream, &url, form).await
            }
            _ => Err(Error::InsecureUrl),
        }
    };
    let (status, body) = timeout(PATIENCE, exchange).await.map_err(|_| net::Error::TimedOut)??;
    understand(status, &body)
}

async fn post<S>(stream: S, url: &Url, form: String) -> Result<(StatusCode, Bytes), Error>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let request = Request::post(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(header::HOST, &url[url::Position::BeforeHost..url::Position::AfterPort])
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Full::new(Bytes::from(form)))
        .map_err(|_| Error::InsecureUrl)?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(broken)?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
        let body = body.map_err(|error| error.downcast().map_or(Error::Nonsense, |error| broken(*error)))?;
        Ok((status, body.to_bytes()))
    };
    // The connection works for the exchange and ends with it.
    tokio::select! {
        answer = exchange => answer,
        Err(error) = connection => Err(broken(error)),
    }
}

/// A connection that ends in the middle says nothing about what was asked.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: hyper::Error) -> Error {
    if error.is_parse() { Error::Nonsense } else { net::Error::Closed.into() }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// Seconds; some providers write them as text.
    expires_in: Option<Value>,
    refresh_token: Option<String>,
    /// Who consented, where the provider was asked to say it (`OpenID` Connect Core §2).
    id_token: Option<String>,
}

impl From<Granted> for AccessToken {
    fn from(granted: Granted) -> Self {
        let seconds = granted.expires_in.and_then(|said| said.as_u64().or_else(|| said.as_str()?.parse().ok()));
        let lifetime = seconds.map_or(DEFAULT_LIFETIME, Duration::from_secs);
        Self { token: granted.access_token, lifetime, refresh_token: granted.refresh_token }
    }
}

#[derive(Deserialize)]
struct Denied {
    error: String,
    #[serde(default)]
    error_description: String,
}

fn understand(status: StatusCode, body: &[u8]) -> Result<Granted, Error> {
    if status.is_success() {
        return serde_json::from_slice(body).map_err(|_| Error::Nonsense);
    }
    let is_no =
        status.is_client_error() && !matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    match serde_json::from_slice::<Denied>(body) {
        // Words for a trouble of the provider's own (RFC 6749 §4.1.2.1), which some say with the status of a refusal.
        Ok(denied) if matches!(denied.error.as_str(), "temporarily_unavailable" | "server_error") => {
            Err(Error::Unavailable(status.as_u16()))
        }
        Ok(denied) if is_no => {
            let short = |text: String| text.chars().filter(|c| !c.is_control()).take(500).collect();
            Err(Error::Refused { code: short(denied.error), description: short(denied.error_description) })
        }
        _ if is_no => Err(Error::Nonsense),
        _ => Err(Error::Unavailable(status.as_u16())),
    }
}
