//! Judging visits together, and settling their verdicts: from then on they are news.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use domain::{
    EmailId, Timestamp, UserId, WorkspaceId,
    engagement::{self, Client, Context, RULES, Revision, TOGETHER, Target, Verdict, judge_together},
    events::{EventKind, Evidence},
    time::SECOND,
};
use store::{Tx, emails::Engagement, events::Event, visits, visits::Visit};
use tokio_util::sync::CancellationToken;

use crate::{Engine, Result, rebuild};

/// How often verdicts are settled.
const PAUSE: Duration = Duration::from_secs(1);

/// Visits settled in one transaction.
const BATCH: u32 = 500;

/// Visits of one email that are judged together: the newest. More in five minutes are an attack, and nobody's reading.
const MOST_TOGETHER: usize = 200;

impl Engine {
    pub(crate) async fn settle_visits_until(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_some() {
            if let Err(error) = self.settle_visits().await {
                tracing::error!(%error, "verdicts could not be settled; they wait");
            }
        }
    }

    /// Settles every verdict whose time has come. What people did is news to the owner from here on.
    ///
    /// # Errors
    /// [`crate::Error::Store`]; the next call goes on.
    pub async fn settle_visits(&self) -> Result<()> {
        let workspaces = store::workspaces::list(&mut self.db().read().await?).await?;
        for workspace in workspaces {
            while self.settle_some(workspace.id).await? {}
        }
        Ok(())
    }

    /// Settles some; whether there may be more.
    async fn settle_some(&self, workspace: WorkspaceId) -> Result<bool> {
        let now = self.now();
        let looked = visits::due(&mut self.db().read().await?, workspace, now, 1).await?;
        if looked.is_empty() {
            return Ok(false);
        }
        let mut tx = self.db().begin().await?;
        let due = visits::due(&mut tx, workspace, now, BATCH).await?;
        let emails: Vec<EmailId> =
            due.iter().map(|visit| visit.email_id).collect::<BTreeSet<_>>().into_iter().collect();
        self.judge_last(&mut tx, workspace, &emails, &due).await?;
        let ids: Vec<_> = due.iter().map(|visit| visit.id).collect();
        let settled: HashMap<_, _> = visits::settle(&mut tx, workspace, &ids).await?.into_iter().collect();
        let news: BTreeSet<EmailId> = due
            .iter()
            .filter(|visit| settled.get(&visit.id) == Some(&Verdict::Human))
            .map(|visit| visit.email_id)
            .collect();
        for email in &news {
            store::emails::mark_unseen(&mut tx, workspace, *email).await?;
        }
        let owners = visits::emails(&mut tx, workspace, &emails).await?;
        tx.commit().await?;
        let mut told: BTreeMap<UserId, Vec<EmailId>> = BTreeMap::new();
        for email in owners {
            told.entry(email.owner_id).or_default().push(email.id);
        }
        for (owner, emails) in told {
            self.tell_emails(workspace, owner, emails);
            self.tell_feed(workspace, owner);
        }
        Ok(due.len() == BATCH as usize)
    }

    /// Looks at everything around `due` once more, with all that is known by now.
    async fn judge_last(&self, tx: &mut Tx, workspace: WorkspaceId, emails: &[EmailId], due: &[Visit]) -> Result<()> {
        let since = due.iter().map(|visit| visit.at).min().unwrap_or(Timestamp(0)).plus(-TOGETHER);
        let replies: HashMap<_, _> = visits::first_replies(tx, workspace, emails).await?.into_iter().collect();
        let mut together: BTreeMap<EmailId, Vec<Visit>> = BTreeMap::new();
        for visit in visits::since(tx, workspace, emails, since).await? {
            together.entry(visit.email_id).or_default().push(visit);
        }
        let known = visits::emails(tx, workspace, emails).await?;
        let sent: HashMap<_, _> = known.into_iter().map(|email| (email.id, email.handed_over_at)).collect();
        for (email, visits) in together {
            let sent_at = sent.get(&email).copied().flatten();
            let context = Context { sent_at, replied_at: replies.get(&email).copied() };
            self.revise_visits(tx, workspace, email, visits, context).await?;
        }
        Ok(())
    }

