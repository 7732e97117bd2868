//! The folders of a mailbox.

use imap_proto::{MailboxDatum, NameAttribute, Response};

use super::{Cause, Session, utf7};

/// The most folders that are looked at.
const MAX_FOLDERS: usize = 5_000;

/// A folder that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its name, as people read it: `Éléments envoyés`.
    pub name: String,
    /// What separates it from the folders above it, as in `INBOX.Sent`.
    pub delimiter: Option<String>,
    /// Whether the server says that copies of sent mail are kept here (RFC 6154).
    pub is_sent: bool,
    /// Whether the server says that it puts what it takes for junk here.
    pub is_junk: bool,
}

impl Folder {
    /// Its name without those of the folders above it.
    pub(super) fn last_name(&self) -> &str {
        match self.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty()) {
            Some(delimiter) => self.name.rsplit(delimiter).next().unwrap_or_default(),
            None => &self.name,
        }
    }
}

impl Session {
    /// All folders that can be opened.
    ///
    /// # Errors
    /// [`Cause`].
    pub async fn folders(&mut self) -> Result<Vec<Folder>, Cause> {
        let asked = if self.offers.include("SPECIAL-USE") && self.offers.include("LIST-EXTENDED") {
            r#"LIST "" "*" RETURN (SPECIAL-USE)"#
        } else {
            r#"LIST "" "*""#
        };
        let told = self.command(asked).await?;
        Ok(told.into_iter().filter_map(folder).take(MAX_FOLDERS).collect())
    }
}

fn folder(response: Response<'_>) -> Option<Folder> {
    let Response::MailboxData(MailboxDatum::List(listed)) = response else { return None };
    let is = |wanted: &NameAttribute<'_>| listed.name_attributes.contains(wanted);
    let opens = !is(&NameAttribute::NoSelect) && !is(&NameAttribute::Extension("\\NonExistent".into()));
    opens.then(|| Folder {
        name: utf7::decode(&listed.name),
        delimiter: listed.delimiter.as_deref().map(str::to_owned),
        is_sent: is(&NameAttribute::Sent),
        is_junk: is(&NameAttribute::Junk),
    })
}
