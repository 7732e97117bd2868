//! An email is filed by its status; `product.md` lists every allowed transition and this module is that list.

use crate::text_enum;

text_enum!(
    /// Where an email stands. Each status but `Deleted` is a folder of the Command Center.
    Status {
        /// Saved, not sent.
        Draft = "draft",
        /// Will go out later; always knows when and why.
        Scheduled = "scheduled",
        /// Being handed over right now, or of uncertain fate.
        InProgress = "in_progress",
        /// Accepted by the channel's server and not refused since.
        Delivered = "delivered",
        /// Put away by the user: views and clicks are no longer recorded.
        Archived = "archived",
        /// Never left.
        Failed = "failed",
        /// Refused by the recipient's server.
        Bounced = "bounced",
        /// The recipient marked it as spam.
        Spam = "spam",
        /// Deleted by the user; can come back for 30 days.
        Deleted = "deleted",
    }
);

/// For how long a deleted email can come back, in days.
pub const DELETED_DAYS: i64 = 30;

impl Status {
    /// Whether an email may go from this status to `to`. Coming back from `Deleted` is decided by [`may_restore`].
    pub fn may_become(self, to: Self) -> bool {
        use Status::{Archived, Bounced, Deleted, Delivered, Draft, Failed, InProgress, Scheduled, Spam};
        matches!(
            (self, to),
            (Draft | Failed | Bounced | Spam | InProgress, Scheduled)
                | (Scheduled, Draft | InProgress | Failed)
                | (InProgress, Delivered | Bounced | Failed)
                | (Delivered | Archived, Bounced | Spam)
                | (Delivered, Archived)
                | (Archived | Bounced, Delivered)
                | (Draft | Scheduled | Archived | Failed | Bounced | Spam, Deleted)
        )
    }

    /// Whether views and clicks of an email in this status are recorded. Not of what the user has put away: what was archived
    /// does not begin again when it is deleted.
    pub fn records_engagement(self) -> bool {
        !matches!(self, Self::Archived | Self::Deleted)
    }
}

/// Whether an email deleted from `before` may come back to it.
pub fn may_restore(before: Status) -> bool {
    before.may_become(Status::Deleted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextEnum;
    use Status::{Archived, Bounced, Deleted, Delivered, Draft, Failed, InProgress, Scheduled, Spam};

    /// The table of `product.md`, written out a second time so that a slip in the rule shows.
    const ALLOWED: [(Status, Status); 22] = [
        (Draft, Scheduled),
        (Scheduled, Draft),
        (Scheduled, InProgress),
        (Scheduled, Failed),
        (InProgress, Delivered),
        (InProgress, Bounced),
        (InProgress, Failed),
        (InProgress, Scheduled),
        (Delivered, Bounced),
        (Delivered, Spam),
        (Archived, Bounced),
        (Archived, Spam),
        (Delivered, Archived),
        (Archived, Delivered),
        (Bounced, Delivered),
        (Failed, Scheduled),
        (Bounced, Scheduled),
        (Spam, Scheduled),
        (Draft, Deleted),
        (Scheduled, Deleted),
        (Archived, Deleted),
        (Failed, Deleted),
    ];

    #[test]
    fn every_transition_is_allowed_or_refused_as_the_product_says() {
        let also = [(Bounced, Deleted), (Spam, Deleted)];
        for &from in Status::ALL {
            for &to in Status::ALL {
                let expected = ALLOWED.contains(&(from, to)) || also.contains(&(from, to));
                assert_eq!(from.may_become(to), expected, "{from} -> {to}");
            }
        }
    }

    #[test]
    fn what_has_left_cannot_be_deleted_but_what_was_put_away_can_and_comes_back() {
        assert!(!Delivered.may_become(Deleted));
        assert!(!InProgress.may_become(Deleted));
        assert!(may_restore(Archived));
        assert!(!may_restore(Delivered));
    }

    #[test]
    fn only_what_was_put_away_stops_recording() {
        for &status in Status::ALL {
            assert_eq!(status.records_engagement(), !matches!(status, Archived | Deleted));
        }
    }

    #[test]
    fn every_status_is_spelled_once() {
        for &status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Status::parse("sent"), None);
    }
}
