//! The server of a mailbox, with what opens it: sealed at rest, opened when a connection is made.

use domain::channel;
use mail::imap::{Client, Patience, Security, Server};
use store::mailboxes::{Mailbox, Trouble};

use crate::{Engine, Result, channels::Secret};

impl Engine {
    /// A password as it is kept.
    pub(super) fn seal_password(&self, password: &str) -> Result<Vec<u8>> {
        self.seal(&Secret::Password(password.to_owned()))
    }

    /// The server of a mailbox as it is saved.
    ///
    /// # Errors
    /// [`Trouble`] when its password cannot be opened.
    pub(super) fn mailbox_server(&self, mailbox: &Mailbox) -> std::result::Result<Server, Trouble> {
        match self.open_sealed(mailbox.secret.as_deref().unwrap_or_default()) {
            Some(Secret::Password(password)) => Ok(Server {
                host: mailbox.host.clone(),
                port: mailbox.port,
                security: security(mailbox.security),
                username: mailbox.username.clone(),
                password,
            }),
            Some(Secret::Oauth(_)) | None => Err(Trouble {
                code: "secret_unreadable".to_owned(),
                text: "the stored password cannot be opened with the keys of this server; enter it again".to_owned(),
            }),
        }
    }

    /// How connections to mailboxes are made.
    pub(super) fn imap_client(&self, patience: Patience) -> Client {
        Client { network: self.network().clone(), patience }
    }
}

pub(super) fn security(security: channel::Security) -> Security {
    match security {
        channel::Security::Tls => Security::Tls,
        channel::Security::StartTls => Security::StartTls,
        channel::Security::None => Security::None,
    }
}
