//! TLS: whom we trust, and what is wrong with a certificate we do not.

use std::{fmt, io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName},
};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::Error;

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateProblem {
    /// It was issued for another name.
    WrongName,
    /// Its time is over, or has not come.
    Expired,
    /// No authority we trust has issued it.
    UnknownIssuer,
    /// Anything else.
    Invalid,
}

impl CertificateProblem {
    /// A stable name of the case.
    pub fn code(self) -> &'static str {
        match self {
            Self::WrongName => "certificate_wrong_name",
            Self::Expired => "certificate_expired",
            Self::UnknownIssuer => "certificate_unknown_issuer",
            Self::Invalid => "certificate_invalid",
        }
    }
}

impl fmt::Display for CertificateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongName => "was issued for another name",
            Self::Expired => "has expired or is not yet valid",
            Self::UnknownIssuer => "was issued by an authority this machine does not trust",
            Self::Invalid => "is not valid",
        })
    }
}

/// The authorities we trust, or why there are none.
#[derive(Clone)]
pub(super) struct Trust(Result<TlsConnector, rustls::Error>);

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_ok() { "Trust" } else { "Trust(none)" })
    }
}

impl Trust {
    pub(super) fn new(extra_roots: impl IntoIterator<Item = CertificateDer<'static>>) -> Self {
        let provider = Arc::new(ring::default_provider());
        Self(client_config(&provider, extra_roots).map(|config| TlsConnector::from(Arc::new(config))))
    }

    pub(super) async fn handshake(&self, host: String, stream: TcpStream) -> Result<TlsStream<TcpStream>, Error> {
        let connector = self.0.as_ref().map_err(|error| Error::Tls(error.to_string()))?;
        let name = ServerName::try_from(host).map_err(|_| Error::Certificate(CertificateProblem::WrongName))?;
        Ok(connector.connect(name, stream).await?)
    }
}

/// Whether each of `authorities` is a certificate at all: one that is none would cost us all of them, at every connection.
pub(super) fn can_be_trusted(authorities: &[CertificateDer<'static>]) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    authorities.iter().try_for_each(|authority| roots.add(authority.clone())).map_err(|error| error.to_string())
}

fn client_config(
    provider: &Arc<CryptoProvider>,
    extra_roots: impl IntoIterator<Item = CertificateDer<'static>>,
) -> Result<ClientConfig, rustls::Error> {
    let verifier = Verifier::new_with_extra_roots(extra_roots, Arc::clone(provider))?;
    Ok(ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// The TLS failure inside an I/O error, if there is one.
pub(super) fn from_io(error: &io::Error) -> Option<Error> {
    let inner = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match inner {
        rustls::Error::InvalidCertificate(problem) => Error::Certificate(classify(problem)),
        // What came is no TLS at all: plain text, as a rule, at a port for it.
        rustls::Error::InvalidMessage(_) => Error::Tls("the server does not speak TLS at this port".to_owned()),
        other => Error::Tls(other.to_string()),
    })
}

fn classify(error: &CertificateError) -> CertificateProblem {
    match error {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateProblem::WrongName
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CertificateProblem::Expired,
        CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
        _ => CertificateProblem::Invalid,
    }
}
