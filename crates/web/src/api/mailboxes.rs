//! Mailboxes: where one's mail is read, and what was sent is kept.

mod connect;
mod reading;
mod test;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{MailboxId, Timestamp, channel::Security, provider::MailboxProvider};
use engine::mailboxes::{MailboxChange, MailboxView, folders};
use reading::MailboxReading;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    caller::Caller,
    patch::nullable,
    problem::{Problem, Result},
    text::Text,
    version::{if_match, tagged},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_mailboxes, create_mailbox))
        .routes(routes!(get_mailbox, edit_mailbox, delete_mailbox))
        .merge(connect::routes())
        .merge(test::routes())
}

type SecurityText = Text<Security>;
type MailboxProviderText = Text<MailboxProvider>;

/// A mailbox. Its password is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mailbox {
    #[schema(value_type = uuid::Uuid)]
    id: MailboxId,
    version: i64,
    name: String,
    host: String,
    port: u16,
    security: SecurityText,
    username: String,
    /// Whose consent opens it; null: a password.
    #[schema(required)]
    provider: Option<MailboxProviderText>,
    /// Whether new mail is read: replies, bounces, complaints.
    reads: bool,
    /// The folders it is read in; empty: the inbox, and the one that the server marks as junk.
    read_folders: Vec<String>,
    reading: MailboxReading,
    /// The folder for what was sent; null where it is found.
    #[schema(required)]
    sent_folder: Option<String>,
    /// Whether copies of what was sent are put there, because the provider keeps none.
    append_sent: bool,
    /// The addresses of the identities that name it.
    addresses: Vec<String>,
    /// When it was last visited without a problem.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    last_checked_at: Option<Timestamp>,
    #[schema(required)]
    problem: Option<MailboxProblem>,
}

/// What is wrong with a mailbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxProblem {
    /// A stable code.
    code: String,
    /// In the server's words where it said something.
    detail: String,
}

/// One's own mailboxes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxList {
    items: Vec<Mailbox>,
}

/// A mailbox as somebody describes it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailboxInput {
    name: String,
    host: String,
    port: i64,
    security: SecurityText,
    username: String,
    password: Option<String>,
    /// Without one it is found: by the server's mark, else by its name.
    sent_folder: Option<String>,
    /// True where the provider keeps no copies of what is sent.
    #[serde(default)]
    append_sent: bool,
    /// False: new mail is not read.
    #[serde(default = "yes")]
    reads: bool,
    /// Without any: the inbox, and the one that the server marks as junk.
    #[serde(default)]
    read_folders: Vec<String>,
}

fn yes() -> bool {
    true
}

/// What changes about a mailbox; absent fields stay. A mailbox with another host needs its password again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MailboxEdit {
    name: Option<String>,
    host: Option<String>,
    port: Option<i64>,
    security: Option<SecurityText>,
    username: Option<String>,
    password: Option<String>,
    /// Null: it is found.
    #[serde(default, deserialize_with = "nullable")]
    #[expect(clippy::option_option, reason = "absent and null mean different things")]
    sent_folder: Option<Option<String>>,
    append_sent: Option<bool>,
    reads: Option<bool>,
    read_folders: Option<Vec<String>>,
}

impl From<MailboxView> for Mailbox {
    fn from(view: MailboxView) -> Self {
        let reading = MailboxReading::from(&view);
        let MailboxView { mailbox, addresses, watch, .. } = view;
        let visit = mailbox.problem.clone().map(|code| (code, mailbox.problem_text.clone()));
        let watch = watch.and_then(|watch| Some((watch.problem?, watch.problem_text)));
        let problem = watch.or(visit);
        Self {
            provider: mailbox.provider.map(Text),
            reads: mailbox.reads,
            read_folders: folders(&mailbox),
            reading,
            id: mailbox.id,
            version: mailbox.version,
            name: mailbox.name,
            host: mailbox.host,
            port: mailbox.port,
            security: Text(mailbox.security),
            username: mailbox.username,
            sent_folder: mailbox.sent_folder,
            append_sent: mailbox.append_since.is_some(),
            addresses,
            last_checked_at: mailbox.last_checked_at,
            problem: problem.map(|(code, text)| MailboxProblem { code, detail: text.unwrap_or_default() }),
        }
    }
}

