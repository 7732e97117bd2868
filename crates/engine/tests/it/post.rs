//! A post office for tests of channels and identities: simulated recipients, and what arrives in their inboxes.

use std::sync::Arc;

use domain::{
    channel::{Auth, Security},
    limits::Limits,
};
use engine::channels::ChannelInput;
use simulator::{Login, Options, World as Recipients};

/// What the server's one account signs in with.
pub(crate) const USERNAME: &str = "relay@north.example";
/// Its password.
pub(crate) const PASSWORD: &str = "open sesame 7";

/// A server that takes mail only from its one account.
pub(crate) async fn guarded() -> Recipients {
    let login = Login { user: USERNAME.into(), password: PASSWORD.into() };
    let now = Arc::new(|| crate::support::START.0);
    Recipients::start(Options { login: Some(login), ..Options::new(1, now) }).await.unwrap()
}

/// One's own channel to it.
pub(crate) fn channel_to(post: &Recipients) -> ChannelInput {
    ChannelInput {
        name: "Relay".into(),
        team: false,
        host: post.address().ip().to_string(),
        port: post.address().port().into(),
        security: Security::None,
        auth: Auth::Password,
        username: Some(USERNAME.into()),
        password: Some(PASSWORD.into()),
        oauth: None,
        limits: Limits::default(),
    }
}

/// The newest letter in an inbox, with soft line breaks of quoted-printable undone.
pub(crate) fn newest(post: &Recipients, address: &str) -> String {
    let inbox = post.inbox(address);
    let letter = inbox.last().unwrap_or_else(|| panic!("no letter to {address}"));
    String::from_utf8_lossy(&letter.raw).replace("=\r\n", "").replace("=3D", "=")
}

/// The token in the link of the newest letter.
pub(crate) fn token(post: &Recipients, address: &str) -> String {
    let letter = newest(post, address);
    let rest = letter.split_once("#token=").expect("a link").1;
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}
