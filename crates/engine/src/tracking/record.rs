//! Recording what was asked: everything that waits, twenty times a second, with a handful of statements for all of it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use domain::{
    EmailId, EventId, UserId, WorkspaceId,
    engagement::{self, Context, Own, REPEAT, RULES, Request, TOGETHER, Target, Verdict, Why, settles_at},
    events::{EventKind, Evidence},
};
use store::{
    Tx,
    emails::Engagement,
    events::Event,
    sessions, visits,
    visits::{Visited, frames::FrameId},
};
use tokio_util::sync::CancellationToken;

use super::{
    frames::Frame,
    visits::{Asked, Times},
};
use crate::{Engine, Result, networks::Known};

/// Visits kept of one email. Whoever asks more often than that is no reader; it is counted for the operator.
const MOST_OF_ONE_EMAIL: u64 = 1000;

/// Between two recordings.
const PAUSE: Duration = Duration::from_millis(50);

/// What recording a batch needs to know before it writes.
struct Facts {
    emails: HashMap<EmailId, Visited>,
    /// What was asked within moments before.
    recent: HashMap<EmailId, Vec<visits::Visit>>,
    /// Hashes of the tokens of members' sessions.
    signed_in: HashSet<Vec<u8>>,
    /// Network addresses of members.
    in_use: HashSet<String>,
}

/// What a batch adds.
#[derive(Default)]
struct Added {
    visits: Vec<visits::Visit>,
    events: Vec<Event>,
    repeats: BTreeMap<EventId, u64>,
    counts: BTreeMap<EmailId, Engagement>,
    unrecorded: u64,
}

