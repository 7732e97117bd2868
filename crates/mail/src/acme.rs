//! Certificates by ACME (RFC 8555), proved by TLS-ALPN-01 (RFC 8737): the authority connects to the host's port 443 and wants
//! to see a certificate with a digest in it. So nothing but that port has to be open.

use std::{pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{Timestamp, time::SECOND};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response, Uri, body::Incoming, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use instant_acme::{
    Account, AuthorizationStatus, BodyWrapper, BytesResponse, ChallengeType, HttpClient, Identifier, NewAccount,
    NewOrder, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::{
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};
use tokio::time::timeout;

use crate::net::{self, Network};

/// How long one request to the authority may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the authority may take to look, and again to issue.
const ORDER_PATIENCE: Duration = Duration::from_mins(1);
/// The largest answer that is read.
const MAX_ANSWER: usize = 256 * 1024;

/// The protocol that the authority asks for when it looks (RFC 8737 §4).
pub const PROTOCOL: &[u8] = b"acme-tls/1";

pub use rustls::ServerConfig;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The authority said no, or could not be asked.
    #[error("{0}")]
    Authority(#[from] instant_acme::Error),
    /// The authority does not offer TLS-ALPN-01.
    #[error("the authority does not offer the challenge tls-alpn-01")]
    NoChallenge,
    /// The authority looked and did not find what it asked for, or did not come to an end.
    #[error("the authority did not accept the proof: {0}")]
    NotProved(String),
    /// What was issued cannot be read, or no key could be made.
    #[error("the certificate cannot be used: {0}")]
    Unusable(String),
    /// What was asked for could not be shown.
    #[error("{0}")]
    NotShown(String),
}

/// A certificate with its key.
#[derive(Debug)]
pub struct Identity {
    /// The certificate and its chain.
    pub chain: Vec<CertificateDer<'static>>,
    /// The private key.
    pub key: PrivateKeyDer<'static>,
}

impl Identity {
    /// From PEM.
    ///
    /// # Errors
    /// [`Error::Unusable`].
    pub fn from_pem(chain: &str, key: &[u8]) -> Result<Self, Error> {
        let chain = net::read_certificates(chain.as_bytes()).map_err(Error::Unusable)?;
        Ok(Self { chain, key: PrivateKeyDer::from_pem_slice(key).map_err(unusable)? })
    }

    /// A server that shows this certificate and speaks `protocols`.
    ///
    /// # Errors
    /// [`Error::Unusable`] when the key is none.
    pub fn server_config(self, protocols: &[&[u8]]) -> Result<Arc<ServerConfig>, Error> {
        let provider = Arc::new(ring::default_provider());
        let key = provider.key_provider.load_private_key(self.key).map_err(unusable)?;
        // Not looked into: what proves who we are to an authority has a critical extension that nobody else understands.
        let shown = SingleCertAndKey::from(CertifiedKey::new(self.chain, key));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(shown));
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(Arc::new(config))
    }

    /// What proves to the authority that we are `host`.
    ///
    /// # Errors
    /// [`Error::Unusable`] when it cannot be made.
    pub fn of_challenge(host: &str, digest: &[u8]) -> Result<Self, Error> {
        let mut params = CertificateParams::new(vec![host.to_owned()]).map_err(unusable)?;
        params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        let key = KeyPair::generate().map_err(unusable)?;
        let certificate = params.self_signed(&key).map_err(unusable)?;
        Ok(Self { chain: vec![certificate.der().clone()], key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) })
    }
}

