//! The SMTP server: many connections, each a [`session`].

mod command;
mod read;
mod session;

use crate::world::Shared;
use session::Session;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Waits before accepting again when the system has no socket left.
const BREATH: Duration = Duration::from_millis(50);

/// Takes connections until the task is aborted, and with it every connection.
pub(crate) async fn serve(listener: TcpListener, world: Arc<Shared>) {
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    world.tallies.connections.add(1);
                    sessions.spawn(Session::new(stream, Arc::clone(&world)).run());
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection taken");
                    tokio::time::sleep(BREATH).await;
                }
            },
            Some(_) = sessions.join_next() => {}
        }
    }
}
