//! A Dovecot for tests in other languages: it prints its port, puts each file that is named on standard input into the
//! Sent folder of `elena`, and is gone when standard input closes.

use std::io::{BufRead, stdin};

use testbed::dovecot::Dovecot;

fn main() -> std::io::Result<()> {
    let dovecot = Dovecot::start();
    println!("IMAP at {}", dovecot.addr());
    for path in stdin().lock().lines() {
        dovecot.folder("elena", "Sent").deliver(&std::fs::read(path?)?);
        println!("delivered");
    }
    Ok(())
}
