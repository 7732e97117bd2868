//! The API, one file a resource.

mod api_tokens;
mod audit;
pub mod emails;
mod invitations;
mod me;
mod members;
mod password_resets;
mod session;
mod setup;
mod teams;

use utoipa_axum::router::OpenApiRouter;

use crate::{app::App, live};

/// Every resource; paths are written without `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(api_tokens::routes())
        .merge(audit::routes())
        .merge(emails::routes())
        .merge(invitations::routes())
        .merge(me::routes())
        .merge(members::routes())
        .merge(password_resets::routes())
        .merge(session::routes())
        .merge(setup::routes())
        .merge(teams::routes())
        .merge(live::routes())
}
