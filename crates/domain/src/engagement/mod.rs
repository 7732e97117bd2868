//! The verdict on a view or a click: a person, a machine, the sender, or unknown. Only human ones count.
//!
//! Judged twice. [`judge`] looks at one request by itself, as soon as it arrives. [`judge_together`] looks at everything that
//! happened to one email within moments of each other, and may say something else than was first said: the links of a
//! burst were followed by a scanner, and so was the image loaded before it. A verdict is settled, and may notify and trigger,
//! when [`settles_at`] has passed.
//!
//! | room | what it knows |
//! |---|---|
//! | `agent` | what a user agent says about its client |
//! | `alone` | one request |
//! | `together` | several |
//! | `timing` | every span of time in the rules, and why it is what it is |
//!
//! Pure: the same requests get the same verdicts, in whatever order they arrive. [`RULES`] is kept with each of them.

mod agent;
mod alone;
mod timing;
mod together;

pub use alone::{Announced, AppleList, Own, Request, Source, judge};
pub use timing::{REPEAT, TOGETHER, settles_at};
pub use together::{Client, Context, Revision, Target, Visit, judge_together};

use crate::text_enum;

/// The rules' version, kept with every verdict.
pub const RULES: u16 = 3;

/// After how many days the network address and the program of a reader are dropped, unless the workspace says otherwise.
pub const TRACES_DAYS: u32 = 90;

text_enum!(
    /// Who caused a view or a click.
    Verdict {
        /// A person, as far as we can tell.
        Human = "human",
        /// A prefetch or a scanner.
        Machine = "machine",
        /// The sender's own device, or a colleague's.
        Own = "self",
        /// Nobody can tell.
        Unknown = "unknown",
    }
);

impl Verdict {
    /// Whether `to` says less of a person than this: the way evidence moves a verdict.
    pub fn is_lowered_by(self, to: Self) -> bool {
        matches!((self, to), (Self::Human, Self::Machine | Self::Unknown) | (Self::Unknown, Self::Machine))
    }
}

text_enum!(
    /// Why the verdict is what it is.
    Why {
        /// The request came from a browser in which a member of the workspace is signed in.
        SignedIn = "signed_in",
        /// It came from an address at which a member of the workspace is signed in.
        SenderAddress = "sender_address",
        /// The client announced a prefetch (`Sec-Purpose`, `Purpose`, `X-Purpose`, `X-Moz`).
        Prefetch = "prefetch",
        /// The client asked for the head only.
        HeadRequest = "head_request",
        /// The client did not say what it is.
        NoUserAgent = "no_user_agent",
        /// Apple's Mail Privacy Protection: `Mozilla/5.0` and nothing else, from a network of Apple's list where there is one.
        AppleMailPrivacy = "apple_mail_privacy",
        /// `Mozilla/5.0` and nothing else, from somewhere else.
        BareAgent = "bare_agent",
        /// The user agent of Gmail's prefetch at delivery.
        GmailPrefetch = "gmail_prefetch",
        /// An image proxy at the time of delivery.
        ProxyAtDelivery = "proxy_at_delivery",
        /// A client that names itself a robot or a library.
        Robot = "robot",
        /// From a network that does nothing but filter mail.
        ScannerNetwork = "scanner_network",
        /// Soon after delivery, from a network that mostly filters mail.
        ProbableScanner = "probable_scanner",
        /// A click from a network of a mail provider, which fetches images for people and follows links for itself.
        ProviderClick = "provider_click",
        /// A browser, sooner after delivery than most people are, or what it did right afterwards.
        TooSoon = "too_soon",
        /// Several different links within moments.
        Burst = "burst",
        /// The same client also did what only machines do.
        SameClient = "same_client",
        /// The same link, moments after somebody else followed it, from elsewhere and by another program.
        Echo = "echo",
        /// After the recipient answered: the sender's own reading of the quoted message loads the image too.
        AfterReply = "after_reply",
        /// Nothing speaks against a person.
        Nothing = "nothing",
    }
);