impl Engine {
    pub(crate) async fn record_visits_until(self, stop: CancellationToken) {
        if self.keeps_visits() {
            let (engine, stop) = (self.clone(), stop.clone());
            tokio::task::spawn_blocking(move || engine.keep_visits_until(&stop));
        }
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
            self.record_visits().await;
        }
        // What came while the last ones were written.
        self.record_visits().await;
    }

    /// Records every visit that waits. While the store fails they wait on.
    pub async fn record_visits(&self) {
        let _one_after_the_other = self.shared.visits.recording.lock().await;
        self.gather_visits();
        while let Some(frame) = self.shared.visits.next_frame() {
            if let Err(error) = self.record_frame(&frame).await {
                tracing::error!(%error, visits = frame.visits.len(), "visits could not be recorded; they wait");
                self.shared.visits.put_back(frame);
                break;
            }
            frame.recorded();
        }
        let dropped = self.shared.visits.dropped();
        if dropped > 0 {
            metrics::counter!("quarterdeck_visits_dropped_total").increment(dropped);
            tracing::warn!(dropped, "more visits came than could be recorded");
        }
    }

    async fn record_frame(&self, frame: &Frame) -> Result<()> {
        let mut by_workspace: BTreeMap<WorkspaceId, Vec<(&Asked, &Times)>> = BTreeMap::new();
        for visit in frame.in_order() {
            by_workspace.entry(visit.0.workspace).or_default().push(visit);
        }
        for (workspace, batch) in by_workspace {
            let Some(facts) = self.facts_of_visits(workspace, &batch).await? else { continue };
            let added = self.judged_visits(&batch, &facts);
            self.write_visits(workspace, frame.id, &facts, added).await?;
        }
        Ok(())
    }

    /// `None` where nothing is to be recorded.
    async fn facts_of_visits(&self, workspace: WorkspaceId, batch: &[(&Asked, &Times)]) -> Result<Option<Facts>> {
        let mut tx = self.db().read().await?;
        let emails: Vec<EmailId> = distinct(batch.iter().map(|(asked, _)| asked.email));
        let known = visits::emails(&mut tx, workspace, &emails).await?;
        let known: HashMap<_, _> = known
            .into_iter()
            .filter(|email| email.status.records_engagement())
            .map(|email| (email.id, email))
            .collect();
        if known.is_empty() || !store::workspaces::find(&mut tx, workspace).await?.tracking {
            return Ok(None);
        }
        let now = self.now();
        let since = batch.iter().map(|(_, times)| times.at).min().unwrap_or(now).plus(-TOGETHER);
        let mut recent: HashMap<_, Vec<_>> = HashMap::new();
        for visit in visits::since(&mut tx, workspace, &emails, since).await? {
            recent.entry(visit.email_id).or_default().push(visit);
        }
        let mut signed_in = HashSet::new();
        for token in distinct(batch.iter().filter_map(|(asked, _)| asked.session.as_ref())) {
            let session = sessions::find(&mut tx, token, now).await?;
            if session.is_some_and(|session| session.workspace_id == workspace) {
                signed_in.insert(token.clone());
            }
        }
        // Behind a proxy that nobody told us to trust everybody seems to be at this machine.
        let addresses = batch.iter().filter_map(|(asked, _)| asked.client.ip).filter(|ip| !ip.is_loopback());
        let addresses = distinct(addresses.map(|ip| ip.to_string()));
        let in_use = sessions::addresses_in_use(&mut tx, workspace, &addresses, now).await?;
        Ok(Some(Facts { emails: known, recent, signed_in, in_use }))
    }

    fn judged_visits(&self, batch: &[(&Asked, &Times)], facts: &Facts) -> Added {
        let networks = self.networks();
        let mut added = Added::default();
        for (asked, times) in batch {
            let Some(email) = facts.emails.get(&asked.email) else { continue };
            let network = asked.client.ip.map(|ip| networks.look_up(ip)).unwrap_or_default();
            let since_sent = email.handed_over_at.map(|sent| times.at.since(sent));
            let (verdict, why) = engagement::judge(&Request {
                click: asked.target != Target::Pixel,
                user_agent: asked.client.user_agent.as_deref(),
                announced: asked.announced,
                own: own(asked, facts),
                source: network.source,
                since_sent,
            });
            let visit = visits::Visit {
                settles_at: Some(settles_at(times.at, since_sent, verdict)),
                ..judged_visit(self.new_id(), asked, times, &network, verdict, why)
            };
            let recent = facts.recent.get(&asked.email).map(Vec::as_slice).unwrap_or_default();
            added.take(visit, times.url.as_ref(), network.name, email, recent);
        }
        added
    }

    async fn write_visits(&self, workspace: WorkspaceId, frame: FrameId, facts: &Facts, added: Added) -> Result<()> {
        if added.unrecorded > 0 {
            metrics::counter!("quarterdeck_visits_unrecorded_total").increment(added.unrecorded);
            tracing::warn!(
                requests = added.unrecorded,
                "an email is visited so often that its visits are no longer kept"
            );
        }
        metrics::counter!("quarterdeck_visits_repeated_total").increment(added.repeats.values().sum());
        if added.visits.is_empty() && added.repeats.is_empty() {
            return Ok(());
        }
        let mut tx = self.db().begin().await?;
        if !visits::frames::begin(&mut tx, workspace, frame, self.now()).await? {
            return Ok(());
        }
        let events: Vec<&Event> = added.events.iter().collect();
        store::events::insert_all(&mut tx, workspace, &events).await?;
        visits::insert_all(&mut tx, workspace, &added.visits).await?;
        let repeats: Vec<_> = added.repeats.into_iter().collect();
        visits::add_requests(&mut tx, workspace, &repeats).await?;
        let counts: Vec<_> = added.counts.into_iter().collect();
        store::emails::add_engagement(&mut tx, workspace, &counts).await?;
        self.judge_anew(&mut tx, workspace, &added.visits, facts).await?;
        tx.commit().await?;
        self.tell_visited(workspace, facts, &counts);
        Ok(())
    }

    /// What came now may say something about what came moments before.
    async fn judge_anew(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        new: &[visits::Visit],
        facts: &Facts,
    ) -> Result<()> {
        let mut together: BTreeMap<EmailId, Vec<visits::Visit>> = BTreeMap::new();
        for visit in new {
            together.entry(visit.email_id).or_default().push(visit.clone());
        }
        let answered = facts.emails.values().filter(|email| email.replies > 0 && together.contains_key(&email.id));
        let answered: Vec<EmailId> = answered.map(|email| email.id).collect();
        let replies: HashMap<_, _> = visits::first_replies(tx, workspace, &answered).await?.into_iter().collect();
        for (email, mut visits) in together {
            let sent_at = facts.emails.get(&email).and_then(|it| it.handed_over_at);
            let context = Context { sent_at, replied_at: replies.get(&email).copied() };
            visits.extend(facts.recent.get(&email).into_iter().flatten().cloned());
            if visits.len() > 1 || context.replied_at.is_some() {
                self.revise_visits(tx, workspace, email, visits, context).await?;
            }
        }
        Ok(())
    }

    fn tell_visited(&self, workspace: WorkspaceId, facts: &Facts, counts: &[(EmailId, Engagement)]) {
        let mut told: BTreeMap<UserId, Vec<EmailId>> = BTreeMap::new();
        for (email, _) in counts {
            if let Some(known) = facts.emails.get(email) {
                told.entry(known.owner_id).or_default().push(*email);
            }
        }
        for (owner, emails) in told {
            self.tell_emails(workspace, owner, emails);
        }
    }
}

