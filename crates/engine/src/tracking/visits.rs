//! What is asked of the tracking endpoints: answered at once, kept for a moment, recorded by a worker.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{
    EmailId, Timestamp, WorkspaceId,
    engagement::{Announced, Client, Target},
};

use super::Token;
use crate::{Engine, Error, Result};

/// Different visits that may wait to be recorded. More than that are dropped, and counted.
const WAITING: usize = 50_000;

/// The longest user agent that is kept, in characters.
const MAX_USER_AGENT: usize = 400;

/// A session's token is shorter; what is longer is none of ours.
const MAX_TOKEN: usize = 100;

/// What was visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitKind {
    /// The pixel.
    View,
    /// A link.
    Click {
        /// Its place in the body.
        link: u16,
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
    /// Whether the client said that nobody looks.
    pub announced: Option<Announced>,
    /// The session cookie of the visiting browser. Whose it is is looked up when the visit is recorded, so that the answer
    /// never waits for the store.
    pub session_token: Option<String>,
}

/// Who asks for what. The same again before it is recorded is counted, not kept again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) workspace: WorkspaceId,
    pub(super) email: EmailId,
    pub(super) target: Target,
    pub(super) client: Client,
    pub(super) announced: Option<Announced>,
    pub(super) session_token: Option<String>,
}

/// When it was first asked, how often since, and where the link leads.
#[derive(Debug, Clone)]
pub(super) struct Times {
    pub(super) at: Timestamp,
    pub(super) requests: u64,
    pub(super) url: Option<String>,
}

pub(super) type Waiting = HashMap<Asked, Times>;

/// Visits waiting to be recorded: bounded in number and in the size of each.
#[derive(Default)]
pub(crate) struct Visits(Mutex<Buffer>);

#[derive(Default)]
struct Buffer {
    waiting: Waiting,
    /// Requests dropped since somebody was told.
    dropped: u64,
}

impl Visits {
    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes everything that waits.
    pub(super) fn take(&self) -> Waiting {
        let mut buffer = self.buffer();
        let room = buffer.waiting.len().min(1024);
        std::mem::replace(&mut buffer.waiting, HashMap::with_capacity(room))
    }

    /// Lets visits that could not be recorded wait on.
    pub(super) fn give_back(&self, waiting: impl IntoIterator<Item = (Asked, Times)>) {
        let mut buffer = self.buffer();
        for (asked, times) in waiting {
            buffer.add(asked, times);
        }
    }

    /// How many requests were dropped since this was last asked.
    pub(super) fn dropped(&self) -> u64 {
        std::mem::take(&mut self.buffer().dropped)
    }
}

impl Buffer {
    fn add(&mut self, asked: Asked, times: Times) {
        let is_full = self.waiting.len() >= WAITING;
        match self.waiting.entry(asked) {
            Entry::Occupied(mut same) => {
                let same = same.get_mut();
                same.requests += times.requests;
                same.at = same.at.min(times.at);
            }
            Entry::Vacant(_) if is_full => self.dropped += times.requests,
            Entry::Vacant(free) => {
                free.insert(times);
            }
        }
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
        let (target, url) = match visit.kind {
            VisitKind::View => (Target::Pixel, None),
            VisitKind::Click { link, url } => (Target::Link(link), Some(url)),
        };
        let user_agent = visit.user_agent.map(|mut agent| {
            if let Some((end, _)) = agent.char_indices().nth(MAX_USER_AGENT) {
                agent.truncate(end);
            }
            agent
        });
        let asked = Asked {
            workspace: visit.workspace,
            email: visit.email,
            target,
            client: Client { ip: visit.ip, user_agent },
            announced: visit.announced,
            session_token: visit.session_token.filter(|token| token.len() <= MAX_TOKEN),
        };
        self.shared.visits.buffer().add(asked, Times { at: visit.at, requests: 1, url });
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn asked(n: u128) -> Asked {
        Asked {
            workspace: WorkspaceId(Uuid::nil()),
            email: EmailId(Uuid::from_u128(n)),
            target: Target::Pixel,
            client: Client::default(),
            announced: None,
            session_token: None,
        }
    }

    fn once(at: i64) -> Times {
        Times { at: Timestamp(at), requests: 1, url: None }
    }

    #[test]
    fn the_same_pixel_a_million_times_is_one_visit_that_waits() {
        let visits = Visits::default();
        for n in 0..1_000_000 {
            visits.buffer().add(asked(1), once(1_000_000 - n));
        }
        let waiting = visits.take();
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[&asked(1)].requests, waiting[&asked(1)].at), (1_000_000, Timestamp(1)));
        assert_eq!(visits.dropped(), 0);
    }

    #[test]
    fn more_than_may_wait_is_dropped_and_counted_and_what_is_given_back_counts_too() {
        let visits = Visits::default();
        for n in 0..WAITING as u128 + 7 {
            visits.buffer().add(asked(n), once(1));
        }
        assert_eq!(visits.dropped(), 7);
        assert_eq!(visits.dropped(), 0);
        let waiting = visits.take();
        visits.buffer().add(asked(3), once(1));
        visits.buffer().add(asked(u128::MAX), once(1));
        visits.give_back(waiting);
        assert_eq!(visits.dropped(), 1);
        assert_eq!(visits.take()[&asked(3)].requests, 2);
    }
}
