//! Mails that the server itself writes: verification, invitation, password reset, a paused channel. They go straight
//! through a channel's server, not through the ledger: nobody tracks them, retries them or files them.

mod render;
mod send;

use domain::reasons::PauseReason;

pub use send::NoticeError;

/// What there is to say, and the link that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// To the address of an identity: is this you?
    VerifyIdentity {
        /// The address.
        address: String,
        /// Who wants to send as it.
        user: String,
        /// Their workspace.
        workspace: String,
        /// Confirms it.
        link: String,
    },
    /// To somebody who is to become a member.
    Invitation {
        /// Who invites.
        inviter: String,
        /// Where to.
        workspace: String,
        /// How long the link works.
        days: u32,
        /// Accepts it.
        link: String,
    },
    /// To somebody who forgot their password.
    PasswordReset {
        /// The address they sign in with.
        address: String,
        /// How long the link works.
        hours: u32,
        /// Where the new one is chosen.
        link: String,
    },
    /// To those who can do something about it.
    ChannelPaused {
        /// The channel's name.
        channel: String,
        /// Why; nobody is written to about a pause of their own.
        reason: PauseReason,
        /// The server's words.
        words: String,
        /// The channel's page.
        link: String,
    },
}