    /// Judges `visits`, all to one email, together, and records of which of them less of a person is to be said now, settled or
    /// not. They may be a part of the evidence: what is known of the rest is not taken back.
    pub(super) async fn revise_visits(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        email: EmailId,
        mut visits: Vec<Visit>,
        context: Context,
    ) -> Result<()> {
        visits.sort_by_key(|visit| (visit.at, visit.id));
        visits.drain(..visits.len().saturating_sub(MOST_TOGETHER));
        if let Some(replied_at) = context.replied_at {
            let readers = readers_before(tx, workspace, email, replied_at, &visits).await?;
            visits.extend(readers);
        }
        let first: Vec<_> = visits.iter().map(first_said).collect();
        let revised: Vec<(&Visit, Revision)> = visits
            .iter()
            .zip(judge_together(&first, context))
            .filter(|(visit, now)| visit.verdict.is_lowered_by(now.verdict))
            .collect();
        self.record_revisions(tx, workspace, email, &revised).await
    }

    /// Says something else of visits to one email: in the events, where they are listed, in the feed and in the counts.
    pub(super) async fn record_revisions(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        email: EmailId,
        revised: &[(&Visit, Revision)],
    ) -> Result<()> {
        if revised.is_empty() {
            return Ok(());
        }
        let now = self.now();
        for (visit, Revision { verdict, why, .. }) in revised {
            let evidence = Evidence {
                revises: Some(visit.id),
                verdict: Some(*verdict),
                why: Some(*why),
                rules: Some(RULES),
                ..Evidence::default()
            };
            let event = Event { id: self.new_id(), email_id: email, at: now, kind: EventKind::Rejudged, evidence };
            store::events::insert(tx, workspace, &event).await?;
            visits::revise(tx, workspace, visit.id, *verdict, *why).await?;
            store::feed::revise(tx, workspace, visit.id, *verdict).await?;
        }
        self.count_anew(tx, workspace, email).await
    }

    /// Gives an email the counts and the last activity that its events tell.
    async fn count_anew(&self, tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<()> {
        // Whoever adds to the counts meanwhile waits.
        let email = store::emails::lock(tx, workspace, id).await?;
        let events = store::rebuild::events_of(tx, workspace, id, id).await?;
        let derived = rebuild::derived(tx, workspace, id, &events).await?;
        let counts = Engagement {
            views: derived.views,
            views_automatic: derived.views_automatic,
            views_self: derived.views_self,
            clicks: derived.clicks,
            clicks_automatic: derived.clicks_automatic,
            human_at: None,
        };
        // Row and events each looked at the clock.
        let stored = email.last_activity_at;
        let last = derived.last_activity_at.filter(|derived| derived.since(stored).abs() >= SECOND).unwrap_or(stored);
        Ok(store::emails::set_engagement(tx, workspace, id, &counts, last).await?)
    }
}

/// The first visits before the answer of those clients that came after it: who was there before is still a reader.
async fn readers_before(
    tx: &mut Tx,
    workspace: WorkspaceId,
    email: EmailId,
    replied_at: Timestamp,
    visits: &[Visit],
) -> Result<Vec<Visit>> {
    let after = visits.iter().filter(|visit| visit.at > replied_at);
    let clients: BTreeSet<_> = after.map(|visit| (visit.ip.as_deref(), visit.user_agent.as_deref())).collect();
    let clients: Vec<_> = clients.into_iter().collect();
    let mut readers = visits::readers_until(tx, workspace, email, replied_at, &clients).await?;
    readers.retain(|reader| visits.iter().all(|visit| visit.id != reader.id));
    Ok(readers)
}

/// A visit as it was judged by itself.
pub(super) fn first_said(visit: &Visit) -> engagement::Visit {
    engagement::Visit {
        id: visit.id,
        at: visit.at,
        target: visit.link.map_or(Target::Pixel, Target::Link),
        client: Client { ip: visit.ip.as_deref().and_then(|ip| ip.parse().ok()), user_agent: visit.user_agent.clone() },
        verdict: visit.first_verdict,
        why: visit.first_why,
    }
}
