//! A provider that `elena@northlight.example` consents at, and the Dovecot that takes its tokens, for tests in other languages:
//! it prints where they are, withdraws the consent when a line comes on standard input, and is gone when that closes.

use std::io::{BufRead, stdin};

use testbed::{
    dovecot::{Dovecot, Options},
    provider::{CLIENT_ID, CLIENT_SECRET, Provider},
};

fn main() -> std::io::Result<()> {
    let provider = Provider::start("elena@northlight.example");
    let introspection_url = Some(provider.introspection_url());
    let dovecot = Dovecot::start_with(&Options { introspection_url, ..Options::default() });
    let (ask, give) = (provider.authorization_url(), provider.token_url());
    println!(
        "{{\"client_id\":\"{CLIENT_ID}\",\"client_secret\":\"{CLIENT_SECRET}\",\"authorization_url\":\"{ask}\",\"token_url\":\"{give}\",\"port\":{}}}",
        dovecot.addr().port()
    );
    for line in stdin().lock().lines() {
        line?;
        provider.withdraw();
        println!("withdrawn");
    }
    Ok(())
}
