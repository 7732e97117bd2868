//! A DNS and a Pebble that asks it, for tests in other languages: the only argument is the port at which Pebble looks for hosts.
//! It prints where they are and whom to trust, publishes each record that comes on standard input (`NAME KIND VALUE`), makes a
//! certificate of any time (`NAME CERTIFICATE FROM UNTIL`, in seconds since 1970), and is gone when that closes.

use std::{
    error::Error,
    io::{BufRead, stdin},
    time::Duration,
};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::{Value, json};
use testbed::{
    dns::{DnsServer, Record},
    pebble::Pebble,
};

fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).ok_or("the port is missing")?.parse()?;
    let dns = DnsServer::start();
    let pebble = Pebble::start(port, dns.address());
    println!("{}", json!({ "dns": dns.address(), "directory": pebble.directory_url(), "trusted": pebble.trusted() }));
    for line in stdin().lock().lines() {
        let line = line?;
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().ok_or("a record has a name, a kind and a value");
        let (name, kind, value) = (word()?, word()?, word()?);
        if kind == "CERTIFICATE" {
            println!("{}", certificate(name, value)?);
            continue;
        }
        let record = match kind {
            "A" | "AAAA" => Record::Address(value.parse()?),
            "CNAME" => Record::Cname(value.trim_end_matches('.').to_owned()),
            "TXT" => Record::Txt(value.to_owned()),
            _ => return Err(format!("records of the kind {kind} are not published").into()),
        };
        dns.publish(name, record);
        println!("published");
    }
    Ok(())
}

/// A certificate for `name` that only who knows it trusts, as an operator's proxy may have one.
fn certificate(name: &str, from_until: &str) -> Result<Value, Box<dyn Error>> {
    let (from, until) = from_until.split_once(' ').ok_or("a certificate has a beginning and an end")?;
    let mut wanted = CertificateParams::new([name.to_owned()])?;
    let moment =
        |seconds: &str| Ok::<_, Box<dyn Error>>(date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds.parse()?));
    (wanted.not_before, wanted.not_after) = (moment(from)?, moment(until)?);
    let key = KeyPair::generate()?;
    Ok(json!({ "certificate": wanted.self_signed(&key)?.pem(), "key": key.serialize_pem() }))
}
