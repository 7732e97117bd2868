//! Whose consent opens a mailbox in place of a password.

use crate::text_enum;

text_enum!(
    /// A provider that people sign in to mailboxes with.
    MailboxProvider {
        /// Google: Gmail and Workspace.
        Google = "google",
        /// Microsoft: Outlook and Microsoft 365.
        Microsoft = "microsoft",
    }
);

impl MailboxProvider {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
        }
    }
}
