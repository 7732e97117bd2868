//! Makes every column that is derived from events anew: what the fold in [`domain::history`] says, into the rows.

use std::collections::{HashMap, HashSet};

use domain::{
    EmailId, Status, Timestamp, WorkspaceId,
    history::{Derived, Happened, derive},
    reasons::WaitReason,
    time::{MINUTE, SECOND},
};
use store::{Tx, emails::Email, events::Event, nodes, rebuild, workspaces};
use uuid::Uuid;

use crate::{Engine, Error, Result};

/// Emails looked at in one transaction.
const AT_ONCE: u32 = 500;

/// What rebuilding did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Emails looked at.
    pub emails: u64,
    /// Those that a server had claimed when it ended without taking its leave: they were given back first.
    pub given_back: u64,
    /// Those whose row said something else than their history.
    pub mended: u64,
    /// Views and clicks of which today's rules say something else than was said.
    pub rejudged: u64,
}

impl Engine {
    /// Makes the derived columns of all emails, and all folder counts, anew; with `rejudge` also the verdicts on all views and
    /// clicks, by today's rules and lists. `progress` hears how many emails are done. Nobody may write meanwhile.
    ///
    /// # Errors
    /// [`Error::Conflict`] while a server runs on the database.
    pub async fn rebuild(&self, rejudge: bool, mut progress: impl FnMut(u64)) -> Result<Rebuilt> {
        let mut tx = self.db().read().await?;
        if !nodes::seen_since(&mut tx, self.now().plus(-MINUTE)).await?.is_empty() {
            return Err(Error::Conflict("served"));
        }
        let workspaces = workspaces::list(&mut tx).await?;
        drop(tx);
        // Nobody runs, so whoever claimed an email is dead. What it claimed says something else than its history, rightly.
        let mut rebuilt = Rebuilt { given_back: self.take_back_left_behind(true).await?, ..Rebuilt::default() };
        for workspace in workspaces {
            let mut tx = self.db().begin().await?;
            store::feed::clear(&mut tx, workspace.id).await?;
            tx.commit().await?;
            let mut last = EmailId(Uuid::nil());
            while let Some(next) = self.rebuild_some(workspace.id, last, rejudge, &mut rebuilt).await? {
                last = next;
                progress(rebuilt.emails);
            }
            let mut tx = self.db().begin().await?;
            rebuild::recount(&mut tx, workspace.id).await?;
            tx.commit().await?;
        }
        Ok(rebuilt)
    }

    /// Rebuilds some emails after `after`, and answers the last of them.
    async fn rebuild_some(
        &self,
        workspace: WorkspaceId,
        after: EmailId,
        rejudge: bool,
        rebuilt: &mut Rebuilt,
    ) -> Result<Option<EmailId>> {
        let mut tx = self.db().begin().await?;
        let emails = rebuild::emails_after(&mut tx, workspace, after, AT_ONCE).await?;
        let (Some(first), Some(last)) = (emails.first().map(|it| it.id), emails.last().map(|it| it.id)) else {
            return Ok(None);
        };
        if rejudge {
            rebuilt.rejudged += self.rejudge_visits(&mut tx, workspace, &emails).await?;
        }
        let emails = rebuild::emails_after(&mut tx, workspace, after, AT_ONCE).await?;
        let events = rebuild::events_of(&mut tx, workspace, first, last).await?;
        store::feed::fill(&mut tx, workspace, &events).await?;
        let copies_wait: HashSet<EmailId> =
            rebuild::with_waiting_copies(&mut tx, workspace, first, last).await?.into_iter().collect();
        let histories: HashMap<EmailId, &[Event]> =
            events.chunk_by(|a, b| a.email_id == b.email_id).map(|events| (events[0].email_id, events)).collect();
        for email in emails {
            rebuilt.emails += 1;
            let Some(events) = histories.get(&email.id) else { continue };
            let derived = with_history(email.clone(), derive(happened(events), copies_wait.contains(&email.id)));
            if derived != email {
                rebuilt.mended += 1;
                rebuild::save(&mut tx, &derived).await?;
            }
        }
        tx.commit().await?;
        Ok(Some(last))
    }
}

/// What all `events` of the email `id` make of it.
pub(crate) async fn derived(tx: &mut Tx, workspace: WorkspaceId, id: EmailId, events: &[Event]) -> Result<Derived> {
    let copies_wait = !rebuild::with_waiting_copies(tx, workspace, id, id).await?.is_empty();
    Ok(derive(happened(events), copies_wait))
}

fn happened(events: &[Event]) -> impl Iterator<Item = Happened<'_>> {
    events.iter().map(|it| Happened { id: it.id, at: it.at, kind: it.kind, evidence: &it.evidence })
}

/// `email` with what its history says.
pub(crate) fn with_history(email: Email, derived: Derived) -> Email {
    let Derived { status, uncertain, .. } = derived;
    // Who is being handed over keeps the lease, so that the next start takes it back.
    let leased_by = email.leased_by.filter(|_| status == Status::InProgress && !uncertain);
    // What a member who left had scheduled and deleted comes back as a draft: nobody sends in their name.
    let as_draft = derived.status_before == Some(Status::Scheduled) && email.identity_id.is_none();
    let (due_at, next_at) = if ended_early(&email, &derived) {
        (email.due_at, email.next_at)
    } else {
        (moment(email.due_at, derived.due_at), moment(email.next_at, derived.due_at))
    };
    Email {
        status,
        status_before: if as_draft { Some(Status::Draft) } else { derived.status_before },
        uncertain,
        send_number: derived.send_number,
        attempts: derived.attempts,
        first_attempt_at: moment(email.first_attempt_at, derived.first_attempt_at),
        due_at,
        next_at,
        wait_reason: derived.wait_reason,
        wait_text: derived.wait_text,
        leased_by,
        failure_reason: derived.failure_reason,
        failure_code: derived.failure_code,
        failure_text: derived.failure_text,
        failure_param: derived.failure_param,
        views: derived.views,
        views_automatic: derived.views_automatic,
        views_self: derived.views_self,
        clicks: derived.clicks,
        clicks_automatic: derived.clicks_automatic,
        replies: derived.replies,
        success_at: moment(email.success_at, derived.success_at),
        last_activity_at: moment(Some(email.last_activity_at), derived.last_activity_at)
            .unwrap_or(email.last_activity_at),
        sent_at: moment(email.sent_at, derived.sent_at),
        failed_at: moment(email.failed_at, derived.failed_at),
        deleted_at: moment(email.deleted_at, derived.deleted_at),
        ..email
    }
}

/// Whether it waits no longer for a server that could not be reached, because its channel leads to another one now. That is
/// the channel's history and not the email's.
fn ended_early(email: &Email, derived: &Derived) -> bool {
    derived.wait_reason == Some(WaitReason::Unreachable)
        && email.wait_reason == derived.wait_reason
        && email.due_at.is_some_and(|at| email.next_at == Some(at) && Some(at) < derived.due_at)
}

/// What was derived, unless the row means the same moment: row and event each looked at the clock.
fn moment(stored: Option<Timestamp>, derived: Option<Timestamp>) -> Option<Timestamp> {
    match (stored, derived) {
        (Some(stored), Some(derived)) if stored.since(derived).abs() < SECOND => Some(stored),
        _ => derived,
    }
}
