//! What an email's history makes of it: every column of its row that nobody typed. Recomputed by `quarterdeck rebuild`.
//!
//! Not in the events, and so never recomputed: what was written and to whom, when a draft was last edited, whether it was
//! queued in bulk, whether the owner has looked (`unseen`), and the row's version.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::{
    EventId, Status, Timestamp,
    engagement::Verdict,
    events::{EventKind, Evidence, Undone},
    reasons::{FailureReason, WaitReason},
    smtp::Reply,
};

/// One event of an email.
#[derive(Debug, Clone, Copy)]
pub struct Happened<'a> {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// How we know.
    pub evidence: &'a Evidence,
}

/// What a row shows because of what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The folder.
    pub status: Status,
    /// The folder before it was deleted.
    pub status_before: Option<Status>,
    /// In progress, and nobody knows whether it arrived.
    pub uncertain: bool,
    /// Raised by each sending after the first.
    pub send_number: u32,
    /// Attempts with this send number.
    pub attempts: u32,
    /// The first of them.
    pub first_attempt_at: Option<Timestamp>,
    /// When it goes out, while it waits.
    pub due_at: Option<Timestamp>,
    /// Why then.
    pub wait_reason: Option<WaitReason>,
    /// The server's words, where a server made it wait.
    pub wait_text: Option<String>,
    /// Why it is undelivered.
    pub failure_reason: Option<FailureReason>,
    /// The codes of the answer that decided it.
    pub failure_code: Option<String>,
    /// The server's words.
    pub failure_text: Option<String>,
    /// The name that belongs to the reason.
    pub failure_param: Option<String>,
    /// Views by people.
    pub views: u32,
    /// Views by machines, or nobody knows whom.
    pub views_automatic: u32,
    /// The sender's own views.
    pub views_self: u32,
    /// Clicks by people.
    pub clicks: u32,
    /// Clicks by machines, or nobody knows whom.
    pub clicks_automatic: u32,
    /// Replies by people.
    pub replies: u32,
    /// Marked as a success.
    pub success_at: Option<Timestamp>,
    /// The last human event, or when it was sent or failed. `None`: it was edited since, and edits are no events.
    pub last_activity_at: Option<Timestamp>,
    /// Accepted by the server.
    pub sent_at: Option<Timestamp>,
    /// Became undelivered.
    pub failed_at: Option<Timestamp>,
    /// Deleted.
    pub deleted_at: Option<Timestamp>,
}

/// What became of an email to which all this `happened`, in this order. `copies_wait`: the ledger has a copy (CC, BCC) that
/// is still to be sent.
pub fn derive<'a>(happened: impl IntoIterator<Item = Happened<'a>>, copies_wait: bool) -> Derived {
    let mut history =
        History { now: Derived::draft(), to_has_it: false, copies_wait, visits: HashMap::new(), before: None };
    for event in happened {
        history.take(event);
    }
    history.count_visits();
    history.now
}

impl Derived {
    fn draft() -> Self {
        Self {
            status: Status::Draft,
            status_before: None,
            uncertain: false,
            send_number: 1,
            attempts: 0,
            first_attempt_at: None,
            due_at: None,
            wait_reason: None,
            wait_text: None,
            failure_reason: None,
            failure_code: None,
            failure_text: None,
            failure_param: None,
            views: 0,
            views_automatic: 0,
            views_self: 0,
            clicks: 0,
            clicks_automatic: 0,
            replies: 0,
            success_at: None,
            last_activity_at: None,
            sent_at: None,
            failed_at: None,
            deleted_at: None,
        }
    }

    fn stop_waiting(&mut self) {
        self.due_at = None;
        self.wait_reason = None;
        self.wait_text = None;
    }

    fn forget_failure(&mut self) {
        self.failure_reason = None;
        self.failure_code = None;
        self.failure_text = None;
        self.failure_param = None;
        self.failed_at = None;
    }

    fn wait(&mut self, until: Timestamp, reason: Option<WaitReason>, text: Option<String>) {
        self.status = Status::Scheduled;
        self.due_at = Some(until);
        self.wait_reason = reason;
        self.wait_text = text;
    }
}

