//! What people say about a mailbox, and what is wrong with it.

use domain::{
    channel::Security,
    input::{self, Code, Invalid, MAX_NAME},
};
use store::mailboxes::Mailbox;

use crate::{
    Engine, Result,
    channels::{MAX_SECRET, check_address, check_password},
    faults::Faults,
};

/// The longest name of a folder.
const MAX_FOLDER: usize = 250;
/// The most folders of a mailbox that are read.
const MAX_FOLDERS: i64 = 10;

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
    /// Whether new mail is read: replies, bounces, complaints.
    pub reads: bool,
    /// The folders it is read in; without any, the inbox and the one that the server marks as junk.
    pub read_folders: Vec<String>,
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
    /// Whether new mail is read.
    pub reads: Option<bool>,
    /// The folders it is read in.
    pub read_folders: Option<Vec<String>>,
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
            reads: self.reads.unwrap_or(mailbox.reads),
            read_folders: self.read_folders.unwrap_or_else(|| folders(mailbox)),
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
    pub(super) reads: bool,
    /// One a line.
    pub(super) read_folders: Option<String>,
}

/// The folders that somebody wants to be read in a mailbox.
pub fn folders(mailbox: &Mailbox) -> Vec<String> {
    mailbox.read_folders.iter().flat_map(|folders| folders.lines()).map(str::to_owned).collect()
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
    let read_folders = faults.check(check_folders(&input.read_folders));
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
        reads: input.reads,
        read_folders: (!read_folders.is_empty()).then(|| read_folders.join("\n")),
    })
}

fn check_folders(named: &[String]) -> std::result::Result<Vec<String>, Invalid> {
    let mut folders: Vec<String> = Vec::new();
    for name in named {
        if let Some(folder) = input::optional_line("read_folders", name, MAX_FOLDER)?
            && !folders.contains(&folder)
        {
            folders.push(folder);
        }
    }
    if i64::try_from(folders.len()).is_ok_and(|count| count > MAX_FOLDERS) {
        return Err(Invalid::new("read_folders", Code::OutOfRange { min: 0, max: MAX_FOLDERS }));
    }
    Ok(folders)
}

#[cfg(test)]
mod tests {
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
            reads: true,
            read_folders: Vec::new(),
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
    fn folders_are_kept_once_and_in_order() {
        let named = ["INBOX", " Leads ", "", "INBOX"].map(str::to_owned).to_vec();
        let checked = check(MailboxInput { read_folders: named, ..good() }, None).ok().unwrap();
        assert_eq!(checked.read_folders.as_deref(), Some("INBOX\nLeads"));
        let many = (0..11).map(|n| n.to_string()).collect();
        let expected = [("read_folders", Code::OutOfRange { min: 0, max: 10 })];
        assert_eq!(wrong(MailboxInput { read_folders: many, ..good() }), expected);
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
            read_folders: vec!["INBOX".into(), "b\nc".into()],
            ..good()
        };
        let expected = [
            ("name", Code::Required),
            ("host", Code::NotAHost),
            ("port", Code::OutOfRange { min: 1, max: 65_535 }),
            ("username", Code::Required),
            ("password", Code::LineBreak),
            ("sent_folder", Code::LineBreak),
            ("read_folders", Code::LineBreak),
        ];
        assert_eq!(wrong(bad), expected);
        assert_eq!(wrong(MailboxInput { password: None, ..good() }), [("password", Code::Required)]);
        assert_eq!(wrong(MailboxInput { security: Security::None, ..good() }), [("security", Code::NeedsTls)]);
    }
}
