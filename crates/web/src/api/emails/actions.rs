//! What is done to one email or to many at once. An action is a resource: deleting it undoes it.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{EmailActionId, EmailId, TextEnum as _, Timestamp, reasons::WaitReason};
use engine::emails::{ActionForecast, ActionKind, ActionResult, Folder, SkipReason, Skipped, UndoResult};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, schema::Type},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
};

type ActionKindText = Text<ActionKind>;
type FolderText = Text<Folder>;
type SkipReasonText = Text<SkipReason>;
type WaitReasonText = Text<WaitReason>;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_email_action))
        .routes(routes!(forecast_email_action))
        .routes(routes!(undo_email_action))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmailActionInput)]
struct ActionInput {
    #[schema(schema_with = kinds_for_many)]
    action: ActionKindText,
    /// 1 to 1,000 emails; a forecast takes 10,000.
    #[schema(value_type = Vec<uuid::Uuid>)]
    email_ids: Vec<EmailId>,
    /// The new time; for `reschedule` only.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Where the emails were chosen: those that are no longer there are left as they are (`changed_since`).
    #[schema(inline)]
    folder: Option<FolderText>,
}

/// What is for one email only is answered, as what was done, and never asked for here.
fn kinds_for_many() -> Object {
    let kinds = ActionKind::ALL.iter().filter(|kind| kind.is_for_many()).map(|kind| kind.as_str());
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds)).build()
}

/// What an action did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmailAction)]
pub(crate) struct ActionView {
    /// `null` when there is nothing to undo.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    id: Option<EmailActionId>,
    action: ActionKindText,
    #[schema(value_type = Vec<uuid::Uuid>)]
    changed: Vec<EmailId>,
    skipped: Vec<SkippedView>,
    /// Until when it can be undone: the server's own deadline.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    undo_until: Option<Timestamp>,
}

/// An email that was left as it was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SkippedEmail)]
struct SkippedView {
    #[schema(value_type = uuid::Uuid)]
    id: EmailId,
    reason: SkipReasonText,
}

/// When the emails of an action would go.
#[derive(Serialize, ToSchema)]
#[schema(as = EmailActionForecast)]
struct ForecastView {
    /// The emails it would queue.
    count: u32,
    /// Those it would leave as they are.
    skipped: u32,
    /// When the last of them would leave; `null` when one of them would not, or there is none.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    last_at: Option<Timestamp>,
    /// What that one waits for; `null` when nothing holds it.
    #[schema(required)]
    reason: Option<WaitReasonText>,
    /// The figure of that limit, where it is one of the channel as a whole: 30 a minute.
    #[schema(required)]
    limit: Option<u32>,
}

/// What an undo did.
#[derive(Serialize, ToSchema)]
#[schema(as = UndoResult)]
struct UndoView {
    #[schema(value_type = Vec<uuid::Uuid>)]
    restored: Vec<EmailId>,
    skipped: Vec<SkippedView>,
}

impl From<ActionResult> for ActionView {
    fn from(result: ActionResult) -> Self {
        Self {
            id: result.id,
            action: Text(result.kind),
            changed: result.changed,
            skipped: skipped(result.skipped),
            undo_until: result.undo_until,
        }
    }
}

impl From<ActionForecast> for ForecastView {
    fn from(forecast: ActionForecast) -> Self {
        Self {
            count: forecast.count,
            skipped: forecast.skipped,
            last_at: forecast.last_at,
            reason: forecast.reason.map(Text),
            limit: forecast.limit,
        }
    }
}

fn skipped(skipped: Vec<Skipped>) -> Vec<SkippedView> {
    skipped.into_iter().map(|it| SkippedView { id: it.id, reason: Text(it.reason) }).collect()
}

/// Do something to one email or to many.
///
/// More than a thousand, such as a whole folder (`GET /emails/ids`), are done in portions, and undone in as many.
#[utoipa::path(post, path = "/email-actions", operation_id = "create_email_action", tag = "emails",
    request_body = ActionInput,
    responses((status = 200, body = ActionView), (status = "4XX", body = Problem)))]
async fn create_email_action(
    State(app): State<App>,
    caller: Caller,
    Json(input): Json<ActionInput>,
) -> Result<Json<ActionView>> {
    let ActionInput { action, email_ids, at, folder } = input;
    let folder = folder.map(|folder| folder.0);
    let result = app.engine.act_within(&caller.actor, folder, action.0, &email_ids, at).await?;
    Ok(Json(result.into()))
}

/// Foretell when the emails of an action would leave.
///
/// For `send_now`, `retry` and `reschedule`. Nothing is changed.
#[utoipa::path(post, path = "/email-actions/forecast", operation_id = "forecast_email_action", tag = "emails",
    request_body = ActionInput,
    responses((status = 200, body = ForecastView), (status = "4XX", body = Problem)))]
async fn forecast_email_action(
    State(app): State<App>,
    caller: Caller,
    Json(input): Json<ActionInput>,
) -> Result<Json<ForecastView>> {
    let ActionInput { action, email_ids, at, folder } = input;
    let folder = folder.map(|folder| folder.0);
    let forecast = app.engine.forecast_action(&caller.actor, folder, action.0, &email_ids, at).await?;
    Ok(Json(forecast.into()))
}

/// Undo what was done, as a whole.
///
/// Emails changed since are left as they are, and named.
#[utoipa::path(delete, path = "/email-actions/{id}", operation_id = "undo_email_action", tag = "emails",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = UndoView), (status = "4XX", body = Problem)))]
async fn undo_email_action(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EmailActionId>,
) -> Result<Json<UndoView>> {
    let UndoResult { restored, skipped: left } = app.engine.undo(&caller.actor, id).await?;
    Ok(Json(UndoView { restored, skipped: skipped(left) }))
}