/// A certificate as it was issued.
#[derive(Debug)]
pub struct Issued {
    /// The certificate and its chain, PEM.
    pub chain: String,
    /// The private key, PEM.
    pub key: String,
    /// From when on it is good.
    pub begins_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Our account at an authority. Without `known` credentials one is made, and its terms are agreed to; answers the
/// credentials of a new one.
///
/// # Errors
/// [`Error::Authority`].
pub async fn account(
    directory_url: &str,
    known: Option<&[u8]>,
    network: Network,
) -> Result<(Account, Option<Vec<u8>>), Error> {
    let builder = Account::builder_with_http(Box::new(Http(network)));
    if let Some(known) = known {
        let credentials = serde_json::from_slice(known).map_err(unusable)?;
        return Ok((builder.from_credentials(credentials).await?, None));
    }
    let wanted = NewAccount { contact: &[], terms_of_service_agreed: true, only_return_existing: false };
    let (account, credentials) = builder.create(&wanted, directory_url.to_owned(), None).await?;
    Ok((account, Some(serde_json::to_vec(&credentials).map_err(unusable)?)))
}

/// Orders a certificate for `host`. `show` has to see to it that [`Identity::of_challenge`] with the digest it is given is
/// what whoever asks the host for [`PROTOCOL`] gets.
///
/// # Errors
/// [`Error`].
pub async fn order<F>(account: &Account, host: &str, show: impl FnOnce(Vec<u8>) -> F + Send) -> Result<Issued, Error>
where
    F: Future<Output = Result<(), String>> + Send,
{
    let mut order = account.new_order(&NewOrder::new(&[Identifier::Dns(host.to_owned())])).await?;
    let mut authorizations = order.authorizations();
    if let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        if authorization.status == AuthorizationStatus::Pending {
            let mut challenge = authorization.challenge(ChallengeType::TlsAlpn01).ok_or(Error::NoChallenge)?;
            let digest = challenge.key_authorization().digest().as_ref().to_vec();
            show(digest).await.map_err(Error::NotShown)?;
            challenge.set_ready().await?;
        }
    }
    let patience = RetryPolicy::new().timeout(ORDER_PATIENCE);
    let status = order.poll_ready(&patience).await?;
    if status != OrderStatus::Ready {
        return Err(Error::NotProved(refusal(&mut order).await.unwrap_or_else(|| format!("{status:?}"))));
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&patience).await?;
    let (begins_at, expires_at) = validity(&chain)?;
    Ok(Issued { chain, key, begins_at, expires_at })
}

/// The authority's own words on what it did not find.
async fn refusal(order: &mut instant_acme::Order) -> Option<String> {
    let mut authorizations = order.authorizations();
    while let Some(Ok(authorization)) = authorizations.next().await {
        let problem = authorization.challenges.iter().find_map(|challenge| challenge.error.as_ref());
        if let Some(problem) = problem {
            return Some(problem.to_string());
        }
    }
    None
}

/// From when until when the first certificate of a chain is good.
fn validity(chain: &str) -> Result<(Timestamp, Timestamp), Error> {
    let first = CertificateDer::from_pem_slice(chain.as_bytes()).map_err(unusable)?;
    let (_, certificate) = x509_parser::parse_x509_certificate(&first).map_err(unusable)?;
    let at = |time: x509_parser::time::ASN1Time| Timestamp(time.timestamp() * SECOND);
    let validity = certificate.validity();
    Ok((at(validity.not_before), at(validity.not_after)))
}

fn unusable(error: impl std::fmt::Display) -> Error {
    Error::Unusable(error.to_string())
}

/// The way to the authority.
struct Http(Network);

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, instant_acme::Error>> + Send>> {
        let network = self.0.clone();
        Box::pin(async move {
            let answered = timeout(PATIENCE, send(&network, request)).await.map_err(|_| net::Error::TimedOut);
            match answered.and_then(|answered| answered) {
                Ok(response) => Ok(BytesResponse::from(response)),
                Err(error) => Err(instant_acme::Error::Other(Box::new(error))),
            }
        })
    }
}

async fn send(network: &Network, request: Request<BodyWrapper<Bytes>>) -> Result<Response<Full<Bytes>>, net::Error> {
    let failed = |error: &dyn std::fmt::Display| net::Error::Network(error.to_string());
    let (mut parts, body) = request.into_parts();
    let authority = parts.uri.authority().ok_or_else(|| net::Error::InvalidHost(parts.uri.to_string()))?.clone();
    let (host, port) = (authority.host(), authority.port_u16().unwrap_or(443));
    let stream = network.connect(&network.resolve(host, port, PATIENCE).await?, PATIENCE).await?;
    let stream = network.secure(host, stream, PATIENCE).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|it| failed(&it))?;
    let host = header::HeaderValue::from_str(authority.as_str()).map_err(|it| failed(&it))?;
    parts.headers.insert(header::HOST, host);
    let path = parts.uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str).to_owned();
    parts.uri = path.parse::<Uri>().map_err(|it| failed(&it))?;
    let exchange = async {
        let response: Response<Incoming> =
            sender.send_request(Request::from_parts(parts, body)).await.map_err(|it| failed(&it))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await.map_err(|it| failed(&it))?;
        Ok(Response::from_parts(parts, Full::new(body.to_bytes())))
    };
    // The connection works for the exchange and ends with it.
    tokio::select! {
        answer = exchange => answer,
        Err(error) = connection => Err(failed(&error)),
    }
}