/// The fold.
struct History {
    now: Derived,
    /// The server took the To of this sending: what else is attempted are copies.
    to_has_it: bool,
    copies_wait: bool,
    visits: HashMap<EventId, Visited>,
    before: Option<Before>,
}

/// What the email was before it was sent again last, or before a doubt was settled.
struct Before {
    /// When that was done.
    at: Timestamp,
    then: Derived,
    to_had_it: bool,
}

/// A view or a click, and what is said of it by now.
struct Visited {
    at: Timestamp,
    kind: EventKind,
    verdict: Option<Verdict>,
    /// The email was a draft again afterwards: what happened before is no activity of what it is now.
    is_past: bool,
}

impl History {
    fn take(&mut self, event: Happened<'_>) {
        let Happened { id, at, kind, evidence } = event;
        let now = &mut self.now;
        match kind {
            // A refused copy is only noted: the email's status is that of its To. So is what changes nothing.
            EventKind::Created
            | EventKind::CopyRefused
            | EventKind::Unsubscribed
            | EventKind::UnsubscribeWithdrawn
            | EventKind::AutoReplied
            | EventKind::Delayed
            | EventKind::Confirmed => {}
            EventKind::Queued => {
                if now.status == Status::Draft && evidence.undone.is_none() {
                    now.attempts = 0;
                    now.first_attempt_at = None;
                    self.to_has_it = false;
                }
                now.wait(evidence.until.unwrap_or(at), evidence.wait, None);
            }
            EventKind::Retried => self.retried(at, evidence),
            EventKind::Unscheduled => {
                now.status = Status::Draft;
                now.stop_waiting();
            }
            EventKind::Attempted => {
                now.status = Status::InProgress;
                now.attempts += 1;
                now.first_attempt_at.get_or_insert(at);
            }
            EventKind::Accepted => self.accepted(at, evidence),
            EventKind::Deferred => self.deferred(at, evidence),
            EventKind::Uncertain if self.to_has_it => {}
            EventKind::Uncertain => {
                now.uncertain = true;
                now.stop_waiting();
            }
            EventKind::Bounced => self.refused(at, Status::Bounced, evidence),
            EventKind::Failed => self.refused(at, Status::Failed, evidence),
            EventKind::Complained => {
                now.status = Status::Spam;
                now.failure_reason = Some(FailureReason::SpamComplaint);
                now.failed_at = Some(at);
            }
            EventKind::Replied => {
                now.replies += 1;
                now.last_activity_at = now.last_activity_at.max(Some(at));
            }
            EventKind::BounceWithdrawn => {
                now.status = Status::Delivered;
                now.last_activity_at = now.last_activity_at.max(Some(at));
                now.forget_failure();
            }
            EventKind::Viewed | EventKind::Clicked => {
                self.visits.insert(id, Visited { at, kind, verdict: evidence.verdict, is_past: false });
            }
            EventKind::Rejudged => {
                if let Some(visit) = evidence.revises.and_then(|visit| self.visits.get_mut(&visit)) {
                    visit.verdict = evidence.verdict;
                }
            }
            EventKind::Archived => now.status = Status::Archived,
            EventKind::Unarchived => now.status = Status::Delivered,
            EventKind::Success => now.success_at = Some(at),
            EventKind::SuccessWithdrawn => now.success_at = None,
            EventKind::Deleted => {
                now.status_before = Some(now.status);
                now.deleted_at = Some(at);
                now.status = Status::Deleted;
            }
            EventKind::Restored => {
                now.status = now.status_before.take().unwrap_or(now.status);
                now.deleted_at = None;
            }
        }
        if let Some(undone) = &evidence.undone {
            self.undo(undone);
        }
        if self.now.status == Status::Draft {
            self.now.last_activity_at = None;
            self.visits.values_mut().for_each(|visit| visit.is_past = true);
        }
    }

    fn retried(&mut self, at: Timestamp, evidence: &Evidence) {
        self.remember(at);
        let now = &mut self.now;
        now.send_number += 1;
        now.attempts = 0;
        now.first_attempt_at = None;
        now.uncertain = false;
        self.to_has_it = false;
        now.wait(evidence.until.unwrap_or(at), evidence.wait, None);
    }

