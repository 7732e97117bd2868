//! Views and clicks: answered at once, judged and recorded a moment later.

use std::{collections::VecDeque, net::IpAddr, sync::Mutex, time::Duration};

use domain::{
    EmailId, Timestamp, UserId, WorkspaceId,
    engagement::{self, Request, Verdict},
    events::{EventKind, Evidence},
};
use store::{Tx, emails::Engagement, events::Event};
use tokio_util::sync::CancellationToken;

use super::Token;
use crate::{Engine, Error, Result, random::hash};

/// Visits that may wait to be recorded. More than that are dropped, and counted.
const WAITING: usize = 100_000;

/// Visits recorded in one transaction.
const BATCH: usize = 200;

/// The longest user agent that is kept.
const MAX_USER_AGENT: usize = 400;

/// How long a visit waits at the most before it is recorded.
const PAUSE: Duration = Duration::from_millis(100);

/// What was visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitKind {
    /// The pixel.
    View,
    /// A link.
    Click {
        /// Where it leads.
        url: String,
    },
}

/// A request to a tracking endpoint.
#[derive(Clone)]
pub struct Visit {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The email.
    pub email: EmailId,
    /// What was visited.
    pub kind: VisitKind,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub ip: Option<IpAddr>,
    /// By what.
    pub user_agent: Option<String>,
    /// Whether the client announced a prefetch, or only asked for the head.
    pub prefetch: bool,
    /// The session cookie of the visiting browser. Whose it is is looked up when the visit is recorded, so that the answer
    /// never waits for the store.
    pub session_token: Option<String>,
}

/// Visits waiting to be recorded.
#[derive(Default)]
pub(crate) struct Visits(Mutex<VecDeque<Visit>>);

impl Visits {
    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<Visit>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Engine {
    /// Reads a token of ours.
    pub fn open_token(&self, text: &str) -> Option<Token> {
        Token::open(self.keys(), text)
    }

    /// Where a link leads. Only a link too long to carry its address asks the store.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a pixel, or an address that is not kept any more.
    pub async fn link_target(&self, token: &Token) -> Result<String> {
        match token {
            Token::Link { url, .. } => Ok(url.clone()),
            Token::LongLink { workspace, id, .. } => {
                let mut tx = self.db().read().await?;
                Ok(store::long_links::find(&mut tx, *workspace, *id).await?)
            }
            Token::Pixel { .. } => Err(Error::NotFound),
        }
    }

    /// Notes a visit; never waits. It is recorded within a moment by a worker.
    pub fn note_visit(&self, visit: Visit) {
        let mut queue = self.shared.visits.queue();
        if queue.len() >= WAITING {
            metrics::counter!("quarterdeck_visits_dropped_total").increment(1);
            return;
        }
        queue.push_back(visit);
    }

    pub(crate) async fn record_visits_until(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
            self.record_visits().await;
        }
    }

    /// Records every visit that waits. While the store fails they wait on.
    pub async fn record_visits(&self) {
        loop {
            let batch: Vec<Visit> = {
                let mut queue = self.shared.visits.queue();
                let count = queue.len().min(BATCH);
                queue.drain(..count).collect()
            };
            if batch.is_empty() {
                return;
            }
            if let Err(error) = self.record_batch(&batch).await {
                tracing::error!(%error, visits = batch.len(), "visits could not be recorded; they wait");
                let mut queue = self.shared.visits.queue();
                for visit in batch.into_iter().rev() {
                    queue.push_front(visit);
                }
                return;
            }
        }
    }

    async fn record_batch(&self, batch: &[Visit]) -> Result<()> {
        let mut tx = self.db().begin().await?;
        let mut told: Vec<(WorkspaceId, UserId, EmailId)> = Vec::new();
        for visit in batch {
            if let Some(owner) = self.record_visit(&mut tx, visit).await? {
                told.push((visit.workspace, owner, visit.email));
            }
        }
        tx.commit().await?;
        told.sort_unstable();
        told.dedup();
        for changed in told.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            self.tell_emails(changed[0].0, changed[0].1, changed.iter().map(|it| it.2).collect());
        }
        Ok(())
    }

    /// Judges and records one visit; answers whose email it was. An archived email records nothing.
    async fn record_visit(&self, tx: &mut Tx, visit: &Visit) -> Result<Option<UserId>> {
        let email = match store::emails::find(tx, visit.workspace, visit.email).await {
            Ok(email) => email,
            Err(store::Error::NotFound) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        if !email.status.records_engagement() {
            return Ok(None);
        }
        let sender_address = match visit.ip {
            Some(ip) => store::sessions::is_used_from(tx, email.owner_id, &ip.to_string(), visit.at).await?,
            None => false,
        };
        let signed_in = match &visit.session_token {
            Some(token) => store::sessions::find(tx, &hash(token), visit.at).await?.map(|session| session.user_id),
            None => None,
        };
        let (verdict, why) = engagement::judge(&Request {
            user_agent: visit.user_agent.as_deref(),
            prefetch: visit.prefetch,
            signed_in: signed_in == Some(email.owner_id),
            sender_address,
        });
        let url = match &visit.kind {
            VisitKind::View => None,
            VisitKind::Click { url } => Some(url.clone()),
        };
        let kind = if url.is_some() { EventKind::Clicked } else { EventKind::Viewed };
        store::emails::add_engagement(tx, visit.workspace, visit.email, &added(kind, verdict, visit.at)).await?;
        let evidence = Evidence {
            verdict: Some(verdict),
            why: Some(why),
            rules: Some(engagement::RULES),
            url,
            ip: visit.ip.map(|ip| ip.to_string()),
            user_agent: visit.user_agent.as_deref().map(|agent| agent.chars().take(MAX_USER_AGENT).collect()),
            ..Evidence::default()
        };
        let event = Event { id: self.new_id(), email_id: visit.email, at: visit.at, kind, evidence };
        store::events::insert(tx, visit.workspace, &event).await?;
        Ok(Some(email.owner_id))
    }
}

fn added(kind: EventKind, verdict: Verdict, at: Timestamp) -> Engagement {
    let one = |yes: bool| u32::from(yes);
    let view = kind == EventKind::Viewed;
    Engagement {
        views: one(view && verdict == Verdict::Human),
        views_automatic: one(view && matches!(verdict, Verdict::Machine | Verdict::Unknown)),
        views_self: one(view && verdict == Verdict::Own),
        clicks: one(!view && verdict == Verdict::Human),
        clicks_automatic: one(!view && matches!(verdict, Verdict::Machine | Verdict::Unknown)),
        human_at: (verdict == Verdict::Human).then_some(at),
    }
}
