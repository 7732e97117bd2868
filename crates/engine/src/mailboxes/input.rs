//! What people say about a mailbox, and what is wrong with it.

use domain::{
    channel::Security,
    input::{self, MAX_NAME},
};
use store::mailboxes::Mailbox;

use crate::{
    Engine, Result,
    channels::{MAX_SECRET, check_address, check_password},
    faults::Faults,
};

/// The longest name of a folder.
const MAX_FOLDER: usize = 250;

/// A mailbox as somebody describes it.
#[derive(Clone)]
pub struct MailboxInput {
    /// What its owner will call it.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// How the conversation is protected.
    pub security: Security,
    /// The account.
    pub username: String,
    /// Its password.
    pub password: Option<String>,
    /// The folder for what was sent; without one it is found.
    pub sent_folder: Option<String>,
    /// Whether copies of what was sent are put there, because the provider keeps none.
    pub append_sent: bool,
}

/// What somebody changes about a mailbox; the rest stays.
#[derive(Clone, Default)]
pub struct MailboxChange {
    /// What its owner will call it.
    pub name: Option<String>,
    /// The server.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<i64>,
    /// How the conversation is protected.
    pub security: Option<Security>,
    /// The account.
    pub username: Option<String>,
    /// A new password.
    pub password: Option<String>,
    /// The folder for what was sent, or none: it is found.
    pub sent_folder: Option<Option<String>>,
    /// Whether copies are put there.
    pub append_sent: Option<bool>,
}

impl MailboxChange {
    /// The whole mailbox as it is to be.
    pub(super) fn of(self, mailbox: &Mailbox) -> MailboxInput {
        MailboxInput {
            name: self.name.unwrap_or_else(|| mailbox.name.clone()),
            host: self.host.unwrap_or_else(|| mailbox.host.clone()),
            port: self.port.unwrap_or_else(|| mailbox.port.into()),
            security: self.security.unwrap_or(mailbox.security),
            username: self.username.unwrap_or_else(|| mailbox.username.clone()),
            password: self.password,
            sent_folder: self.sent_folder.unwrap_or_else(|| mailbox.sent_folder.clone()),
            append_sent: self.append_sent.unwrap_or(mailbox.append_since.is_some()),
        }
    }
}

/// A described mailbox that can be used.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) username: String,
    /// `None` where the kept one goes on to be used.
    pub(super) password: Option<String>,
    pub(super) sent_folder: Option<String>,
    pub(super) append_sent: bool,
}

impl Engine {
    /// Checks everything about a mailbox; `before` is the mailbox that is changed.
    pub(super) async fn check_mailbox(&self, input: MailboxInput, before: Option<&Mailbox>) -> Result<Checked> {
        let checked = check(input, before)?;
        if before.is_none_or(|before| before.host != checked.host) {
            self.refuse_private_host(&checked.host).await?;
        }
        Ok(checked)
    }
}

fn check(input: MailboxInput, before: Option<&Mailbox>) -> Result<Checked> {
    let mut faults = Faults::default();
    let name = faults.check(input::line("name", &input.name, MAX_NAME));
    let (host, port) = check_address(&mut faults, &input.host, input.port, input.security);
    let username = faults.check(input::line("username", &input.username, MAX_SECRET));
    // A kept password is only ever shown to the server it was given for.
    let kept = before.is_some_and(|before| before.secret.is_some() && before.host == host);
    let password = match input.password {
        None if kept => None,
        password => Some(faults.check(check_password(password))),
    };
    let sent_folder = input.sent_folder.as_deref().unwrap_or_default();
    let sent_folder = faults.check(input::optional_line("sent_folder", sent_folder, MAX_FOLDER));
    faults.refuse()?;
    Ok(Checked {
        name,
        host,
        port,
        security: input.security,
        username,
        password,
        sent_folder,
        append_sent: input.append_sent,
    })
}

#[cfg(test)]
mod tests {
    use domain::input::Code;

    use super::*;
    use crate::Error;

    fn good() -> MailboxInput {
        MailboxInput {
            name: "Work".into(),
            host: "imap.example.org".into(),
            port: 993,
            security: Security::Tls,
            username: "ada".into(),
            password: Some(" hunter2".into()),
            sent_folder: Some(" ".into()),
            append_sent: false,
        }
    }

    fn wrong(input: MailboxInput) -> Vec<(&'static str, Code)> {
        match check(input, None) {
            Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| (fault.field, fault.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_good_mailbox_passes_with_its_password_as_typed_and_no_folder_where_none_was_named() {
        let checked = check(good(), None).ok().unwrap();
        assert_eq!((checked.port, checked.password.as_deref(), checked.sent_folder), (993, Some(" hunter2"), None));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let bad = MailboxInput {
            name: " ".into(),
            host: "https://x".into(),
            port: 70_000,
            username: String::new(),
            password: Some("a\r\nb".into()),
            sent_folder: Some("a\nb".into()),
            ..good()
        };
        let expected = [
            ("name", Code::Required),
            ("host", Code::NotAHost),
            ("port", Code::OutOfRange { min: 1, max: 65_535 }),
            ("username", Code::Required),
            ("password", Code::LineBreak),
            ("sent_folder", Code::LineBreak),
        ];
        assert_eq!(wrong(bad), expected);
        assert_eq!(wrong(MailboxInput { password: None, ..good() }), [("password", Code::Required)]);
        assert_eq!(wrong(MailboxInput { security: Security::None, ..good() }), [("security", Code::NeedsTls)]);
    }
}
