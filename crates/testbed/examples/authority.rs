//! A DNS and a Pebble that asks it, for tests in other languages: the only argument is the port at which Pebble looks for hosts.
//! It prints where they are and whom to trust, publishes each record that comes on standard input (`NAME KIND VALUE`), and is
//! gone when that closes.

use std::{
    error::Error,
    io::{BufRead, stdin},
};

use serde_json::json;
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
