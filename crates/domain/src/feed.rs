//! The live feed: what people did with one's mail, and what came back. Which events are in it, and who is shown what.

use crate::{TextEnum, engagement::Verdict, events::EventKind, text_enum};

text_enum!(
    /// The events that the feed is made of. Each is spelled as its [`EventKind`].
    FeedKind {
        /// The pixel was loaded.
        Viewed = "viewed",
        /// A link was followed.
        Clicked = "clicked",
        /// A person answered.
        Replied = "replied",
        /// A machine answered for a person, who is away or has left.
        AutoReplied = "auto_replied",
        /// Refused by the recipient's side.
        Bounced = "bounced",
        /// Marked as spam.
        Complained = "complained",
        /// The recipient wants no more mail.
        Unsubscribed = "unsubscribed",
    }
);

text_enum!(
    /// Whether an entry is shown.
    Shown {
        /// To everybody who looks.
        Always = "always",
        /// To whoever asks for automatic activity as well.
        OnRequest = "on_request",
        /// Not at all: it was the sender's own doing.
        Never = "never",
    }
);

impl FeedKind {
    /// The kind of entry an event makes; `None` when it is not for the feed.
    pub fn of(kind: EventKind) -> Option<Self> {
        kind.as_str().parse().ok()
    }
}

impl Shown {
    /// Views and clicks are shown by who caused them; what has no verdict came from a person or a server, and is shown.
    pub fn with(verdict: Option<Verdict>) -> Self {
        match verdict {
            None | Some(Verdict::Human) => Self::Always,
            Some(Verdict::Machine | Verdict::Unknown) => Self::OnRequest,
            Some(Verdict::Own) => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sending_and_filing_are_not_for_the_feed() {
        for kind in [EventKind::Created, EventKind::Accepted, EventKind::Archived, EventKind::Deferred] {
            assert_eq!(FeedKind::of(kind), None);
        }
        assert_eq!(FeedKind::of(EventKind::Clicked), Some(FeedKind::Clicked));
        assert_eq!(FeedKind::of(EventKind::Bounced), Some(FeedKind::Bounced));
    }

    #[test]
    fn only_people_are_shown_without_asking() {
        let table = [
            (None, Shown::Always),
            (Some(Verdict::Human), Shown::Always),
            (Some(Verdict::Machine), Shown::OnRequest),
            (Some(Verdict::Unknown), Shown::OnRequest),
            (Some(Verdict::Own), Shown::Never),
        ];
        for (verdict, expected) in table {
            assert_eq!(Shown::with(verdict), expected, "{verdict:?}");
        }
    }
}
