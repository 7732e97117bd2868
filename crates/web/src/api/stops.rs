//! Stops: who is not to be mailed, why, and how it came about.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use domain::{
    EmailId, PersonId, StopChangeId, StopId, Timestamp, UserId,
    person::full_name,
    stops::{Change, Motive, ResumeReason, StopCause, StopSource},
};
use engine::stops::{Changed, Listed, PersonStops};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::emails::ActionView;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
};

type CauseText = Text<StopCause>;
type SourceText = Text<StopSource>;
type MotiveText = Text<Motive>;
type ResumeReasonText = Text<ResumeReason>;

/// Rows on a page unless the caller says otherwise, and at most.
const ROWS: u64 = 50;
const MAX_ROWS: u64 = 200;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_stops))
        .routes(routes!(resume_stop))
        .routes(routes!(list_stops_of_person))
        .routes(routes!(unsubscribe_person))
}

/// Why somebody is not to be mailed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stop)]
struct StopView {
    #[schema(value_type = uuid::Uuid)]
    id: StopId,
    address: String,
    /// The person whose address it is, as far as known.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    person_id: Option<PersonId>,
    /// Their name, if they have one.
    #[schema(required)]
    person_name: Option<String>,
    cause: CauseText,
    /// Whether all addresses of the person are meant, not this one alone.
    whole_person: bool,
    /// The user whose mail alone is held back; `null`: everybody's.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    only_sender: Option<UserId>,
    source: SourceText,
    /// What the recipient chose as the reason.
    #[schema(required)]
    motive: Option<MotiveText>,
    /// What was said about it: the recipient's, the server's or the user's words.
    #[schema(required)]
    note: Option<String>,
    /// The user who did it.
    #[schema(required)]
    by: Option<String>,
    /// The subject of the email it came from.
    #[schema(required)]
    subject: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Stops, newest first.
#[derive(Debug, Serialize, ToSchema)]
struct StopPage {
    items: Vec<StopView>,
    /// Asks for the next page, as `before`; `null` on the last.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    next: Option<StopId>,
}

/// Something that happened to a stop: mail stopped, or went again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StopChange)]
struct ChangeView {
    #[schema(value_type = uuid::Uuid)]
    id: StopChangeId,
    /// Whether mail went again; else it stopped.
    resumed: bool,
    /// Whether the stop that began here still holds.
    holds: bool,
    address: String,
    cause: CauseText,
    #[schema(required, value_type = Option<uuid::Uuid>)]
    only_sender: Option<UserId>,
    source: SourceText,
    #[schema(required)]
    motive: Option<MotiveText>,
    /// Why mail went again.
    #[schema(required)]
    resume_reason: Option<ResumeReasonText>,
    #[schema(required)]
    note: Option<String>,
    /// The user who did it.
    #[schema(required)]
    by: Option<String>,
    /// The email it came from, if it is one's own.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    email_id: Option<EmailId>,
    #[schema(required)]
    subject: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Why a person is not to be mailed, and how that came about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PersonStops)]
struct PersonStopsView {
    /// What holds now, newest first.
    holding: Vec<StopView>,
    /// What ever happened, newest first.
    history: Vec<ChangeView>,
}

/// Which stops to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StopQuery {
    /// Looked for in addresses and names.
    q: Option<String>,
    /// The `next` of the page before.
    #[param(value_type = Option<uuid::Uuid>)]
    before: Option<StopId>,
    /// 1 to 200; 50 when absent.
    limit: Option<u64>,
}

/// Why mail goes again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Resume {
    reason: ResumeReasonText,
    /// At most 1,000 characters. With `consented` it says where the consent can be seen.
    #[serde(default)]
    note: String,
}

/// Why a user unsubscribes a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnsubscribeInput {
    /// The email that was looked at; its history shows it then.
    #[schema(value_type = Option<uuid::Uuid>)]
    email_id: Option<EmailId>,
    /// At most 1,000 characters.
    #[serde(default)]
    note: String,
}

