//! The IMAP client against a real Dovecot, and against servers that play by a script.

mod dovecot;
mod hostile;
mod opening;
mod reading;

use std::{net::SocketAddr, time::Duration};

use mail::{
    imap::{Client, Credentials, Patience, Security, Server},
    net::{AddressPolicy, Network},
};

fn client() -> Client {
    patient(Duration::from_mins(1))
}

fn patient(time: Duration) -> Client {
    Client { network: Network::new(AddressPolicy::ANY, []), patience: Patience { connect: time, command: time } }
}

fn clear_text(address: SocketAddr) -> Server {
    Server {
        host: address.ip().to_string(),
        port: address.port(),
        security: Security::None,
        credentials: password("open sesame 7"),
    }
}

fn password(password: &str) -> Credentials {
    Credentials::Password { username: "elena".into(), password: password.into() }
}
