//! A host asked the way a recipient's browser will ask it: found, reached, secured, and answering as only we can.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use domain::{Timestamp, deliverability::Answer, text_enum};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{Request, StatusCode, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;

pub use crate::transcript::{ProbeStep, Problem};
use crate::{
    dns::Resolver,
    net::{self, Network},
    transcript::Log,
};

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer that is read.
const MAX_ANSWER: usize = 1024;

text_enum!(
    /// A step on the way to a host's answer.
    HostStep {
        /// Its name is looked up.
        Resolve = "resolve",
        /// A connection to it.
        Connect = "connect",
        /// A certificate is got for it.
        Certificate = "certificate",
        /// It shows its certificate.
        Tls = "tls",
        /// A request that only we can answer.
        Request = "request",
    }
);

/// What is asked, and how only we can answer it.
#[derive(Debug, Clone)]
pub struct Riddle {
    /// The path.
    pub path: String,
    /// The whole answer.
    pub answer: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Every step that was taken, in order; only the last can have failed.
    pub steps: Vec<ProbeStep<HostStep>>,
    /// When the certificate is good that was shown, if it was taken.
    pub certificate: Option<Validity>,
}

/// The time in which a certificate is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From when on.
    pub begins_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

impl Probe {
    /// What went wrong, if something did.
    pub fn problem(&self) -> Option<&Problem> {
        self.steps.iter().find_map(|step| step.problem.as_ref())
    }
}

/// Why a host cannot be used.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Network(#[from] net::Error),
    #[error("DNS does not answer")]
    DnsFailed,
    #[error("it does not speak HTTP")]
    NoHttp,
    #[error("it answered {0}")]
    Status(StatusCode),
    #[error("somebody else answered")]
    SomebodyElse,
}

impl Fault {
    fn code(&self) -> &'static str {
        match self {
            Self::Network(error) => error.code(),
            Self::DnsFailed => "dns_failed",
            Self::NoHttp => "no_http",
            Self::Status(_) => "wrong_status",
            Self::SomebodyElse => "somebody_else",
        }
    }
}

/// Asks `host`, which may name a port other than 443, by https.
pub async fn probe(host: &str, riddle: &Riddle, network: &Network, resolver: &Resolver) -> Probe {
    let mut log = Log::new();
    let mut certificate = None;
    let asked = ask(host, riddle, network, resolver, &mut log, &mut certificate).await;
    let mut steps: Vec<ProbeStep<HostStep>> = log.into_steps();
    if let (Err(fault), Some(step)) = (asked, steps.last_mut()) {
        step.problem = Some(Problem { code: fault.code(), detail: fault.to_string() });
    }
    Probe { steps, certificate }
}

/// The name and the port of `host`.
pub fn name_and_port(host: &str) -> (&str, u16) {
    let split = host.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse().ok()?)));
    split.unwrap_or((host, 443))
}

async fn ask(
    host: &str,
    riddle: &Riddle,
    network: &Network,
    resolver: &Resolver,
    log: &mut Log<HostStep>,
    certificate: &mut Option<Validity>,
) -> Result<(), Fault> {
    let (name, port) = name_and_port(host);
    log.enter(HostStep::Resolve);
    let found = match resolver.addresses(name).await {
        Answer::Found(found) => found,
        Answer::Nothing => return Err(net::Error::UnknownHost(name.to_owned()).into()),
        Answer::Unknown => return Err(Fault::DnsFailed),
    };
    if let Answer::Found(targets) = resolver.cname(name).await {
        log.server(format!("{name} CNAME {}", targets.join(", ")));
    }
    for address in &found {
        log.server(format!("{name} {} {address}", if address.is_ipv4() { "A" } else { "AAAA" }));
    }
    let addresses = network.allowed(found.iter().map(|address| SocketAddr::new(*address, port)))?;
    log.enter(HostStep::Connect);
    let stream = network.connect(&addresses, PATIENCE).await?;
    log.enter(HostStep::Tls);
    let stream = network.secure(name, stream, PATIENCE).await?;
    if let Some((words, validity)) = certificate_of(&stream) {
        log.server(words);
        *certificate = Some(validity);
    }
    log.enter(HostStep::Request);
    log.us(format!("GET https://{host}{}", riddle.path));
    let (status, body) =
        timeout(PATIENCE, get(stream, host, &riddle.path)).await.map_err(|_| net::Error::TimedOut)??;
    log.server(format!(
        "{status} {}",
        String::from_utf8_lossy(&body).chars().take(100).collect::<String>().escape_debug()
    ));
    if status != StatusCode::OK {
        return Err(Fault::Status(status));
    }
    if body == riddle.answer { Ok(()) } else { Err(Fault::SomebodyElse) }
}

/// Who issued the certificate that a host has shown, and when it is good.
fn certificate_of(stream: &TlsStream<TcpStream>) -> Option<(String, Validity)> {
    let (_, connection) = stream.get_ref();
    let shown = connection.peer_certificates()?.first()?;
    let (_, certificate) = x509_parser::parse_x509_certificate(shown).ok()?;
    let issuer: String = certificate.issuer().to_string().chars().take(200).collect();
    let (from, until) = (certificate.validity().not_before, certificate.validity().not_after);
    let moment = |at: x509_parser::time::ASN1Time| Timestamp(0).plus_seconds(at.timestamp());
    let words = format!("certificate issued by {}, good until {until}", issuer.escape_debug());
    Some((words, Validity { begins_at: moment(from), ends_at: moment(until) }))
}

async fn get<S>(stream: S, host: &str, path: &str) -> Result<(StatusCode, Bytes), Fault>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| Fault::NoHttp)?;
    let request =
        Request::get(path).header(header::HOST, host).body(Empty::<Bytes>::new()).map_err(|_| Fault::NoHttp)?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(|_| Fault::NoHttp)?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await.map_err(|_| Fault::SomebodyElse)?;
        Ok((status, body.to_bytes()))
    };
    // The connection works for the exchange and ends with it.
    tokio::select! {
        answer = exchange => answer,
        Err(_) = connection => Err(Fault::NoHttp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_the_port_it_names_or_that_of_https() {
        assert_eq!(name_and_port("go.shop.example"), ("go.shop.example", 443));
        assert_eq!(name_and_port("go.shop.example:8443"), ("go.shop.example", 8443));
    }
}
