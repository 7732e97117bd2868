//! The API, one file a resource.

mod api_tokens;
mod audit;
mod blocked_domains;
mod channels;
mod clock;
mod conversation;
pub(crate) mod emails;
mod feed;
mod identities;
mod invitations;
mod mailboxes;
mod me;
mod members;
mod password_resets;
mod people;
mod providers;
mod sending_domains;
mod session;
mod setup;
mod step_outcome;
mod stops;
mod teams;
mod tracking_domain;
mod unsubscribe_message;
mod workspace;

use utoipa_axum::router::OpenApiRouter;

use crate::{app::App, live};

/// Every resource; paths are written without `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(api_tokens::routes())
        .merge(audit::routes())
        .merge(blocked_domains::routes())
        .merge(channels::routes())
        .merge(clock::routes())
        .merge(conversation::routes())
        .merge(emails::routes())
        .merge(feed::routes())
        .merge(identities::routes())
        .merge(invitations::routes())
        .merge(mailboxes::routes())
        .merge(me::routes())
        .merge(members::routes())
        .merge(password_resets::routes())
        .merge(people::routes())
        .merge(providers::routes())
        .merge(sending_domains::routes())
        .merge(session::routes())
        .merge(setup::routes())
        .merge(stops::routes())
        .merge(teams::routes())
        .merge(unsubscribe_message::routes())
        .merge(tracking_domain::routes())
        .merge(workspace::routes())
        .merge(live::routes())
}
