//! News of changes, as server-sent events: what changed, never the data.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{FromRequestParts, State},
    http::request::Parts,
    response::sse::{Event, KeepAlive, Sse},
};
use domain::{EmailId, authorization::Actor, text_enum};
use engine::live::{Change, Topic};
use futures::{Stream, stream};
use serde::Serialize;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, caller::Caller, problem::Result, text::Text};

/// Keeps proxies from closing a connection on which nothing happens.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(15);

text_enum!(
    /// What to fetch anew.
    LiveTopic {
        /// Rows of the Command Center.
        Emails = "emails",
        /// Counts of its folders.
        Counts = "counts",
        /// Delivery channels.
        Channels = "channels",
        /// Mailboxes.
        Mailboxes = "mailboxes",
        /// Identities.
        Identities = "identities",
        /// The live feed, and how much of it is new.
        Feed = "feed",
        /// Who is not to be mailed.
        Stops = "stops",
        /// Sending domains and the tracking domain.
        Domains = "domains",
        /// The session, its user and workspace.
        Session = "session",
    }
);

type TopicText = Text<LiveTopic>;

/// A committed change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveChange {
    /// What to fetch anew.
    topics: Vec<TopicText>,
    /// Which emails changed; empty when it may be any.
    #[schema(value_type = Vec<uuid::Uuid>)]
    email_ids: Vec<EmailId>,
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(follow_changes))
}

/// Follow changes
///
/// A stream of server-sent events: `hello` at its start, then a `change` for each committed change. A listener that is too
/// slow hears that everything may have changed.
#[utoipa::path(
    get, path = "/live", operation_id = "follow_changes", tag = "live",
    responses((status = 200, description = "Data of each `change` event", body = LiveChange, content_type = "text/event-stream"))
)]
async fn follow_changes(
    State(app): State<App>,
    caller: Caller,
    Credentials(parts): Credentials,
) -> Sse<impl Stream<Item = std::result::Result<Event, Infallible>>> {
    let changes = app.engine.live().listen();
    let listener = Listener { app, parts, actor: caller.actor, changes, is_new: true };
    let events = stream::unfold(listener, |mut listener| async {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("heartbeat"))
}

/// What the caller showed, to look at again when their session changes.
struct Credentials(Parts);

impl FromRequestParts<App> for Credentials {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> std::result::Result<Self, Self::Rejection> {
        Ok(Self(parts.clone()))
    }
}

/// An open screen.
struct Listener {
    app: App,
    parts: Parts,
    actor: Actor,
    changes: Receiver<Change>,
    is_new: bool,
}

impl Listener {
    /// The next event; `None` when the server stops or the session has ended.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.is_new) {
            return Some(Event::default().event("hello").data("{}"));
        }
        let change = self.next_change().await?;
        Event::default().event("change").json_data(change).ok()
    }

    async fn next_change(&mut self) -> Option<LiveChange> {
        let stopping = self.app.options.stopping.clone();
        loop {
            let heard = tokio::select! {
                () = stopping.cancelled() => return None,
                heard = self.changes.recv() => heard,
            };
            match heard {
                Ok(change) if self.concerns(&change) => {
                    if change.topic == Topic::Session {
                        self.look_again().await.ok()?;
                    }
                    return Some(change.into());
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => {
                    self.look_again().await.ok()?;
                    return Some(LiveChange::everything());
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn concerns(&self, change: &Change) -> bool {
        let user = if change.topic == Topic::Session { self.actor.user } else { self.actor.seen_user() };
        change.workspace == self.actor.workspace && change.owner.is_none_or(|owner| owner == user)
    }

    /// Whether the session still holds, and whom it shows now.
    async fn look_again(&mut self) -> Result<()> {
        self.actor = Caller::from_request_parts(&mut self.parts, &self.app).await?.actor;
        Ok(())
    }
}

impl LiveChange {
    fn everything() -> Self {
        use domain::TextEnum;
        Self { topics: LiveTopic::ALL.iter().copied().map(Text).collect(), email_ids: Vec::new() }
    }
}

impl From<Change> for LiveChange {
    fn from(change: Change) -> Self {
        let topics = match change.topic {
            Topic::Emails => vec![Text(LiveTopic::Emails), Text(LiveTopic::Counts)],
            Topic::Channels => vec![Text(LiveTopic::Channels)],
            Topic::Mailboxes => vec![Text(LiveTopic::Mailboxes)],
            Topic::Identities => vec![Text(LiveTopic::Identities)],
            Topic::Feed => vec![Text(LiveTopic::Feed)],
            Topic::Stops => vec![Text(LiveTopic::Stops)],
            Topic::Domains => vec![Text(LiveTopic::Domains)],
            Topic::Session => vec![Text(LiveTopic::Session)],
        };
        Self { topics, email_ids: change.emails }
    }
}
