//! The API, one file a resource.

mod api_tokens;
mod audit;
mod channels;
mod clock;
pub(crate) mod emails;
mod identities;
mod invitations;
mod mailboxes;
mod me;
mod members;
mod password_resets;
mod people;
mod session;
mod setup;
mod step_outcome;
mod teams;
mod workspace;

use utoipa_axum::router::OpenApiRouter;

use crate::{app::App, live};

/// Every resource; paths are written without `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(api_tokens::routes())
        .merge(audit::routes())
        .merge(channels::routes())
        .merge(clock::routes())
        .merge(emails::routes())
        .merge(identities::routes())
        .merge(invitations::routes())
        .merge(mailboxes::routes())
        .merge(me::routes())
        .merge(members::routes())
        .merge(password_resets::routes())
        .merge(people::routes())
        .merge(session::routes())
        .merge(setup::routes())
        .merge(teams::routes())
        .merge(workspace::routes())
        .merge(live::routes())
}
