//! The client as the tests use it.

use std::{net::SocketAddr, sync::LazyLock, time::Duration};

use domain::smtp::Stage;
use mail::{
    net::{AddressPolicy, Network},
    smtp::{Client, Connection, Credentials, Line, Patience, Security, Server, Speaker},
};

/// A client that may speak to this machine and waits longer than a busy one needs.
pub(crate) fn client() -> Client {
    static NETWORK: LazyLock<Network> = LazyLock::new(|| Network::new(AddressPolicy::ANY, []));
    Client { network: NETWORK.clone(), name: Some("desk.test".into()), patience: patience(Duration::from_mins(1)) }
}

/// A client that waits for a tenth of a second where a server lets it wait at `stage`, and as patiently as the other elsewhere.
pub(crate) fn hasty_at(stage: Stage) -> Client {
    let mut client = client();
    let patience = match stage {
        Stage::Connect => &mut client.patience.connect,
        Stage::Greeting => &mut client.patience.greeting,
        Stage::Data => &mut client.patience.block,
        Stage::FinalDot => &mut client.patience.final_dot,
        _ => &mut client.patience.command,
    };
    *patience = Duration::from_millis(100);
    client
}

fn patience(time: Duration) -> Patience {
    Patience { connect: time, greeting: time, command: time, block: time, final_dot: time }
}

pub(crate) fn clear_text(address: SocketAddr) -> Server {
    Server { host: address.ip().to_string(), port: address.port(), security: Security::None, credentials: None }
}

pub(crate) fn password() -> Credentials {
    Credentials::Password { username: "ada@desk.test".into(), password: "s3cret-Wörd".into() }
}

pub(crate) async fn open(address: SocketAddr) -> Connection {
    Connection::open(&clear_text(address), &client()).await.unwrap()
}

/// The transcript as text, `>` for us and `<` for the server.
pub(crate) fn text_of(transcript: &[Line]) -> String {
    let lines = transcript.iter().map(|line| match line.from {
        Speaker::Us => format!("> {}\n", line.text),
        Speaker::Server => format!("< {}\n", line.text),
    });
    lines.collect()
}
