//! Blocked domains: nobody in the workspace writes there.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::session::UserName;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_blocked_domains, block_domain)).routes(routes!(unblock_domain))
}

/// A blocked domain.
#[derive(Debug, Serialize, ToSchema)]
struct BlockedDomain {
    domain: String,
    by: UserName,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// The blocked domains, by name.
#[derive(Debug, Serialize, ToSchema)]
struct BlockedDomainList {
    items: Vec<BlockedDomain>,
}

/// A domain to be blocked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DomainInput {
    /// `rival.example`; an address or a URL of it will do.
    domain: String,
}

/// What came of blocking a domain.
#[derive(Debug, Serialize, ToSchema)]
struct DomainBlocked {
    /// The domain as it was understood.
    domain: String,
    /// How many emails waited for it, of everybody in the workspace, and failed.
    failed: usize,
}

/// List blocked domains
#[utoipa::path(
    get, path = "/blocked-domains", operation_id = "list_blocked_domains", tag = "stops",
    responses((status = 200, body = BlockedDomainList), (status = "4XX", body = Problem))
)]
async fn list_blocked_domains(State(app): State<App>, caller: Caller) -> Result<Json<BlockedDomainList>> {
    let found = app.engine.blocked_domains(&caller.actor).await?;
    let items = found.into_iter().map(|it| {
        let (id, name) = it.by;
        BlockedDomain { domain: it.domain, by: UserName { id, name }, at: it.at }
    });
    Ok(Json(BlockedDomainList { items: items.collect() }))
}

/// Block a domain
///
/// And everything below it, for everybody, whatever the email is for. What waits for it fails.
#[utoipa::path(
    post, path = "/blocked-domains", operation_id = "block_domain", tag = "stops", request_body = DomainInput,
    responses((status = 200, body = DomainBlocked), (status = "4XX", body = Problem))
)]
async fn block_domain(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<DomainInput>,
) -> Result<Json<DomainBlocked>> {
    let engine::stops::DomainBlocked { domain, failed } = app.engine.block_domain(&caller.actor, &said.domain).await?;
    Ok(Json(DomainBlocked { domain, failed }))
}

/// Unblock a domain
///
/// What failed because of it stays failed and can be retried.
#[utoipa::path(
    delete, path = "/blocked-domains/{domain}", operation_id = "unblock_domain", tag = "stops",
    params(("domain" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem))
)]
async fn unblock_domain(State(app): State<App>, caller: Caller, Path(domain): Path<String>) -> Result<StatusCode> {
    app.engine.unblock_domain(&caller.actor, &domain).await?;
    Ok(StatusCode::NO_CONTENT)
}
