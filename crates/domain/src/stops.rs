//! Who is not to be mailed, and why: a hard bounce stops one address, everything else a person with all their addresses.

use crate::{UserId, reasons::FailureReason, text_enum};

text_enum!(
    /// Why somebody is not to be mailed.
    StopCause {
        /// They asked for it, or a user did in their name.
        Unsubscribed = "unsubscribed",
        /// Their server refused the address for good.
        HardBounce = "hard_bounce",
        /// They reported an email as spam.
        Complaint = "complaint",
    }
);

text_enum!(
    /// How we learnt of it.
    StopSource {
        /// The page behind the link in an email.
        Link = "link",
        /// The button of a mail program (RFC 8058).
        OneClick = "one_click",
        /// What they wrote in a reply.
        Reply = "reply",
        /// A message to the address in `List-Unsubscribe`.
        Mailto = "mailto",
        /// A refusal by their server, at once or later.
        Bounce = "bounce",
        /// A complaint report (ARF).
        ComplaintReport = "complaint_report",
        /// A provider's webhook.
        Webhook = "webhook",
        /// A user of the workspace.
        ByHand = "by_hand",
    }
);

text_enum!(
    /// What happened to a stop: the history is only added to.
    Change {
        /// From then on no mail went.
        Stopped = "stopped",
        /// From then on mail went again.
        Resumed = "resumed",
    }
);

text_enum!(
    /// Why a recipient unsubscribed, as the page behind the link offers it.
    Motive {
        /// Too many emails.
        TooMany = "too_many",
        /// It is of no use to them.
        NotRelevant = "not_relevant",
        /// They do not know why they are written to.
        NeverAsked = "never_asked",
        /// They are the wrong person for it.
        WrongPerson = "wrong_person",
        /// Something else, which they may have written down.
        Other = "other",
    }
);

text_enum!(
    /// Why mail goes to somebody again. Each wants a note that can be shown later.
    ResumeReason {
        /// They asked for it themselves: the recipient's own undo has this reason too.
        TheyAsked = "they_asked",
        /// They agreed in writing or on a form; the note says where.
        Consented = "consented",
        /// It was done by mistake.
        Mistake = "mistake",
        /// The address works again.
        AddressWorks = "address_works",
        /// There is a contract to be fulfilled.
        Contract = "contract",
    }
);

text_enum!(
    /// Who writes the words with the unsubscribe link.
    Wording {
        /// An administrator, for everybody.
        Admin = "admin",
        /// Each user for themselves.
        Users = "users",
    }
);

/// Inside this module's namespace the noun is plain; in the API, where all stand side by side, it is not.
pub type Cause = StopCause;
/// As [`Cause`].
pub type Source = StopSource;

impl Cause {
    /// Whether all addresses of the person are meant, not the one address alone.
    pub fn concerns_person(self) -> bool {
        self != Self::HardBounce
    }

    /// Whether a non-commercial email may go all the same.
    pub fn yields_to_non_commercial(self) -> bool {
        self == Self::Unsubscribed
    }

    /// What an email that cannot go because of it says.
    pub fn failure(self) -> FailureReason {
        match self {
            Self::Unsubscribed => FailureReason::Unsubscribed,
            Self::HardBounce => FailureReason::AddressBounced,
            Self::Complaint => FailureReason::Complained,
        }
    }
}

impl Source {
    /// Whether what was said about it are the recipient's own words, and not a server's or a user's.
    pub fn is_recipient(self) -> bool {
        matches!(self, Self::Link | Self::OneClick | Self::Reply | Self::Mailto)
    }
}

/// Whose mail a stop holds back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Everybody's in the workspace.
    Workspace,
    /// That of one user.
    Sender(UserId),
}

impl Scope {
    /// Whether mail of `owner` is held back.
    pub fn covers(self, owner: UserId) -> bool {
        match self {
            Self::Workspace => true,
            Self::Sender(sender) => sender == owner,
        }
    }

    /// The user, unless it is everybody.
    pub fn sender(self) -> Option<UserId> {
        match self {
            Self::Workspace => None,
            Self::Sender(sender) => Some(sender),
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Workspace => f.write_str("workspace"),
            Self::Sender(sender) => sender.fmt(f),
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "workspace" { Ok(Self::Workspace) } else { text.parse().map(Self::Sender) }
    }
}

/// The gravest reason among `causes` not to write, for an email that is `non_commercial` or not.
pub fn gravest(causes: impl IntoIterator<Item = Cause>, non_commercial: bool) -> Option<Cause> {
    causes.into_iter().filter(|cause| !(non_commercial && cause.yields_to_non_commercial())).max_by_key(|cause| {
        match cause {
            Cause::HardBounce => 0,
            Cause::Unsubscribed => 1,
            Cause::Complaint => 2,
        }
    })
}

/// The domain and each domain above it that still has a dot: blocking one blocks what is below it.
pub fn blocking_domains(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |domain| domain.split_once('.').map(|(_, above)| above))
        .enumerate()
        .filter(|(depth, domain)| *depth == 0 || domain.contains('.'))
        .map(|(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_bounce_stops_an_address_and_everything_else_a_person() {
        assert!(!Cause::HardBounce.concerns_person());
        assert!(Cause::Unsubscribed.concerns_person());
        assert!(Cause::Complaint.concerns_person());
    }

    #[test]
    fn a_non_commercial_email_passes_unsubscribes_and_nothing_else() {
        assert_eq!(gravest([Cause::Unsubscribed], true), None);
        assert_eq!(gravest([Cause::Unsubscribed], false), Some(Cause::Unsubscribed));
        assert_eq!(gravest([Cause::Unsubscribed, Cause::HardBounce], true), Some(Cause::HardBounce));
        assert_eq!(gravest([Cause::HardBounce, Cause::Complaint, Cause::Unsubscribed], true), Some(Cause::Complaint));
        assert_eq!(gravest([], false), None);
    }

    #[test]
    fn whoever_left_one_sender_still_hears_from_the_others() {
        let (one, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        assert!(Scope::Sender(one).covers(one));
        assert!(!Scope::Sender(one).covers(other));
        assert!(Scope::Workspace.covers(other));
        for scope in [Scope::Workspace, Scope::Sender(one)] {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
    }

    #[test]
    fn a_blocked_domain_blocks_what_is_below_it() {
        assert_eq!(
            blocking_domains("a.b.example.com").collect::<Vec<_>>(),
            ["a.b.example.com", "b.example.com", "example.com"]
        );
        assert_eq!(blocking_domains("localhost").collect::<Vec<_>>(), ["localhost"]);
    }
}
