//! What is asked of the tracking endpoints: answered at once, written down within moments, recorded by a worker.

use std::{
    collections::{HashMap, hash_map::Entry},
    io,
    net::IpAddr,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{
    EmailId, Timestamp, WorkspaceId,
    engagement::{Announced, Client, Target},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::{
    Token,
    frames::{Frame, Frames, KEEP, KNOWN_FOR},
};
use crate::{Engine, Error, Result, random::hash};

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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) workspace: WorkspaceId,
    pub(super) email: EmailId,
    pub(super) target: Target,
    pub(super) client: Client,
    pub(super) announced: Option<Announced>,
    /// What is kept of the session's token: it is written down.
    pub(super) session: Option<Vec<u8>>,
}

/// When it was first asked, how often since, and where the link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Times {
    pub(super) at: Timestamp,
    pub(super) requests: u64,
    pub(super) url: Option<String>,
}

pub(super) type Waiting = HashMap<Asked, Times>;

/// Adds a visit to `waiting`.
pub(super) fn add(waiting: &mut Waiting, asked: Asked, times: Times) {
    match waiting.entry(asked) {
        Entry::Occupied(mut same) => {
            let same = same.get_mut();
            same.requests += times.requests;
            same.at = same.at.min(times.at);
        }
        Entry::Vacant(free) => {
            free.insert(times);
        }
    }
}

/// Visits on their way to the store: bounded in number and in the size of each. Requests meet nobody but each other at the
/// buffer; files are written under the other lock.
#[derive(Default)]
pub(crate) struct Visits {
    buffer: Mutex<Buffer>,
    frames: Mutex<Frames>,
    /// Held while frames are recorded: one overtaken by a later one would be taken for recorded.
    pub(super) recording: tokio::sync::Mutex<()>,
}

/// What came since it was last gathered.
#[derive(Default)]
struct Buffer {
    came: Waiting,
    /// How many wait behind it, in frames.
    behind: usize,
    /// Requests dropped since somebody was told.
    dropped: u64,
}

impl Visits {
    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn frames(&self) -> MutexGuard<'_, Frames> {
        self.frames.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next frame to be recorded.
    pub(super) fn next_frame(&self) -> Option<Frame> {
        self.frames().next()
    }

    /// A frame that could not be recorded waits on.
    pub(super) fn put_back(&self, frame: Frame) {
        self.frames().put_back(frame);
    }

    /// How many requests were dropped since this was last asked.
    pub(super) fn dropped(&self) -> u64 {
        std::mem::take(&mut self.buffer().dropped)
    }
}

impl Buffer {
    fn take(&mut self) -> Waiting {
        let room = self.came.len().min(1024);
        std::mem::replace(&mut self.came, HashMap::with_capacity(room))
    }

    fn add(&mut self, asked: Asked, times: Times) {
        let is_full = self.came.len() + self.behind >= WAITING;
        if is_full && !self.came.contains_key(&asked) {
            self.dropped += times.requests;
        } else {
            add(&mut self.came, asked, times);
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

    /// Keeps visits in files in `folder` until they are recorded, so that a kill costs what came in the last moments and no
    /// more. What processes that were killed left there is recorded first.
    ///
    /// # Errors
    /// When the folder cannot be made or read, or its file system knows no locks. Then visits wait in memory alone.
    pub fn keep_visits_in(&self, folder: &Path) -> io::Result<()> {
        self.shared.visits.frames().keep_in(folder, self.now().plus(-KNOWN_FOR))
    }

    /// Whether visits are kept in files.
    pub(super) fn keeps_visits(&self) -> bool {
        self.shared.visits.frames().are_kept()
    }

    /// Writes down what came, until `stop`. On a thread of its own: it waits for the disk, and nobody waits for it.
    pub(super) fn keep_visits_until(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            std::thread::sleep(KEEP);
            self.gather_visits();
        }
    }

    /// From the buffer to the frames, and to their files.
    pub(super) fn gather_visits(&self) {
        let visits = &self.shared.visits;
        let mut frames = visits.frames();
        let came = visits.buffer().take();
        frames.add(self.node(), came);
        visits.buffer().behind = frames.visits();
    }

    /// Forgets which frames of long ago are recorded: nobody asks any more.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub(crate) async fn forget_frames(&self) -> Result<()> {
        let before = self.now().plus(-KNOWN_FOR);
        let workspaces = store::workspaces::list(&mut self.db().read().await?).await?;
        for workspace in workspaces {
            let mut tx = self.db().begin().await?;
            store::visits::frames::forget(&mut tx, workspace.id, before).await?;
            tx.commit().await?;
        }
        Ok(())
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
            session: visit.session_token.filter(|token| token.len() <= MAX_TOKEN).map(|token| hash(&token)),
        };
        self.shared.visits.buffer().add(asked, Times { at: visit.at, requests: 1, url });
    }
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;

    pub(crate) fn asked(n: u128) -> Asked {
        Asked {
            workspace: WorkspaceId(Uuid::nil()),
            email: EmailId(Uuid::from_u128(n)),
            target: Target::Link(2),
            client: Client { ip: Some([192, 0, 2, 1].into()), user_agent: Some("Thunderbird/140.4.0".into()) },
            announced: Some(Announced::Head),
            session: Some(vec![0, 255]),
        }
    }

    pub(crate) fn once(at: i64) -> Times {
        Times { at: Timestamp(at), requests: 1, url: Some("https://northlight.example/\n".into()) }
    }

    #[test]
    fn the_same_pixel_a_million_times_is_one_visit_that_waits() {
        let mut buffer = Buffer::default();
        for n in 0..1_000_000 {
            buffer.add(asked(1), once(1_000_000 - n));
        }
        let waiting = buffer.take();
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[&asked(1)].requests, waiting[&asked(1)].at), (1_000_000, Timestamp(1)));
        assert_eq!(buffer.dropped, 0);
    }

    #[test]
    fn more_than_may_wait_is_dropped_and_counted_and_what_waits_in_frames_counts_too() {
        let visits = Visits::default();
        for n in 0..WAITING as u128 + 7 {
            visits.buffer().add(asked(n), once(1));
        }
        assert_eq!(visits.dropped(), 7);
        assert_eq!(visits.dropped(), 0);
        let mut buffer = visits.buffer();
        buffer.behind = buffer.take().len() - 1;
        buffer.add(asked(3), once(1));
        buffer.add(asked(4), once(1));
        buffer.add(asked(3), once(1));
        assert_eq!((buffer.dropped, buffer.came.len(), buffer.came[&asked(3)].requests), (1, 1, 2));
    }
}
