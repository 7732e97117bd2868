//! The workspace's settings.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use domain::{ChannelId, WorkspaceId};
use engine::workspace::WorkspaceChange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Caller,
    patch::nullable,
    problem::{Problem, Result},
    version::{if_match, tagged},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_workspace, edit_workspace))
}

/// The workspace.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Workspace {
    #[schema(value_type = uuid::Uuid)]
    id: WorkspaceId,
    version: i64,
    name: String,
    /// Whether views and clicks are tracked at all.
    tracking: bool,
    /// After how many hours of temporary refusals an email fails.
    give_up_after_h: u32,
    /// After how many days network addresses and programs of readers are dropped; verdicts stay.
    traces_days: u32,
    /// The channel invitations and password resets go through; without one, links are shown to be copied.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    system_channel_id: Option<ChannelId>,
    /// Where people open the interface; decided by the operator.
    public_url: String,
    /// Where pixels and links point; decided by the operator.
    tracking_url: String,
}

/// What changes about the workspace; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WorkspaceEdit {
    name: Option<String>,
    tracking: Option<bool>,
    give_up_after_h: Option<i64>,
    traces_days: Option<i64>,
    /// Null is none.
    #[serde(default, deserialize_with = "nullable")]
    #[expect(clippy::option_option, reason = "absent and null mean different things")]
    #[schema(value_type = Option<uuid::Uuid>)]
    system_channel_id: Option<Option<ChannelId>>,
}

fn shown(app: &App, workspace: engine::workspace::Workspace) -> Workspace {
    let settings = app.engine.settings();
    Workspace {
        id: workspace.id,
        version: workspace.version,
        name: workspace.name,
        tracking: workspace.tracking,
        give_up_after_h: workspace.give_up_after_h,
        traces_days: workspace.traces_days,
        system_channel_id: workspace.system_channel_id,
        public_url: settings.public_url.clone(),
        tracking_url: settings.tracking_url.clone(),
    }
}

/// Get the workspace
#[utoipa::path(
    get, path = "/workspace", operation_id = "get_workspace", tag = "workspace",
    responses((status = 200, body = Workspace))
)]
async fn get_workspace(State(app): State<App>, caller: Caller) -> Result<Response> {
    let workspace = shown(&app, app.engine.workspace(&caller.actor).await?);
    Ok(tagged(workspace.version, workspace))
}

/// Edit the workspace
#[utoipa::path(
    patch, path = "/workspace", operation_id = "edit_workspace", tag = "workspace",
    params(("If-Match" = String, Header)), request_body = WorkspaceEdit,
    responses((status = 200, body = Workspace), (status = 412, description = "Changed since; `current` holds the workspace."))
)]
async fn edit_workspace(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(said): Json<WorkspaceEdit>,
) -> Result<Response> {
    let WorkspaceEdit { name, tracking, give_up_after_h, traces_days, system_channel_id } = said;
    let change = WorkspaceChange { name, tracking, give_up_after_h, traces_days, system_channel_id };
    match app.engine.change_workspace(&caller.actor, if_match(&headers)?, change).await {
        Err(conflict @ engine::Error::Changed) => {
            let current = app.engine.workspace(&caller.actor).await?;
            Err(Problem::from(conflict).with_current(shown(&app, current)))
        }
        changed => {
            let workspace = shown(&app, changed?);
            Ok(tagged(workspace.version, workspace))
        }
    }
}
