//! Hosts that a user named: resolved, checked after resolution, connected to, secured.
//!
//! A channel's host is whatever somebody typed. The address it resolves to is checked at each connection, on the very
//! address that is connected to, so that a name cannot lead into the network the server stands in.

mod get;
mod policy;
mod tls;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::client::TlsStream;

pub use policy::AddressPolicy;
pub use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
pub use tls::CertificateProblem;

/// The most addresses of one name that are tried.
const MAX_ADDRESSES: usize = 8;

/// Why a host could not be reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The name is no host name.
    #[error("{0:?} is not a host name")]
    InvalidHost(String),
    /// The name has no address.
    #[error("the name {0} has no address")]
    UnknownHost(String),
    /// Every address of the name is one that the policy forbids.
    #[error("{0} is a private address, and the administrator has not allowed those")]
    ForbiddenAddress(IpAddr),
    /// Nothing listens at the port.
    #[error("nothing answers at {0}")]
    ConnectionRefused(SocketAddr),
    /// The network could not carry the connection.
    #[error("the network failed: {0}")]
    Network(String),
    /// Nothing happened for too long.
    #[error("no answer in time")]
    TimedOut,
    /// The other side closed the connection.
    #[error("the server closed the connection")]
    Closed,
    /// The server's certificate does not prove that it is the host we wanted.
    #[error("the server's certificate {0}")]
    Certificate(CertificateProblem),
    /// TLS could not be negotiated.
    #[error("TLS failed: {0}")]
    Tls(String),
}

impl Error {
    /// A stable name of the case, for the API and for metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidHost(_) => "invalid_host",
            Self::UnknownHost(_) => "unknown_host",
            Self::ForbiddenAddress(_) => "forbidden_address",
            Self::ConnectionRefused(_) => "connection_refused",
            Self::Network(_) => "network",
            Self::TimedOut => "timed_out",
            Self::Closed => "closed",
            Self::Certificate(problem) => problem.code(),
            Self::Tls(_) => "tls",
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::NotConnected => Self::Closed,
            io::ErrorKind::TimedOut => Self::TimedOut,
            _ => tls::from_io(&error).unwrap_or_else(|| Self::Network(error.to_string())),
        }
    }
}

/// The way out of this process: which addresses may be reached, and whom TLS trusts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Network {
    policy: AddressPolicy,
    tls: tls::Trust,
    hosts: Arc<[(String, SocketAddr)]>,
}

impl Network {
    /// A network that trusts the system's certificate authorities and `extra_roots`.
    ///
    /// A machine without authorities still gets a network: its TLS connections then fail and say why.
    pub fn new(policy: AddressPolicy, extra_roots: impl IntoIterator<Item = CertificateDer<'static>>) -> Self {
        Self { policy, tls: tls::Trust::new(extra_roots), hosts: Arc::default() }
    }

    /// The same, with `hosts` found where it is said and not where DNS says, whatever port is asked for: a provider that is
    /// played by a server of ours.
    #[must_use]
    pub fn with_hosts(self, hosts: impl IntoIterator<Item = (String, SocketAddr)>) -> Self {
        Self { hosts: hosts.into_iter().collect(), ..self }
    }

    /// The addresses of `host` that the policy allows, in the resolver's order.
    pub(crate) async fn resolve(&self, host: &str, port: u16, patience: Duration) -> Result<Vec<SocketAddr>, Error> {
        let host = canonical(host)?;
        if let Some((_, address)) = self.hosts.iter().find(|(name, _)| *name == host) {
            return self.allowed(std::iter::once(*address));
        }
        let unknown = || Error::UnknownHost(host.clone());
        let found = timeout(patience, tokio::net::lookup_host((host.as_str(), port)))
            .await
            .map_err(|_| Error::TimedOut)?
            .map_err(|_| unknown())?;
        let allowed = self.allowed(found)?;
        if allowed.is_empty() { Err(unknown()) } else { Ok(allowed) }
    }

    /// Those of `addresses` that the policy allows; an error when it forbids all of them.
    pub(crate) fn allowed(&self, addresses: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Error> {
        let (allowed, forbidden): (Vec<_>, Vec<_>) =
            addresses.take(MAX_ADDRESSES).partition(|address| self.policy.allows(address.ip()));
        match forbidden.first() {
            Some(address) if allowed.is_empty() => Err(Error::ForbiddenAddress(address.ip())),
            _ => Ok(allowed),
        }
    }

    /// A connection to the first of `addresses` that answers, each given `patience`.
    pub(crate) async fn connect(&self, addresses: &[SocketAddr], patience: Duration) -> Result<TcpStream, Error> {
        let mut last = Error::TimedOut;
        for address in addresses {
            match timeout(patience, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                    last = Error::ConnectionRefused(*address);
                }
                Ok(Err(error)) => last = error.into(),
                Err(_) => last = Error::TimedOut,
            }
        }
        Err(last)
    }

    /// `stream` in TLS, once the server has proved to be `host`.
    pub(crate) async fn secure(
        &self,
        host: &str,
        stream: TcpStream,
        patience: Duration,
    ) -> Result<TlsStream<TcpStream>, Error> {
        let host = canonical(host)?;
        timeout(patience, self.tls.handshake(host, stream)).await.map_err(|_| Error::TimedOut)?
    }
}

/// The certificates of authorities in a PEM file.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn read_certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if certificates.is_empty() => Err("there is no certificate in it".to_owned()),
        Ok(certificates) => tls::can_be_trusted(&certificates).map(|()| certificates),
        Err(error) => Err(error.to_string()),
    }
}

/// The host as resolvers and certificates know it: ASCII, lower case, without a final dot or IPv6 brackets.
fn canonical(host: &str) -> Result<String, Error> {
    let name = host.trim_end_matches('.');
    if let Ok(address) = name.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Ok(address.to_string());
    }
    url::Host::parse(name).map(|host| host.to_string()).map_err(|_| Error::InvalidHost(host.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_known_by_one_name() {
        assert_eq!(canonical("SMTP.Example.ORG."), Ok("smtp.example.org".into()));
        assert_eq!(canonical("bücher.example"), Ok("xn--bcher-kva.example".into()));
        assert_eq!(canonical("[::1]"), Ok("::1".into()));
        assert_eq!(canonical("0x7f.1"), Ok("127.0.0.1".into()));
        for bad in ["", "a b", "smtp.example.org/path", "user@host", "a\r\nb"] {
            assert!(matches!(canonical(bad), Err(Error::InvalidHost(_))), "{bad:?}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_however_it_is_spelled() {
        let network = Network::new(AddressPolicy::PUBLIC_ONLY, []);
        for host in ["localhost", "127.0.0.1", "[::1]", "0x7f.1", "2130706433", "::ffff:127.0.0.1"] {
            let found = network.resolve(host, 25, Duration::from_secs(5)).await;
            assert!(matches!(found, Err(Error::ForbiddenAddress(_))), "{host}: {found:?}");
        }
    }

    #[tokio::test]
    async fn what_the_administrator_allowed_is_reached() {
        let network = Network::new(AddressPolicy { loopback: true, private: false }, []);
        let found = network.resolve("127.0.0.1", 25, Duration::from_secs(5)).await.unwrap();
        assert_eq!(found, ["127.0.0.1:25".parse().unwrap()]);
    }
}
