//! The live feed: what people did with one's mail, and what came back. Which events are in it, and who is shown what.

use std::collections::BTreeSet;

use crate::{EventId, Status, TextEnum, engagement::Verdict, events::EventKind, history::Happened, text_enum};

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

/// Which entries of an email to which all this `happened`, in this order, are taken out of the feed again: complaints that a
/// user reported, and unsubscribes, when they were taken back.
pub fn withdrawn<'a>(happened: impl IntoIterator<Item = Happened<'a>>) -> BTreeSet<EventId> {
    let mut withdrawn = BTreeSet::new();
    let mut reported = None;
    for Happened { id, kind, evidence, .. } in happened {
        match kind {
            EventKind::Complained => reported = evidence.by.is_some().then_some(id),
            // It was sent again: what is taken back from here on is something else.
            EventKind::Accepted => reported = None,
            EventKind::UnsubscribeWithdrawn => withdrawn.extend(evidence.revises),
            _ => {}
        }
        let status = evidence.undone.as_ref().map(|undone| undone.status);
        if matches!(status, Some(Status::Delivered | Status::Archived)) {
            withdrawn.extend(reported.take());
        }
    }
    withdrawn
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        Timestamp,
        events::{Evidence, Undone},
    };

    fn withdrawn_of(story: &[(EventKind, Evidence)]) -> Vec<u128> {
        let happened = (1..).zip(story).map(|(n, (kind, evidence))| Happened {
            id: EventId(Uuid::from_u128(n)),
            at: Timestamp(0),
            kind: *kind,
            evidence,
        });
        withdrawn(happened).into_iter().map(|id| id.0.as_u128()).collect()
    }

    fn undone(status: Status) -> Evidence {
        let (send_number, due_at, wait_reason, success_at) = (1, None, None, None);
        Evidence {
            undone: Some(Undone { status, send_number, due_at, wait_reason, success_at }),
            ..Evidence::default()
        }
    }

    #[test]
    fn only_a_complaint_that_a_user_reported_and_took_back_is_withdrawn() {
        use EventKind::{Accepted, Archived, Complained, Deleted, Restored, Retried};
        let user = || Evidence { by: Some("Elena".into()), ..Evidence::default() };
        let server = Evidence::default;
        let taken_back = || (Restored, undone(Status::Delivered));
        assert_eq!(withdrawn_of(&[(Accepted, server()), (Complained, user())]), []);
        assert_eq!(withdrawn_of(&[(Accepted, server()), (Complained, user()), taken_back()]), [2]);
        assert_eq!(withdrawn_of(&[(Complained, user()), (Restored, undone(Status::Archived))]), [1]);
        assert_eq!(withdrawn_of(&[(Complained, server()), taken_back()]), [], "a provider told");
        let deleted = [(Complained, user()), (Deleted, user()), (Restored, undone(Status::Spam))];
        assert_eq!(withdrawn_of(&deleted), [], "its deletion was taken back");
        let again = [(Complained, user()), (Retried, user()), (Accepted, server()), (Archived, user()), taken_back()];
        assert_eq!(withdrawn_of(&again), [], "another sending");
        let twice = [(Complained, user()), taken_back(), (Complained, user()), taken_back()];
        assert_eq!(withdrawn_of(&twice), [1, 3]);
    }

    #[test]
    fn an_unsubscribe_that_was_taken_back_is_withdrawn_and_no_other() {
        use EventKind::{UnsubscribeWithdrawn, Unsubscribed};
        let taken_back = Evidence { revises: Some(EventId(Uuid::from_u128(1))), ..Evidence::default() };
        let story = [
            (Unsubscribed, Evidence::default()),
            (Unsubscribed, Evidence::default()),
            (UnsubscribeWithdrawn, taken_back),
        ];
        assert_eq!(withdrawn_of(&story), [1]);
    }

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
