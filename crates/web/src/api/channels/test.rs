//! Trying channels out.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::ChannelId;
use engine::channels::{Probe, ProbeStep, Step};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{ChannelEdit, ChannelInput};
use crate::{api::step_outcome::StepOutcome, app::App, caller::Caller, problem::Result, text::Text};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(test_described_channel)).routes(routes!(test_channel))
}

type StepText = Text<Step>;

/// What came of trying a channel out.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelTest {
    /// Whether mail could be sent.
    ok: bool,
    /// Every step that was taken; only the last can have failed.
    steps: Vec<ChannelTestStep>,
    /// The largest message the server takes, in bytes, where it says so.
    #[schema(required)]
    size_limit: Option<u64>,
}

/// A step of making and ending a connection.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelTestStep {
    step: StepText,
    #[serde(flatten)]
    outcome: StepOutcome,
}

impl From<Probe> for ChannelTest {
    fn from(probe: Probe) -> Self {
        Self {
            ok: probe.is_ok(),
            size_limit: probe.size_limit.filter(|limit| *limit > 0),
            steps: probe.steps.into_iter().map(ChannelTestStep::from).collect(),
        }
    }
}

impl From<ProbeStep> for ChannelTestStep {
    fn from(step: ProbeStep) -> Self {
        Self { step: Text(step.step), outcome: StepOutcome::from(step) }
    }
}

/// Try out a channel that is not saved yet
#[utoipa::path(
    post, path = "/channels/test", operation_id = "test_described_channel", tag = "channels",
    request_body = ChannelInput, responses((status = 200, body = ChannelTest))
)]
async fn test_described_channel(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<ChannelInput>,
) -> Result<Json<ChannelTest>> {
    Ok(Json(app.engine.test_described_channel(&caller.actor, said.into()).await?.into()))
}

/// Try out a channel
///
/// Connects as mail would, signs in and takes leave; sends nothing. With a body: as the channel would be after that change,
/// which is not made. A kept password is used for the server it was given for.
#[utoipa::path(
    post, path = "/channels/{id}/test", operation_id = "test_channel", tag = "channels",
    params(("id" = uuid::Uuid, Path)), request_body = Option<ChannelEdit>,
    responses((status = 200, body = ChannelTest))
)]
async fn test_channel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
    change: Option<Json<Option<ChannelEdit>>>,
) -> Result<Json<ChannelTest>> {
    let tried = match change.and_then(|Json(change)| change) {
        Some(change) => app.engine.test_changed_channel(&caller.actor, id, change.into()).await?,
        None => app.engine.test_channel(&caller.actor, id).await?,
    };
    Ok(Json(tried.into()))
}