impl Added {
    /// A repetition is counted with what it repeats; everything else is a visit of its own.
    fn take(
        &mut self,
        visit: visits::Visit,
        url: Option<&String>,
        network: Option<String>,
        email: &Visited,
        recent: &[visits::Visit],
    ) {
        if let Some(same) = recent.iter().chain(&self.visits).rfind(|earlier| repeats(&visit, earlier)) {
            *self.repeats.entry(same.id).or_default() += visit.requests;
            return;
        }
        let counts = self.counts.entry(email.id).or_default();
        if email.visits + total(counts) >= MOST_OF_ONE_EMAIL {
            self.unrecorded += visit.requests;
            return;
        }
        count(counts, &visit);
        let evidence = Evidence {
            verdict: Some(visit.verdict),
            why: Some(visit.why),
            rules: Some(RULES),
            settles_at: visit.settles_at,
            url: url.cloned(),
            network,
            ..Evidence::default()
        };
        let kind = if visit.link.is_some() { EventKind::Clicked } else { EventKind::Viewed };
        self.events.push(Event { id: visit.id, email_id: visit.email_id, at: visit.at, kind, evidence });
        self.visits.push(visit);
    }
}

fn judged_visit(
    id: EventId,
    asked: &Asked,
    times: &Times,
    network: &Known,
    verdict: Verdict,
    why: Why,
) -> visits::Visit {
    visits::Visit {
        id,
        email_id: asked.email,
        at: times.at,
        link: match asked.target {
            Target::Pixel => None,
            Target::Link(number) => Some(number),
        },
        first_verdict: verdict,
        first_why: why,
        verdict,
        why,
        settles_at: None,
        requests: times.requests,
        ip: asked.client.ip.map(|ip| ip.to_string()),
        user_agent: asked.client.user_agent.clone(),
        place: network.place.clone(),
    }
}

fn own(asked: &Asked, facts: &Facts) -> Option<Own> {
    let is_at = |ip: std::net::IpAddr| facts.in_use.contains(&ip.to_string());
    if asked.session.as_ref().is_some_and(|token| facts.signed_in.contains(token)) {
        Some(Own::SignedIn)
    } else {
        asked.client.ip.is_some_and(is_at).then_some(Own::Address)
    }
}

/// The same client asked for the same a moment ago, and was judged alike.
fn repeats(visit: &visits::Visit, earlier: &visits::Visit) -> bool {
    (visit.email_id, visit.link, visit.first_why) == (earlier.email_id, earlier.link, earlier.first_why)
        && (&visit.ip, &visit.user_agent) == (&earlier.ip, &earlier.user_agent)
        && (0..REPEAT).contains(&visit.at.since(earlier.at))
}

fn count(counts: &mut Engagement, visit: &visits::Visit) {
    let counted = match (visit.link, visit.verdict) {
        (None, Verdict::Human) => &mut counts.views,
        (None, Verdict::Own) => &mut counts.views_self,
        (None, _) => &mut counts.views_automatic,
        (Some(_), Verdict::Human) => &mut counts.clicks,
        // The sender's own clicks are nobody's business.
        (Some(_), Verdict::Own) => return,
        (Some(_), _) => &mut counts.clicks_automatic,
    };
    *counted += 1;
    if visit.verdict == Verdict::Human {
        counts.human_at = counts.human_at.max(Some(visit.at));
    }
}

fn total(counts: &Engagement) -> u64 {
    let Engagement { views, views_automatic, views_self, clicks, clicks_automatic, .. } = *counts;
    [views, views_automatic, views_self, clicks, clicks_automatic].into_iter().map(u64::from).sum()
}

fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
