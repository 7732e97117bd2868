//! What is known about an uncertain email.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{EmailId, Timestamp};
use engine::mailboxes::{Search, Uncertainty};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    api::mailboxes::MailboxProblem,
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_uncertainty))
}

/// What is known about an email of which nobody knows whether it arrived.
#[derive(Serialize, ToSchema)]
#[schema(as = Uncertainty)]
struct UncertaintyView {
    /// The search for it in Sent; null where its identity names no mailbox.
    #[schema(required)]
    search: Option<SearchView>,
}

/// The search for an uncertain email in Sent. Not to find it there proves nothing.
#[derive(Serialize, ToSchema)]
#[schema(as = SentSearch)]
struct SearchView {
    /// The mailbox's name.
    mailbox: String,
    /// The folder that was looked into last.
    #[schema(required)]
    folder: Option<String>,
    /// When it was looked for last, in vain.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    looked_at: Option<Timestamp>,
    /// When it is looked for next; null when it is not, any more.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Sent cannot tell: a copy (CC, BCC) of the email left under the same id.
    cannot_tell: bool,
    /// What keeps us from looking.
    #[schema(required)]
    problem: Option<MailboxProblem>,
}

impl From<Search> for SearchView {
    fn from(search: Search) -> Self {
        Self {
            mailbox: search.mailbox,
            folder: search.folder,
            looked_at: search.looked_at,
            next_at: search.next_at,
            cannot_tell: search.cannot_tell,
            problem: search.trouble.map(MailboxProblem::from),
        }
    }
}

/// Get what is known about an uncertain email
///
/// Where it was looked for, and when it is looked for again.
#[utoipa::path(get, path = "/emails/{id}/uncertain", operation_id = "get_uncertainty", tag = "emails",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = UncertaintyView), (status = "4XX", body = Problem)))]
async fn get_uncertainty(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EmailId>,
) -> Result<Json<UncertaintyView>> {
    let Uncertainty { search } = app.engine.uncertainty(&caller.actor, id).await?;
    Ok(Json(UncertaintyView { search: search.map(SearchView::from) }))
}
