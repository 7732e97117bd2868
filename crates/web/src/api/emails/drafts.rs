//! Drafts: making, reading, editing.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{EmailId, IdentityId, PersonId, ReceivedId};
use engine::emails::{Beginning, DYNAMIC_FIELDS, DraftChange, EmailDetails};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::views::{CopyView, DetailsView};
use crate::{
    app::App,
    caller::Caller,
    patch::nullable,
    problem::{Problem, Result},
    version::{if_match, tagged},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_email))
        .routes(routes!(find_email, edit_email))
        .routes(routes!(list_dynamic_fields))
}

/// What is written in a draft. Absent fields stay as they are; `null` takes a choice back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent and null mean different things")]
struct DraftInput {
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<uuid::Uuid>)]
    identity_id: Option<Option<IdentityId>>,
    /// The one person in To.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<uuid::Uuid>)]
    person_id: Option<Option<PersonId>>,
    cc: Option<Vec<CopyView>>,
    bcc: Option<Vec<CopyView>>,
    /// At most 500 characters, with dynamic fields.
    subject: Option<String>,
    /// At most 1 MB, with dynamic fields. Unsafe HTML is removed, and `removed` says what.
    body_html: Option<String>,
    tracked: Option<bool>,
    /// Whether it may also reach people who unsubscribed.
    non_commercial: Option<bool>,
    /// On creation only: the email this one follows up.
    #[schema(value_type = Option<uuid::Uuid>)]
    follow_up_of: Option<EmailId>,
    /// On creation only: the received message this one answers.
    #[schema(value_type = Option<uuid::Uuid>)]
    reply_to: Option<ReceivedId>,
    /// On creation only: the email whose latest reply this one answers.
    #[schema(value_type = Option<uuid::Uuid>)]
    reply_of: Option<EmailId>,
    /// On creation only: the email whose words and files this one begins with, to somebody else.
    #[schema(value_type = Option<uuid::Uuid>)]
    copy_of: Option<EmailId>,
}

impl DraftInput {
    /// The message comes before the email that it belongs to.
    fn beginning(&self) -> Beginning {
        match (self.reply_to, self.reply_of, self.follow_up_of, self.copy_of) {
            (Some(received), ..) => Beginning::Reply(received),
            (None, Some(email), ..) => Beginning::ReplyOf(email),
            (None, None, Some(email), _) => Beginning::FollowUp(email),
            (None, None, None, Some(email)) => Beginning::Copy(email),
            (None, None, None, None) => Beginning::Blank,
        }
    }
}

impl From<DraftInput> for DraftChange {
    fn from(input: DraftInput) -> Self {
        let copies = |copies: Vec<CopyView>| copies.into_iter().map(Into::into).collect();
        Self {
            identity_id: input.identity_id,
            person_id: input.person_id,
            cc: input.cc.map(copies),
            bcc: input.bcc.map(copies),
            subject: input.subject,
            body_html: input.body_html,
            tracked: input.tracked,
            non_commercial: input.non_commercial,
        }
    }
}

/// The dynamic fields and filters there are.
#[derive(Serialize, ToSchema)]
struct DynamicFields {
    items: Vec<FieldView>,
    filters: Vec<FieldView>,
}

/// A dynamic field or filter.
#[derive(Serialize, ToSchema)]
#[schema(as = DynamicField)]
struct FieldView {
    name: String,
    example: String,
}

async fn answer(app: &App, details: EmailDetails) -> Result<Response> {
    let view = DetailsView::of(&app.engine, details).await?;
    Ok(tagged(view.version(), view))
}

/// Save a new draft.
///
/// With `follow_up_of` the original is quoted, its person in To, and the email stays in its thread. With `reply_to` or
/// `reply_of` a received message is quoted without what watches its reader, and answered where it came from. 409 with the
/// reason `never_sent`, `no_reply` or `no_sender` when there is nothing to go on from.
#[utoipa::path(post, path = "/emails", operation_id = "create_email", tag = "emails", request_body = DraftInput,
    responses((status = 201, body = DetailsView), (status = "4XX", body = Problem)))]
async fn create_email(State(app): State<App>, caller: Caller, Json(input): Json<DraftInput>) -> Result<Response> {
    let beginning = input.beginning();
    let details = app.engine.begin_draft(&caller.actor, beginning, input.into()).await?;
    Ok((StatusCode::CREATED, answer(&app, details).await?).into_response())
}

/// Read everything about an email.
#[utoipa::path(get, path = "/emails/{id}", operation_id = "find_email", tag = "emails",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DetailsView), (status = "4XX", body = Problem)))]
async fn find_email(State(app): State<App>, caller: Caller, Path(id): Path<EmailId>) -> Result<Response> {
    let details = app.engine.email(&caller.actor, id).await?;
    answer(&app, details).await
}

/// Edit a draft.
///
/// When it was changed elsewhere the answer is 412 with the draft as it is now in `current`; nothing is lost.
#[utoipa::path(patch, path = "/emails/{id}", operation_id = "edit_email", tag = "emails",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "the version edited")),
    request_body = DraftInput,
    responses((status = 200, body = DetailsView), (status = "4XX", body = Problem)))]
async fn edit_email(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EmailId>,
    headers: HeaderMap,
    Json(input): Json<DraftInput>,
) -> Result<Response> {
    let version = if_match(&headers)?;
    match app.engine.edit_draft(&caller.actor, id, version, input.into()).await {
        Ok(details) => answer(&app, details).await,
        Err(engine::Error::Changed) => {
            let current = DetailsView::of(&app.engine, app.engine.email(&caller.actor, id).await?).await?;
            Err(Problem::from(engine::Error::Changed).with_current(current))
        }
        Err(error) => Err(error.into()),
    }
}

/// List the dynamic fields.
#[utoipa::path(get, path = "/dynamic-fields", operation_id = "list_dynamic_fields", tag = "emails",
    responses((status = 200, body = DynamicFields), (status = "4XX", body = Problem)))]
async fn list_dynamic_fields(_caller: Caller) -> Json<DynamicFields> {
    let view = |name: &str, example: &str| FieldView { name: name.to_owned(), example: example.to_owned() };
    Json(DynamicFields {
        items: DYNAMIC_FIELDS.iter().map(|field| view(field.name, field.example)).collect(),
        filters: engine::emails::FILTERS.iter().map(|filter| view(filter.name, filter.example)).collect(),
    })
}
