//! Emails: the Command Center's rows, drafts, sending, and what is done to them.

mod actions;
mod attachments;
mod drafts;
mod failure;
mod lists;
mod messages;
mod sending;
mod uncertain;
mod views;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub(crate) use actions::ActionView;
pub(crate) use views::CheckView;
pub(crate) use views::LineView;
pub(crate) use views::{CopyView, EventView, RowView};

/// The routes of emails and of what is done to them.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(lists::routes())
        .merge(drafts::routes())
        .merge(sending::routes())
        .merge(uncertain::routes())
        .merge(messages::routes())
        .merge(attachments::routes())
        .merge(actions::routes())
}
