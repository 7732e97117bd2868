//! Trying mailboxes out.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::MailboxId;
use engine::mailboxes::{MailboxStep, Probe, ProbeStep};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{MailboxEdit, MailboxInput};
use crate::{api::step_outcome::StepOutcome, app::App, caller::Caller, problem::Result, text::Text};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(test_described_mailbox)).routes(routes!(test_mailbox))
}

/// A step of opening a mailbox and leaving it.
type MailboxStepText = Text<MailboxStep>;

/// What came of trying a mailbox out.
#[derive(Debug, Serialize, ToSchema)]
struct MailboxTest {
    /// Whether it can be used.
    ok: bool,
    /// Every step that was taken; only the last can have failed.
    steps: Vec<MailboxTestStep>,
    /// The folder for what was sent, once it is found.
    #[schema(required)]
    sent_folder: Option<String>,
}

/// A step of opening a mailbox and leaving it.
#[derive(Debug, Serialize, ToSchema)]
struct MailboxTestStep {
    step: MailboxStepText,
    #[serde(flatten)]
    outcome: StepOutcome,
}

impl From<Probe> for MailboxTest {
    fn from(probe: Probe) -> Self {
        Self {
            ok: probe.is_ok(),
            sent_folder: probe.sent_folder,
            steps: probe.steps.into_iter().map(MailboxTestStep::from).collect(),
        }
    }
}

impl From<ProbeStep<MailboxStep>> for MailboxTestStep {
    fn from(step: ProbeStep<MailboxStep>) -> Self {
        Self { step: Text(step.step), outcome: StepOutcome::from(step) }
    }
}

/// Try out a mailbox that is not saved yet
#[utoipa::path(
    post, path = "/mailboxes/test", operation_id = "test_described_mailbox", tag = "mailboxes",
    request_body = MailboxInput, responses((status = 200, body = MailboxTest))
)]
async fn test_described_mailbox(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<MailboxInput>,
) -> Result<Json<MailboxTest>> {
    Ok(Json(app.engine.test_described_mailbox(&caller.actor, said.into()).await?.into()))
}

/// Try out a mailbox
///
/// Signs in, opens the folder for what was sent to read, and takes leave; changes nothing. With a body: as the mailbox would
/// be after that change, which is not made. A kept password is used for the server it was given for.
#[utoipa::path(
    post, path = "/mailboxes/{id}/test", operation_id = "test_mailbox", tag = "mailboxes",
    params(("id" = uuid::Uuid, Path)), request_body = Option<MailboxEdit>,
    responses((status = 200, body = MailboxTest))
)]
async fn test_mailbox(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<MailboxId>,
    change: Option<Json<Option<MailboxEdit>>>,
) -> Result<Json<MailboxTest>> {
    let tried = match change.and_then(|Json(change)| change) {
        Some(change) => app.engine.test_changed_mailbox(&caller.actor, id, change.into()).await?,
        None => app.engine.test_mailbox(&caller.actor, id).await?,
    };
    Ok(Json(tried.into()))
}
