//! What DNS says about a domain: text records, mail servers, addresses. Each question has its time and ends.

use std::{
    net::{IpAddr, SocketAddr},
    sync::OnceLock,
    time::Duration,
};

use domain::deliverability::{Answer, Mx};
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ProtocolConfig, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::{Name, RData, RecordType},
};
use tokio::time::timeout;

/// How long one server has for one question.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long one question takes, all in all.
const LONGEST: Duration = Duration::from_secs(8);
/// Records of one name that are looked at.
const MAX_RECORDS: usize = 50;

/// Asks DNS: the servers it was given, else the system's.
pub struct Resolver {
    servers: Vec<SocketAddr>,
    // Made at the first question: where a system has no resolver, everything else still works.
    client: OnceLock<Option<TokioResolver>>,
}

impl Resolver {
    /// A resolver that asks `servers`, or whom the system asks when there are none.
    pub fn new(servers: Vec<SocketAddr>) -> Self {
        Self { servers, client: OnceLock::new() }
    }

    /// The text records of `name`, the strings of each joined.
    pub async fn txt(&self, name: &str) -> Answer<String> {
        self.ask(name, RecordType::TXT, |data| match data {
            RData::TXT(txt) => Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()),
            _ => None,
        })
        .await
    }

    /// The mail servers of `name`.
    pub async fn mx(&self, name: &str) -> Answer<Mx> {
        self.ask(name, RecordType::MX, |data| match data {
            RData::MX(mx) => Some(Mx { preference: mx.preference, host: text(&mx.exchange) }),
            _ => None,
        })
        .await
    }

    /// The name that `name` stands for.
    pub async fn cname(&self, name: &str) -> Answer<String> {
        self.ask(name, RecordType::CNAME, |data| match data {
            RData::CNAME(target) => Some(text(target)),
            _ => None,
        })
        .await
    }

    /// The addresses of `name`, whatever other names lie between.
    pub async fn addresses(&self, name: &str) -> Answer<IpAddr> {
        let address = |data: &RData| match data {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        };
        let (v4, v6) = tokio::join!(self.ask(name, RecordType::A, address), self.ask(name, RecordType::AAAA, address));
        match (v4, v6) {
            (Answer::Found(mut v4), v6) => {
                v4.extend_from_slice(v6.records());
                Answer::Found(v4)
            }
            (_, Answer::Found(v6)) => Answer::Found(v6),
            (Answer::Nothing, Answer::Nothing) => Answer::Nothing,
            _ => Answer::Unknown,
        }
    }

    async fn ask<T>(&self, name: &str, kind: RecordType, read: impl Fn(&RData) -> Option<T>) -> Answer<T> {
        let Some(client) = self.client() else { return Answer::Unknown };
        // The final dot: a name is never looked for below the domain of this machine.
        let Ok(name) = Name::from_ascii(format!("{}.", name.trim_end_matches('.'))) else { return Answer::Nothing };
        match timeout(LONGEST, client.lookup(name, kind)).await {
            Ok(Ok(found)) => {
                let records: Vec<T> =
                    found.answers().iter().take(MAX_RECORDS).filter_map(|record| read(&record.data)).collect();
                if records.is_empty() { Answer::Nothing } else { Answer::Found(records) }
            }
            Ok(Err(error)) if says_nothing_is_there(&error) => Answer::Nothing,
            Ok(Err(_)) | Err(_) => Answer::Unknown,
        }
    }

    fn client(&self) -> Option<&TokioResolver> {
        self.client.get_or_init(|| client(&self.servers)).as_ref()
    }
}

fn says_nothing_is_there(error: &NetError) -> bool {
    error.is_no_records_found()
}

/// A name as people write it: lower case, without the final dot; the root is empty.
fn text(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}

fn client(servers: &[SocketAddr]) -> Option<TokioResolver> {
    let mut builder = if servers.is_empty() {
        TokioResolver::builder_tokio().ok()?
    } else {
        let servers = servers.iter().map(|server| {
            let connections = [ProtocolConfig::Udp, ProtocolConfig::Tcp].map(|protocol| {
                let mut connection = ConnectionConfig::new(protocol);
                connection.port = server.port();
                connection
            });
            NameServerConfig::new(server.ip(), true, connections.to_vec())
        });
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.collect());
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
    };
    let options = builder.options_mut();
    options.timeout = PATIENCE;
    options.attempts = 1;
    // Whoever has just published a record wants to see it, and whoever has none waits for it.
    options.cache_size = 0;
    builder.build().ok()
}
