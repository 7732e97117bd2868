//! Which channels have mail due, and a crew for each of them.
//!
//! A crew works on one channel until nothing of it is due or nothing more may leave. Channels do not wait for each other:
//! a server that stalls holds up its own mail only.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{ChannelId, Timestamp, WorkspaceId, time::MILLISECOND};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{Engine, Result, clock::uptime};

/// What this process does about each channel.
#[derive(Default)]
pub(crate) struct Channels {
    states: Mutex<HashMap<ChannelId, State>>,
    /// How often something changed.
    changes: AtomicU64,
}

enum State {
    /// A crew works on it.
    AtWork,
    /// Nothing may leave before this, unless something changes.
    Resting(Timestamp),
}

impl Channels {
    /// Whether a crew is wanted; if so, it begins now.
    fn begin(&self, channel: ChannelId, now: Timestamp) -> bool {
        let mut channels = self.states();
        let wanted = match channels.get(&channel) {
            None => true,
            Some(State::AtWork) => false,
            Some(State::Resting(until)) => *until <= now,
        };
        if wanted {
            channels.insert(channel, State::AtWork);
        }
        wanted
    }

    /// The crew has ended; the next one is wanted at `rest`, or at once.
    fn end(&self, channel: ChannelId, rest: Option<Timestamp>) {
        let mut channels = self.states();
        match rest {
            Some(until) => channels.insert(channel, State::Resting(until)),
            None => channels.remove(&channel),
        };
    }

    /// Something changed: every channel is looked at again.
    pub(super) fn wake(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.states().retain(|_, state| matches!(state, State::AtWork));
    }

    /// How often something changed until now.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    fn states(&self) -> std::sync::MutexGuard<'_, HashMap<ChannelId, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A crew's time on a channel. However it ends, another crew may come after it.
struct Shift {
    engine: Engine,
    channel: ChannelId,
    rest: Option<Timestamp>,
}

impl Shift {
    async fn work(mut self, workspace: WorkspaceId, stop: CancellationToken) {
        match self.engine.work_on(workspace, self.channel, &stop).await {
            Ok(rest) => self.rest = rest,
            Err(error) => tracing::error!(%error, channel = %self.channel, "a crew gave up; another one follows"),
        }
    }
}

impl Drop for Shift {
    fn drop(&mut self) {
        self.engine.shared.channels.end(self.channel, self.rest);
    }
}

/// What a look at the queue found.
struct Queue {
    /// Channels with mail that is due.
    due: Vec<(WorkspaceId, ChannelId)>,
    /// When the next email becomes due that is not yet.
    next_at: Option<Timestamp>,
}

impl Engine {
    /// Hands over everything that is due now and that the limits allow; returns when nothing of that is left.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] when the store cannot be read. What a crew could not record it takes up again.
    pub async fn deliver_due(&self, stop: &CancellationToken) -> Result<()> {
        self.take_back_left_behind(false).await?;
        self.shared.channels.wake();
        let mut crews = JoinSet::new();
        self.send_crews(&mut crews, stop).await?;
        crews.join_all().await;
        Ok(())
    }

    /// Keeps crews at work until `stop`, and waits for them.
    pub(super) async fn dispatch_until(&self, stop: &CancellationToken) {
        let mut crews = JoinSet::new();
        while !stop.is_cancelled() {
            let pause = if self.shared.clock_guard.is_steady(self.now(), uptime()) {
                self.send_crews(&mut crews, stop).await.unwrap_or_else(|error| {
                    tracing::error!(%error, "the queue cannot be read; delivery tries again");
                    super::PAUSE
                })
            } else {
                super::PAUSE
            };
            while crews.try_join_next().is_some() {}
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.shared.delivery_bell.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        crews.join_all().await;
    }

    /// Sends a crew to each channel that has mail due and no crew yet. Answers how long the queue can be left alone.
    async fn send_crews(&self, crews: &mut JoinSet<()>, stop: &CancellationToken) -> Result<Duration> {
        let queue = self.look_at_queue().await?;
        for (workspace, channel) in queue.due {
            if self.shared.channels.begin(channel, self.now()) {
                let shift = Shift { engine: self.clone(), channel, rest: None };
                crews.spawn(shift.work(workspace, stop.clone()));
            }
        }
        let until = queue.next_at.map_or(i64::MAX, |at| at.since(self.now()).max(MILLISECOND));
        Ok(super::PAUSE.min(Duration::from_micros(until.unsigned_abs())))
    }

    async fn look_at_queue(&self) -> Result<Queue> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let (mut due, mut next_at) = (BTreeSet::new(), None);
        for workspace in store::workspaces::list(&mut tx).await? {
            for lane in store::emails::lanes(&mut tx, workspace.id).await? {
                if lane.next_at <= now {
                    due.insert((workspace.id, lane.channel_id));
                } else {
                    next_at = Some(next_at.map_or(lane.next_at, |at: Timestamp| at.min(lane.next_at)));
                }
            }
        }
        Ok(Queue { due: due.into_iter().collect(), next_at })
    }
}
