//! What came before its email had settled: a bounce can be quicker than the record of the acceptance, and copies may still
//! be on their way. It takes effect when they have.

use std::time::Duration;

use domain::{ReceivedId, Timestamp, WorkspaceId};
use store::{
    received::{self, Received},
    workspaces,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Engine, Result};

/// How long the worker sleeps between its rounds.
const PAUSE: Duration = Duration::from_secs(5);
/// How many are looked at at once.
const AT_ONCE: u32 = 50;

impl Engine {
    /// Lets what waits take effect, until `stop` is cancelled.
    pub(crate) async fn act_on_waiting_until(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
            if let Err(error) = self.act_on_waiting().await {
                tracing::error!(%error, "what waits is unknown; it goes on");
            }
        }
    }

    /// Lets everything take effect whose email has settled since it came. What cannot, waits on, and nothing else for it.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] when it is not known what waits.
    pub async fn act_on_waiting(&self) -> Result<()> {
        let mut tx = self.db().read().await?;
        let workspaces = workspaces::list(&mut tx).await?;
        drop(tx);
        for workspace in workspaces {
            self.act_on_waiting_of(workspace.id).await?;
        }
        Ok(())
    }

    /// Page by page, so that what cannot take effect is passed.
    async fn act_on_waiting_of(&self, workspace: WorkspaceId) -> Result<()> {
        let mut after = (Timestamp(i64::MIN), ReceivedId(Uuid::nil()));
        loop {
            let mut tx = self.db().read().await?;
            let waiting = received::waiting(&mut tx, workspace, after, AT_ONCE).await?;
            drop(tx);
            for received in &waiting {
                after = (received.at, received.id);
                if let Err(error) = self.let_take_effect(received).await {
                    tracing::error!(%error, %workspace, received = %received.id, "what came back could not take effect; it waits");
                }
            }
            if waiting.len() < AT_ONCE as usize {
                return Ok(());
            }
        }
    }

    async fn let_take_effect(&self, received: &Received) -> Result<()> {
        let (workspace, Some(email)) = (received.workspace_id, received.email_id) else { return Ok(()) };
        let mut tx = self.db().begin().await?;
        let mut email = store::emails::lock(&mut tx, workspace, email).await?;
        // Another node may have done it meanwhile.
        if !received::find(&mut tx, workspace, received.id).await?.waits {
            return Ok(());
        }
        let mut told = self.act_on(&mut tx, Some(&mut email), received).await?;
        told.push((email.owner_id, email.id));
        received::took_effect(&mut tx, workspace, received.id).await?;
        tx.commit().await?;
        self.tell_feeds(workspace, &told);
        self.tell_of(workspace, told);
        Ok(())
    }
}
