//! The certificate that `STARTTLS` shows: the operator's, or one made for the occasion.

use std::sync::Arc;

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};
use tokio_rustls::TlsAcceptor;

/// What `STARTTLS` shows.
#[derive(Clone)]
pub struct Tls(pub(super) TlsAcceptor);

/// Why a certificate cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificates are no PEM.
    #[error("the certificate file holds no certificate in PEM")]
    NoCertificate,
    /// The key is no PEM.
    #[error("the key file holds no private key in PEM")]
    NoKey,
    /// They do not fit each other, or are of a kind that cannot be used.
    #[error("certificate and key cannot be used: {0}")]
    Unfit(#[from] rustls::Error),
    /// No certificate could be made.
    #[error("no certificate could be made: {0}")]
    Unmade(#[from] rcgen::Error),
}

impl Tls {
    /// The operator's certificate, with the authorities between it and a root, and its key, both PEM.
    ///
    /// # Errors
    /// [`TlsError`], unless [`TlsError::Unmade`].
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::NoCertificate)?;
        if certificates.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey)?;
        Self::new(certificates, key)
    }

    /// A certificate for `name` that nobody has vouched for. Servers that deliver mail encrypt with it all the same
    /// (RFC 7435): against whoever only listens it protects as well as any.
    ///
    /// # Errors
    /// [`TlsError::Unmade`] when `name` is none.
    pub fn self_made(name: &str) -> Result<Self, TlsError> {
        let made = rcgen::generate_simple_self_signed([name.to_owned()])?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        Self::new(vec![made.cert.der().clone()], key.into())
    }

    fn new(certificates: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}
