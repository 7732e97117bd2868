//! Nodes: who is alive, and whose claimed emails have to be taken back.

use std::time::Duration;

use domain::{
    NodeId, Status, Timestamp,
    events::{EventKind, Evidence},
    ledger::{Outcome, RecipientKind},
    time::SECOND,
};
use store::{Tx, emails::Email};
use tokio_util::sync::CancellationToken;

use crate::{Engine, Result, emails::stop_waiting};

/// How often a node says that it is alive, and looks for those that are not.
const BEAT: Duration = Duration::from_secs(5);

/// A node that was not seen for so long is dead. Clocks of nodes may differ by less than half of it.
const DEAD_AFTER: i64 = 60 * SECOND;

/// Emails taken back in one transaction.
const AT_ONCE: u64 = 100;

impl Engine {
    /// This process, to the others on the same database.
    pub fn node(&self) -> NodeId {
        self.shared.node
    }

    /// Says that this node is alive, and takes back what dead ones left behind, until `stop`; then takes its leave.
    pub(super) async fn beat_until(self, stop: CancellationToken) {
        let started_at = self.now();
        while !stop.is_cancelled() {
            if let Err(error) = self.beat(started_at).await {
                tracing::error!(%error, "this node cannot say that it is alive");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }

    /// One heartbeat. Whoever is alone on its database need not say so.
    pub(super) async fn beat(&self, started_at: Timestamp) -> Result<()> {
        if !self.db().is_shared() {
            return Ok(());
        }
        let now = self.now();
        let mut tx = self.db().begin().await?;
        store::nodes::beat(&mut tx, self.node(), started_at, now).await?;
        tx.commit().await?;
        self.take_back_left_behind(false).await?;
        let mut tx = self.db().begin().await?;
        store::nodes::forget_unseen(&mut tx, now.plus(-DEAD_AFTER)).await?;
        Ok(tx.commit().await?)
    }

    /// Tells the other nodes that this one has ended in order.
    pub(super) async fn take_leave(&self) -> Result<()> {
        self.nodes_ended(&[self.node()]).await
    }

    /// `nodes` have ended, as somebody knows for certain: what they had claimed is taken back at the next beat of any node,
    /// and not only when they were not seen for a minute.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn nodes_ended(&self, nodes: &[NodeId]) -> Result<()> {
        let mut tx = self.db().begin().await?;
        for node in nodes {
            store::nodes::remove(&mut tx, *node).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Takes back emails that are under the lease of a dead node; of every other node when we are `alone`.
    ///
    /// What never reached the final dot goes again. What may have passed it is uncertain. Answers how many there were.
    pub(crate) async fn take_back_left_behind(&self, alone: bool) -> Result<u64> {
        let mut taken_back = 0;
        let mut tx = self.db().read().await?;
        let workspaces = store::workspaces::list(&mut tx).await?;
        let seen_since = if alone { Timestamp(i64::MAX) } else { self.now().plus(-DEAD_AFTER) };
        let mut alive = store::nodes::seen_since(&mut tx, seen_since).await?;
        drop(tx);
        alive.push(self.node());
        for workspace in workspaces {
            loop {
                let mut tx = self.db().begin().await?;
                let left = store::emails::left_behind(&mut tx, workspace.id, &alive, AT_ONCE).await?;
                let changed: Vec<_> = left.iter().map(|email| (email.owner_id, email.id)).collect();
                for mut email in left {
                    self.take_back(&mut tx, &mut email).await?;
                }
                tx.commit().await?;
                if changed.is_empty() {
                    break;
                }
                taken_back += changed.len() as u64;
                tracing::warn!(emails = changed.len(), "took back what a node that ended had claimed");
                self.tell_of(workspace.id, changed);
            }
        }
        Ok(taken_back)
    }

    async fn take_back(&self, tx: &mut Tx, email: &mut Email) -> Result<()> {
        let mut recipients = store::recipients::list(tx, email.workspace_id, email.id).await?;
        for recipient in recipients.iter_mut().filter(|it| it.outcome == Outcome::Attempting) {
            recipient.outcome = Outcome::Uncertain;
            recipient.settled_at = Some(self.now());
            store::recipients::update(tx, email.workspace_id, recipient).await?;
            let evidence = Evidence {
                recipient: Some(recipient.address.clone()),
                detail: Some("the program stopped during the transaction".to_owned()),
                ..Evidence::default()
            };
            if recipient.kind == RecipientKind::To {
                email.was_attempted(recipient.attempted_at.unwrap_or(self.now()));
                return self.make_uncertain(tx, email, evidence).await;
            }
            self.note(tx, email, EventKind::Uncertain, evidence).await?;
        }
        email.leased_by = None;
        if recipients.iter().any(store::recipients::Recipient::is_open) {
            return self.file(tx, email, Status::Scheduled).await;
        }
        stop_waiting(email);
        email.sent_at = email.sent_at.or(Some(self.now()));
        self.file(tx, email, Status::Delivered).await
    }
}