impl From<engine::mailboxes::Trouble> for MailboxProblem {
    fn from(trouble: engine::mailboxes::Trouble) -> Self {
        Self { code: trouble.code, detail: trouble.text }
    }
}

impl From<MailboxInput> for engine::mailboxes::MailboxInput {
    fn from(said: MailboxInput) -> Self {
        Self {
            name: said.name,
            host: said.host,
            port: said.port,
            security: said.security.0,
            username: said.username,
            password: said.password,
            sent_folder: said.sent_folder,
            append_sent: said.append_sent,
            reads: said.reads,
            read_folders: said.read_folders,
        }
    }
}

impl From<MailboxEdit> for MailboxChange {
    fn from(said: MailboxEdit) -> Self {
        Self {
            name: said.name,
            host: said.host,
            port: said.port,
            security: said.security.map(|security| security.0),
            username: said.username,
            password: said.password,
            sent_folder: said.sent_folder,
            append_sent: said.append_sent,
            reads: said.reads,
            read_folders: said.read_folders,
        }
    }
}

fn shown(view: MailboxView) -> Response {
    let version = view.mailbox.version;
    tagged(version, Mailbox::from(view))
}

/// List one's mailboxes
#[utoipa::path(
    get, path = "/mailboxes", operation_id = "list_mailboxes", tag = "mailboxes",
    responses((status = 200, body = MailboxList))
)]
async fn list_mailboxes(State(app): State<App>, caller: Caller) -> Result<Json<MailboxList>> {
    let mailboxes = app.engine.mailboxes(&caller.actor).await?;
    Ok(Json(MailboxList { items: mailboxes.into_iter().map(Mailbox::from).collect() }))
}

/// Create a mailbox
///
/// If it is the only one, the identities without a mailbox name it at once.
#[utoipa::path(
    post, path = "/mailboxes", operation_id = "create_mailbox", tag = "mailboxes",
    request_body = MailboxInput, responses((status = 201, body = Mailbox))
)]
async fn create_mailbox(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<MailboxInput>,
) -> Result<(StatusCode, Response)> {
    let made = app.engine.create_mailbox(&caller.actor, said.into()).await?;
    Ok((StatusCode::CREATED, shown(made)))
}

/// Get a mailbox
#[utoipa::path(
    get, path = "/mailboxes/{id}", operation_id = "get_mailbox", tag = "mailboxes",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Mailbox))
)]
async fn get_mailbox(State(app): State<App>, caller: Caller, Path(id): Path<MailboxId>) -> Result<Response> {
    Ok(shown(app.engine.mailbox(&caller.actor, id).await?))
}

/// Edit a mailbox
///
/// The problem of the last visit is forgotten: it is visited anew.
#[utoipa::path(
    patch, path = "/mailboxes/{id}", operation_id = "edit_mailbox", tag = "mailboxes",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)), request_body = MailboxEdit,
    responses((status = 200, body = Mailbox), (status = 412, description = "Changed since; `current` holds the mailbox."))
)]
async fn edit_mailbox(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<MailboxId>,
    headers: HeaderMap,
    Json(said): Json<MailboxEdit>,
) -> Result<Response> {
    match app.engine.change_mailbox(&caller.actor, id, if_match(&headers)?, said.into()).await {
        Err(conflict @ engine::Error::Changed) => {
            let current = app.engine.mailbox(&caller.actor, id).await?;
            Err(Problem::from(conflict).with_current(Mailbox::from(current)))
        }
        changed => Ok(shown(changed?)),
    }
}

/// Delete a mailbox
///
/// Identities that named it name none. What it told about emails stays told.
#[utoipa::path(
    delete, path = "/mailboxes/{id}", operation_id = "delete_mailbox", tag = "mailboxes",
    params(("id" = uuid::Uuid, Path)), responses((status = 204))
)]
async fn delete_mailbox(State(app): State<App>, caller: Caller, Path(id): Path<MailboxId>) -> Result<StatusCode> {
    app.engine.delete_mailbox(&caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
