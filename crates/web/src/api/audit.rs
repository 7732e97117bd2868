//! The audit record.

use axum::{
    Json,
    extract::{Query, State},
};
use domain::{AuditId, Timestamp};
use engine::accounts::audit::{AuditAction, AuditEntry};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::session::UserName;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
};

/// Lines on a page unless the caller says otherwise, and at most.
const LINES: u32 = 50;
const MAX_LINES: u32 = 200;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit_records))
}

type ActionText = Text<AuditAction>;

/// One line: who did what, when, from where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditRecord {
    #[schema(value_type = uuid::Uuid)]
    id: AuditId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `null`: at the command line, or somebody not signed in.
    #[schema(required)]
    actor: Option<UserName>,
    /// The network address.
    #[schema(required)]
    ip: Option<String>,
    action: ActionText,
    target_kind: String,
    target_id: String,
    #[schema(required, value_type = Option<std::collections::HashMap<String, Value>>)]
    before: Option<Value>,
    #[schema(required, value_type = Option<std::collections::HashMap<String, Value>>)]
    after: Option<Value>,
}

/// A page of lines, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    items: Vec<AuditRecord>,
    /// Asks for the next page; `null` on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl From<AuditEntry> for AuditRecord {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor: entry.actor.map(|(id, name)| UserName { id, name }),
            ip: entry.ip,
            action: Text(entry.action),
            target_kind: entry.target_kind,
            target_id: entry.target_id,
            before: entry.before,
            after: entry.after,
        }
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<AuditId>,
    /// At most so many lines; 50 unless said, 200 at most.
    limit: Option<u32>,
}

/// Read the audit record
#[utoipa::path(
    get, path = "/audit", operation_id = "list_audit_records", tag = "audit",
    params(AuditQuery), responses((status = 200, body = AuditPage), (status = "4XX", body = Problem))
)]
async fn list_audit_records(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<AuditQuery>,
) -> Result<Json<AuditPage>> {
    let limit = query.limit.unwrap_or(LINES).clamp(1, MAX_LINES);
    let mut entries = app.engine.audit(&caller.actor, query.cursor, limit + 1).await?;
    let has_more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next_cursor = entries.last().filter(|_| has_more).map(|last| last.id.to_string());
    Ok(Json(AuditPage { items: entries.into_iter().map(AuditRecord::from).collect(), next_cursor }))
}
