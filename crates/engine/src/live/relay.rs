//! Carries changes between the nodes of one `PostgreSQL`, so that a screen open at one node follows what another does.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    time::Duration,
};

use domain::{EmailId, NodeId, TextEnum, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::bulletin::{self, Listener};
use tokio::sync::broadcast::{Receiver, error::RecvError, error::TryRecvError};
use tokio_util::sync::CancellationToken;

use super::{Change, Topic};
use crate::{Engine, Result};

/// How long changes are gathered before other nodes hear of them: a mass sending costs a few messages a second.
const GATHER: Duration = Duration::from_millis(75);

/// How long to wait before a database that did not answer is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// More emails than this in one message are "any": a message has to be short, and who opens a page asks anew anyway.
const NAMED: usize = 150;

/// What changed together, by workspace, owner and topic. No ids: any of them.
type Gathered = BTreeMap<(WorkspaceId, Option<UserId>, Topic), BTreeSet<EmailId>>;

/// A change on its way to other nodes.
#[derive(Serialize, Deserialize)]
struct Message {
    /// The node that tells, which knows already.
    node: NodeId,
    workspace: WorkspaceId,
    owner: Option<UserId>,
    topic: Topic,
    emails: Vec<EmailId>,
}

impl Engine {
    /// Tells other nodes what changes here, and open screens here what changes there, until `stop`. On `SQLite`, which has
    /// one node, it ends at once.
    pub async fn relay_changes_until(self, stop: CancellationToken) {
        if !matches!(self.db(), store::Db::Postgres { .. }) {
            return;
        }
        let node = self.node();
        let told = self.live().told_here();
        tokio::join!(self.relay_out(node, told, &stop), async {
            stop.run_until_cancelled(self.relay_in(node)).await;
        });
    }

    async fn relay_out(&self, node: NodeId, mut told: Receiver<Change>, stop: &CancellationToken) {
        let mut stopping = false;
        while !stopping {
            let first = match stop.run_until_cancelled(told.recv()).await {
                None => None,
                Some(Err(RecvError::Closed)) => return,
                Some(first) => Some(first),
            };
            stopping = stop.run_until_cancelled(tokio::time::sleep(GATHER)).await.is_none();
            let mut gathered = Gathered::new();
            let mut too_many = matches!(first, Some(Err(RecvError::Lagged(_))));
            if let Some(Ok(change)) = first {
                gather(&mut gathered, change);
            }
            loop {
                match told.try_recv() {
                    Ok(change) => gather(&mut gathered, change),
                    Err(TryRecvError::Lagged(_)) => too_many = true,
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            while let Err(error) = self.post(node, &gathered, too_many).await {
                tracing::warn!(%error, "other nodes do not hear of changes; trying again");
                if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                    return;
                }
            }
        }
    }

    async fn post(&self, node: NodeId, gathered: &Gathered, too_many: bool) -> Result<()> {
        let changes = if too_many { self.everything().await? } else { gathered.iter().map(told).collect() };
        if changes.is_empty() {
            return Ok(());
        }
        let message =
            |it: Change| Message { node, workspace: it.workspace, owner: it.owner, topic: it.topic, emails: it.emails };
        let messages: std::result::Result<Vec<_>, _> =
            changes.into_iter().map(|change| serde_json::to_string(&message(change))).collect();
        let messages = messages.map_err(|error| crate::Error::Internal(error.to_string()))?;
        Ok(bulletin::post(self.db(), &messages).await?)
    }

    async fn relay_in(&self, node: NodeId) {
        let mut missed = false;
        loop {
            match self.listen(node, missed).await {
                Ok(()) => tracing::warn!("the connection that hears of other nodes' changes was lost"),
                Err(error) => tracing::warn!(%error, "changes of other nodes are not heard; trying again"),
            }
            missed = true;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Hears other nodes until the connection is lost. What was `missed` meanwhile may be anything.
    async fn listen(&self, node: NodeId, missed: bool) -> Result<()> {
        let Some(mut listener) = Listener::open(self.db()).await? else { return Ok(()) };
        if missed {
            for change in self.everything().await? {
                self.live().show(change);
            }
        }
        while let Some(text) = listener.next().await {
            match serde_json::from_str::<Message>(&text) {
                Ok(message) if message.node == node => {}
                Ok(Message { workspace, owner, topic, emails, .. }) => {
                    self.live().show(Change { workspace, owner, topic, emails });
                }
                Err(error) => tracing::debug!(%error, "a message of another version"),
            }
        }
        Ok(())
    }

    /// That anything may have changed, for everybody.
    async fn everything(&self) -> Result<Vec<Change>> {
        let mut tx = self.db().read().await?;
        let workspaces = store::workspaces::list(&mut tx).await?;
        let of = |workspace, topic| Change { workspace, owner: None, topic, emails: Vec::new() };
        Ok(workspaces.iter().flat_map(|it| Topic::ALL.iter().map(move |&topic| of(it.id, topic))).collect())
    }
}

fn gather(gathered: &mut Gathered, change: Change) {
    let key = (change.workspace, change.owner, change.topic);
    if change.emails.is_empty() {
        gathered.insert(key, BTreeSet::new());
        return;
    }
    match gathered.entry(key) {
        Entry::Vacant(vacant) => {
            vacant.insert(change.emails.into_iter().collect());
        }
        // Any stays any.
        Entry::Occupied(mut occupied) if !occupied.get().is_empty() => {
            occupied.get_mut().extend(change.emails);
        }
        Entry::Occupied(_) => {}
    }
}

fn told((&(workspace, owner, topic), emails): (&(WorkspaceId, Option<UserId>, Topic), &BTreeSet<EmailId>)) -> Change {
    let emails = if emails.len() > NAMED { Vec::new() } else { emails.iter().copied().collect() };
    Change { workspace, owner, topic, emails }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn change(owner: u128, emails: std::ops::Range<u128>) -> Change {
        Change {
            workspace: WorkspaceId(Uuid::from_u128(1)),
            owner: Some(UserId(Uuid::from_u128(owner))),
            topic: Topic::Emails,
            emails: emails.map(|n| EmailId(Uuid::from_u128(n))).collect(),
        }
    }

    fn gathered(changes: impl IntoIterator<Item = Change>) -> Vec<Change> {
        let mut all = Gathered::new();
        changes.into_iter().for_each(|change| gather(&mut all, change));
        all.iter().map(told).collect()
    }

    #[test]
    fn changes_of_one_owner_become_one_message_that_names_each_email_once() {
        assert_eq!(gathered([change(1, 0..3), change(2, 9..10), change(1, 2..5)]), [change(1, 0..5), change(2, 9..10)]);
    }

    #[test]
    fn any_email_stays_any_email_and_many_are_any() {
        assert_eq!(gathered([change(1, 0..0), change(1, 2..5)]), [change(1, 0..0)]);
        assert_eq!(gathered([change(1, 2..5), change(1, 0..0)]), [change(1, 0..0)]);
        assert_eq!(gathered((0..1000).map(|n| change(1, n..n + 1))), [change(1, 0..0)]);
    }

    #[test]
    fn the_longest_message_is_short_enough() {
        let Change { workspace, owner, topic, emails } = gathered([change(1, 0..NAMED as u128)]).remove(0);
        assert_eq!(emails.len(), NAMED);
        let message = Message { node: NodeId(Uuid::max()), workspace, owner, topic, emails };
        assert!(serde_json::to_string(&message).unwrap().len() <= bulletin::LONGEST);
    }
}