impl From<Listed> for StopView {
    fn from(listed: Listed) -> Self {
        let stop = listed.stop;
        Self {
            id: stop.id,
            address: stop.address,
            person_id: stop.person_id,
            person_name: full_name(listed.first_name.as_deref(), listed.last_name.as_deref()),
            cause: Text(stop.cause),
            whole_person: stop.cause.concerns_person(),
            only_sender: stop.scope.sender(),
            source: Text(stop.source),
            motive: stop.motive.map(Text),
            note: stop.note,
            by: listed.by_name,
            subject: listed.subject,
            at: stop.at,
        }
    }
}

impl From<Changed> for ChangeView {
    fn from(changed: Changed) -> Self {
        let change = changed.change;
        Self {
            id: change.id,
            resumed: change.change == Change::Resumed,
            holds: changed.holds,
            address: change.address,
            cause: Text(change.cause),
            only_sender: change.scope.sender(),
            source: Text(change.source),
            motive: change.motive.map(Text),
            resume_reason: change.resume_reason.map(Text),
            note: change.note,
            by: changed.by_name,
            email_id: change.email_id,
            subject: changed.subject,
            at: change.at,
        }
    }
}

impl From<PersonStops> for PersonStopsView {
    fn from(stops: PersonStops) -> Self {
        Self {
            holding: stops.holding.into_iter().map(StopView::from).collect(),
            history: stops.history.into_iter().map(ChangeView::from).collect(),
        }
    }
}

/// List who is not to be mailed
///
/// Newest first. An administrator sees everybody of the workspace, others see their own people.
#[utoipa::path(
    get, path = "/stops", operation_id = "list_stops", tag = "stops",
    params(StopQuery), responses((status = 200, body = StopPage))
)]
async fn list_stops(State(app): State<App>, caller: Caller, Query(query): Query<StopQuery>) -> Result<Json<StopPage>> {
    let limit = query.limit.unwrap_or(ROWS).clamp(1, MAX_ROWS);
    let found = app.engine.stops(&caller.actor, query.q.as_deref(), query.before, limit).await?;
    let is_full = found.len() as u64 == limit;
    let next = found.last().map(|last| last.stop.id).filter(|_| is_full);
    Ok(Json(StopPage { items: found.into_iter().map(StopView::from).collect(), next }))
}

/// Let mail go again
///
/// Administrators only. Reason and note are kept in the person's history and in the audit record.
#[utoipa::path(
    post, path = "/stops/{id}/resume", operation_id = "resume_stop", tag = "stops",
    params(("id" = uuid::Uuid, Path)), request_body = Resume,
    responses((status = 204), (status = "4XX", body = Problem))
)]
async fn resume_stop(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<StopId>,
    Json(said): Json<Resume>,
) -> Result<StatusCode> {
    app.engine.resume(&caller.actor, id, said.reason.0, &said.note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List why a person is not to be mailed
///
/// What holds now, and everything that ever happened to it.
#[utoipa::path(
    get, path = "/people/{id}/stops", operation_id = "list_stops_of_person", tag = "stops",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = PersonStopsView))
)]
async fn list_stops_of_person(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<PersonId>,
) -> Result<Json<PersonStopsView>> {
    Ok(Json(app.engine.stops_of_person(&caller.actor, id).await?.into()))
}

/// Unsubscribe a person
///
/// All their addresses, from everybody's mail; what waits for them fails. Undone like any other action, for ten minutes;
/// later an administrator resumes. 409 with the reason `stopped_already` when they are unsubscribed.
#[utoipa::path(
    post, path = "/people/{id}/unsubscribe", operation_id = "unsubscribe_person", tag = "stops",
    params(("id" = uuid::Uuid, Path)), request_body = UnsubscribeInput,
    responses((status = 200, body = ActionView), (status = "4XX", body = Problem))
)]
async fn unsubscribe_person(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<PersonId>,
    Json(said): Json<UnsubscribeInput>,
) -> Result<Json<ActionView>> {
    let result = app.engine.unsubscribe_by_hand(&caller.actor, id, said.email_id, &said.note).await?;
    Ok(Json(result.into()))
}