    fn accepted(&mut self, at: Timestamp, evidence: &Evidence) {
        if self.now.uncertain {
            self.remember(at);
        }
        let now = &mut self.now;
        self.to_has_it = true;
        // Somebody or something else than the server says so, later: it was sent when it was attempted.
        let settled = now.uncertain && evidence.server.is_none();
        now.uncertain = false;
        now.sent_at = if settled { now.first_attempt_at.or(Some(at)) } else { Some(at) };
        if self.copies_wait {
            now.status = Status::Scheduled;
            if settled {
                now.wait(at, Some(WaitReason::BatchPause), None);
            }
            return;
        }
        now.status = Status::Delivered;
        now.stop_waiting();
        now.last_activity_at = now.last_activity_at.max(Some(at));
        now.forget_failure();
    }

    /// It waits, or a copy of it does: while that is so, the email waits with it.
    fn deferred(&mut self, at: Timestamp, evidence: &Evidence) {
        if self.to_has_it && !self.copies_wait {
            return;
        }
        // Whether the channel is paused is the channel's to say.
        let reason = evidence.wait.filter(|reason| *reason != WaitReason::ChannelPaused).or(self.now.wait_reason);
        let words = evidence.reply.as_ref().map(ToString::to_string).or_else(|| evidence.detail.clone());
        self.now.wait(evidence.until.unwrap_or(at), reason, words);
    }

    fn refused(&mut self, at: Timestamp, status: Status, evidence: &Evidence) {
        let now = &mut self.now;
        now.status = status;
        now.uncertain = false;
        now.stop_waiting();
        now.failure_reason = evidence.failure;
        now.failed_at = Some(at);
        now.last_activity_at = Some(at);
        if let Some(said) = &evidence.said {
            now.failure_code = said.codes();
            (now.failure_text, now.failure_param) = (said.sentence.clone(), None);
            return;
        }
        let reply = evidence.reply.as_ref();
        now.failure_code = reply.map(Reply::codes);
        let words = reply.map(|reply| reply.text.clone()).or_else(|| evidence.detail.clone());
        // Where no server was asked, the detail names what the reason is about.
        (now.failure_text, now.failure_param) =
            if evidence.server.is_some() { (words, None) } else { (None, evidence.detail.clone()) };
    }

    /// Counted at the end, because later evidence may say something else.
    fn count_visits(&mut self) {
        for visit in self.visits.values() {
            let now = &mut self.now;
            let count = match (visit.kind, visit.verdict) {
                (EventKind::Viewed, Some(Verdict::Human)) => &mut now.views,
                (EventKind::Viewed, Some(Verdict::Own)) => &mut now.views_self,
                (EventKind::Viewed, _) => &mut now.views_automatic,
                (_, Some(Verdict::Human)) => &mut now.clicks,
                // The sender's own clicks are nobody's business.
                (_, Some(Verdict::Own)) => continue,
                _ => &mut now.clicks_automatic,
            };
            *count += 1;
            if visit.verdict == Some(Verdict::Human) && !visit.is_past {
                now.last_activity_at = now.last_activity_at.max(Some(visit.at));
            }
        }
    }

    fn remember(&mut self, at: Timestamp) {
        self.before = Some(Before { at, then: self.now.clone(), to_had_it: self.to_has_it });
    }

    /// It is what it was before it was sent again, or before a doubt was settled, but for what a person did since.
    fn be_as_before(&mut self) {
        let Some(Before { at, then, to_had_it }) = self.before.take() else { return };
        let now = &self.now;
        let nothing_since = now.last_activity_at == Some(at);
        let last_activity_at = if nothing_since { then.last_activity_at } else { now.last_activity_at };
        self.now = Derived { replies: now.replies, last_activity_at, ..then };
        self.to_has_it = to_had_it;
    }

    /// What an undo gave back holds, whatever was done.
    fn undo(&mut self, undone: &Undone) {
        let sent_again = undone.send_number < self.now.send_number;
        let settled = undone.status == Status::InProgress;
        if sent_again || settled {
            self.be_as_before();
        }
        let now = &mut self.now;
        now.status = undone.status;
        now.send_number = undone.send_number;
        now.due_at = undone.due_at;
        now.wait_reason = undone.wait_reason;
        now.success_at = undone.success_at;
    }
}
