//! A DNS server that says what the test tells it to, over UDP (RFC 1035).

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use crate::or_fail;

/// A record without its name.
#[derive(Debug, Clone)]
pub enum Record {
    /// Text.
    Txt(String),
    /// A mail server and its preference.
    Mx(u16, String),
    /// An address.
    Address(IpAddr),
    /// Another name.
    Cname(String),
}

type Zone = HashMap<String, Vec<Record>>;

/// The server. It answers for every name in the world, and ends with the process.
pub struct DnsServer {
    address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
}

impl DnsServer {
    /// Starts one on a free port of the loopback interface.
    pub fn start() -> Self {
        let socket = or_fail(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string()));
        let address = or_fail(socket.local_addr().map_err(|error| error.to_string()));
        let zone = Arc::new(Mutex::new(Zone::new()));
        let seen = Arc::clone(&zone);
        thread::spawn(move || {
            let mut buffer = [0; 2048];
            while let Ok((length, asker)) = socket.recv_from(&mut buffer) {
                if let Some(answer) = answer(&buffer[..length], &locked(&seen)) {
                    // Whoever asked may be gone.
                    let _ = socket.send_to(&answer, asker);
                }
            }
        });
        Self { address, zone }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Publishes one more record under `name`.
    pub fn publish(&self, name: &str, record: Record) {
        locked(&self.zone).entry(name.to_ascii_lowercase()).or_default().push(record);
    }

    /// Takes everything under `name` down.
    pub fn take_down(&self, name: &str) {
        locked(&self.zone).remove(&name.to_ascii_lowercase());
    }
}

fn locked(zone: &Mutex<Zone>) -> MutexGuard<'_, Zone> {
    zone.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answer to a query with one question; nothing for what is none.
fn answer(query: &[u8], zone: &Zone) -> Option<Vec<u8>> {
    let (name, end) = read_name(query, 12)?;
    let kind = u16::from_be_bytes([*query.get(end)?, *query.get(end + 1)?]);
    let records = zone.get(&name);
    let of_kind = |record: &&Record| code(record) == kind || matches!(record, Record::Cname(_));
    let mut answers: Vec<(String, Record)> = Vec::new();
    answers.extend(records.into_iter().flatten().filter(of_kind).map(|record| (name.clone(), record.clone())));
    if let Some((_, Record::Cname(target))) = answers.first().cloned() {
        let target = target.to_ascii_lowercase();
        let there = zone.get(&target).into_iter().flatten().filter(|record| code(record) == kind);
        answers.extend(there.map(|record| (target.clone(), record.clone())));
    }
    let mut message = query.get(..2)?.to_vec();
    // An answer, with recursion, and "no such name" where there is nothing at all.
    message.extend([0x85, if records.is_some() { 0x80 } else { 0x83 }]);
    for count in [1, u16::try_from(answers.len()).ok()?, 0, 0] {
        message.extend(count.to_be_bytes());
    }
    message.extend(query.get(12..end + 4)?);
    for (name, record) in answers {
        let data = data(&record);
        message.extend(wire_name(&name));
        message.extend(code(&record).to_be_bytes());
        message.extend([0, 1, 0, 0, 0, 1]);
        message.extend(u16::try_from(data.len()).ok()?.to_be_bytes());
        message.extend(data);
    }
    Some(message)
}

fn code(record: &Record) -> u16 {
    match record {
        Record::Address(IpAddr::V4(_)) => 1,
        Record::Cname(_) => 5,
        Record::Mx(..) => 15,
        Record::Txt(_) => 16,
        Record::Address(IpAddr::V6(_)) => 28,
    }
}

fn data(record: &Record) -> Vec<u8> {
    match record {
        Record::Address(IpAddr::V4(address)) => address.octets().to_vec(),
        Record::Address(IpAddr::V6(address)) => address.octets().to_vec(),
        Record::Cname(target) => wire_name(target),
        Record::Mx(preference, host) => [preference.to_be_bytes().to_vec(), wire_name(host)].concat(),
        Record::Txt(text) => text.as_bytes().chunks(255).flat_map(|part| [&[length(part)], part].concat()).collect(),
    }
}

fn wire_name(name: &str) -> Vec<u8> {
    let labels = name.split('.').filter(|label| !label.is_empty());
    labels.flat_map(|label| [&[length(label.as_bytes())], label.as_bytes()].concat()).chain([0]).collect()
}

fn length(part: &[u8]) -> u8 {
    u8::try_from(part.len()).unwrap_or(u8::MAX)
}

/// The name at `at`, lower case, and where it ends.
fn read_name(message: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut labels = Vec::new();
    loop {
        let length = usize::from(*message.get(at)?);
        at += 1;
        if length == 0 {
            return Some((labels.join("."), at));
        }
        labels.push(String::from_utf8_lossy(message.get(at..at + length)?).to_ascii_lowercase());
        at += length;
    }
}
