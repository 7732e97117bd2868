//! The worker that watches mailboxes: a connection for each, on one node.

mod folders;
mod read;
mod stay;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    MailboxId, NodeId, Timestamp,
    time::{MINUTE, SECOND},
};
use store::{
    mailbox_watches::{self, Watchable},
    mailboxes::Mailbox,
};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{Engine, Result};

/// How often the worker sees which mailboxes there are to watch.
const ROUND: Duration = Duration::from_secs(5);
/// How many mailboxes a node watches at once. Where there are more, they take turns.
const MOST: usize = 500;
/// Whoever had its turn does not have it again within this time, in microseconds: providers lock accounts that are signed
/// in to too often.
const BETWEEN_TURNS: i64 = MINUTE;
/// A node that was not seen for so long, in microseconds, watches nothing any more.
const DEAD_AFTER: i64 = 60 * SECOND;

/// Lets the worker look at once: somebody changed a mailbox.
#[derive(Default)]
pub(crate) struct Bell(Notify);

/// A mailbox that is being watched.
struct Watcher {
    /// The version of the mailbox that it watches.
    version: i64,
    stop: CancellationToken,
    /// It ends with the worker, however that ends.
    task: AbortOnDropHandle<()>,
}

impl Engine {
    /// Lets the worker see at once which mailboxes there are.
    pub(super) fn wake_watchers(&self) {
        self.shared.mailbox_bell.0.notify_one();
    }

    /// Watches mailboxes until `stop` is cancelled.
    pub async fn watch_mailboxes_until(self, stop: CancellationToken) {
        self.watch_in_turns_until(MOST, stop).await;
    }

    /// The same, `most` of them at once: where there are more, they take turns.
    pub async fn watch_in_turns_until(self, most: usize, stop: CancellationToken) {
        let mut watchers: HashMap<MailboxId, Watcher> = HashMap::new();
        let crowded = Arc::new(AtomicBool::new(false));
        while !stop.is_cancelled() {
            match self.mailboxes_to_watch().await {
                Ok(mailboxes) => self.watch_these(mailboxes, most, &mut watchers, &crowded, &stop),
                Err(error) => tracing::error!(%error, "which mailboxes there are to watch is unknown; it goes on"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.shared.mailbox_bell.0.notified() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
        }
        for (_, watcher) in watchers {
            if let Err(error) = watcher.task.await {
                tracing::error!(%error, "the watch over a mailbox broke off");
            }
        }
    }

    /// Ends the watch over what is not there any more as it was, and begins that over what is new.
    fn watch_these(
        &self,
        mailboxes: Vec<Watchable>,
        most: usize,
        watchers: &mut HashMap<MailboxId, Watcher>,
        crowded: &Arc<AtomicBool>,
        stop: &CancellationToken,
    ) {
        watchers.retain(|_, watcher| !watcher.task.is_finished());
        for (id, watcher) in &*watchers {
            if !mailboxes.iter().any(|it| it.mailbox.id == *id && it.mailbox.version == watcher.version) {
                watcher.stop.cancel();
            }
        }
        let is_crowded = mailboxes.len() > most;
        crowded.store(is_crowded, Ordering::Relaxed);
        let now = self.now();
        for Watchable { mailbox, looked_at } in mailboxes {
            let may_come = !is_crowded || looked_at.is_none_or(|at| now.since(at) >= BETWEEN_TURNS);
            if may_come && watchers.len() < most && !watchers.contains_key(&mailbox.id) {
                let (id, version, stop) = (mailbox.id, mailbox.version, stop.child_token());
                let task = tokio::spawn(self.clone().watch(mailbox, crowded.clone(), stop.clone()));
                let task = AbortOnDropHandle::new(task);
                watchers.insert(id, Watcher { version, stop, task });
            }
        }
    }

    /// Those of all workspaces, whoever was not looked into for longest first.
    async fn mailboxes_to_watch(&self) -> Result<Vec<Watchable>> {
        let mut tx = self.db().read().await?;
        let mut watchable = Vec::new();
        for workspace in store::workspaces::list(&mut tx).await? {
            let (node, now) = (self.node(), self.now());
            watchable.append(&mut mailbox_watches::list(&mut tx, workspace.id, node, now, self.alive_since()).await?);
        }
        watchable.sort_by_key(|it| it.looked_at);
        Ok(watchable)
    }

    /// Nodes that were seen after this are alive. Whoever is alone on its database has no others.
    fn alive_since(&self) -> Timestamp {
        if self.db().is_shared() { self.now().plus(-DEAD_AFTER) } else { Timestamp(i64::MAX) }
    }

    /// Takes the watch over a mailbox, unless another node has it.
    async fn take_watch(&self, mailbox: &Mailbox) -> Result<bool> {
        let node: NodeId = self.node();
        let mut tx = self.db().begin().await?;
        let taken = mailbox_watches::claim(&mut tx, mailbox, node, self.now(), self.alive_since()).await?;
        tx.commit().await?;
        Ok(taken)
    }
}
