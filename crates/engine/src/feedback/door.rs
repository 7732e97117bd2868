//! The SMTP port: what comes to our own addresses is received, everything else is refused.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::{EmailId, TextEnum as _, WorkspaceId};
use mail::inbound::{Door, Letter, Options, Taken, Unavailable, serve};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::addresses::Address;
use crate::{
    Engine, Error,
    incoming::{Arrival, Source},
};

/// Whether this process has a port open.
#[derive(Default)]
pub(crate) struct PortState(AtomicBool);

impl PortState {
    pub(super) fn is_open(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Engine {
    /// Takes mail to our own addresses at `listener` until `stop` is cancelled and the messages under way are answered.
    pub async fn take_mail_until(self, listener: TcpListener, options: Options, stop: CancellationToken) {
        self.shared.port.0.store(true, Ordering::Relaxed);
        serve(listener, Reception(self), options, stop).await;
    }
}

/// The door behind the port.
struct Reception(Engine);

/// Whom one of our addresses stands for.
#[derive(Debug, Clone, Copy)]
struct Addressee {
    workspace: WorkspaceId,
    /// The sending whose return address it is; `None` for the address of complaints.
    sending: Option<(EmailId, u32)>,
}

impl Door for Reception {
    type Addressee = Addressee;

    async fn addressee(&self, address: &str) -> Result<Option<Addressee>, Unavailable> {
        let Some(read) = Address::parse(address) else { return Ok(None) };
        let workspaces = match self.workspaces().await {
            Ok(workspaces) => workspaces,
            Err(error) => {
                tracing::error!(%error, "whose a return address is cannot be looked up");
                return Err(Unavailable);
            }
        };
        let Some(workspace) = workspaces.into_iter().find(|id| read.is_made_by(*id, self.0.keys())) else {
            tracing::info!("a return address bears a signature that is not ours");
            return Ok(None);
        };
        if !read.is_current(self.0.now()) {
            tracing::info!(%workspace, "a return address is too old");
            return Ok(None);
        }
        let sending = match read {
            Address::Return { email, number, .. } => Some((email, number.into())),
            Address::Feedback { .. } => None,
        };
        Ok(Some(Addressee { workspace, sending }))
    }

    async fn take(&self, to: Addressee, letter: Letter) -> Result<Taken, Unavailable> {
        let engine = &self.0;
        let arrival = Arrival {
            workspace: to.workspace,
            source: Source::Port,
            at: engine.now(),
            raw: letter.raw,
            return_path: to.sending,
        };
        match engine.receive(arrival).await {
            Ok(received) => {
                let (kind, fate) = (received.kind, received.fate);
                metrics::counter!("quarterdeck_port_messages_total", "kind" => kind.as_str()).increment(1);
                tracing::info!(workspace = %to.workspace, %kind, ?fate, email = ?received.email, "a message came back");
                Ok(Taken::Recorded)
            }
            Err(Error::NotFound) => Ok(Taken::Nobodys),
            Err(error) => {
                tracing::error!(%error, "a message that came back cannot be recorded; its server tries again");
                Err(Unavailable)
            }
        }
    }
}

impl Reception {
    async fn workspaces(&self) -> crate::Result<Vec<WorkspaceId>> {
        let mut tx = self.0.db().read().await?;
        Ok(store::workspaces::list(&mut tx).await?.into_iter().map(|workspace| workspace.id).collect())
    }
}
