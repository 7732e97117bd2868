//! Identities: the names and addresses one sends as.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{ChannelId, IdentityId, MailboxId, Timestamp};
use engine::identities::{IdentityChange, IdentityView, NewIdentity};
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
    OpenApiRouter::new()
        .routes(routes!(list_identities, create_identity))
        .routes(routes!(verify_identity))
        .routes(routes!(edit_identity, delete_identity))
        .routes(routes!(mail_verification))
}

/// A name and address one sends as.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Identity {
    #[schema(value_type = uuid::Uuid)]
    id: IdentityId,
    version: i64,
    name: String,
    address: String,
    signature_html: String,
    /// The channel its mail goes through.
    #[schema(required)]
    channel: Option<ChannelName>,
    /// The mailbox its sent mail is kept in.
    #[schema(required)]
    mailbox: Option<MailboxName>,
    /// Before this it cannot be sent as.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
    verification: Verification,
    /// Whether a new email begins with it.
    default: bool,
}

/// A channel by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelName {
    #[schema(value_type = uuid::Uuid)]
    id: ChannelId,
    name: String,
}

/// A mailbox by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailboxName {
    #[schema(value_type = uuid::Uuid)]
    id: MailboxId,
    name: String,
}

/// What became of the link that verifies an address.
#[derive(Debug, Serialize, ToSchema)]
struct Verification {
    /// When it was mailed last.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// Why it could not be mailed, in the server's words where it said something.
    #[schema(required)]
    problem: Option<String>,
}

/// One's own identities.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityList {
    items: Vec<Identity>,
}

/// An identity as somebody describes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IdentityInput {
    name: String,
    address: String,
    #[serde(default)]
    signature_html: String,
    /// Without one, the obvious channel is used where there is one.
    #[schema(value_type = Option<uuid::Uuid>)]
    channel_id: Option<ChannelId>,
    /// Without one, the only mailbox is used where there is just one.
    #[schema(value_type = Option<uuid::Uuid>)]
    mailbox_id: Option<MailboxId>,
}

/// What changes about an identity; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct IdentityEdit {
    name: Option<String>,
    signature_html: Option<String>,
    /// Null takes the channel away.
    #[serde(default, deserialize_with = "nullable")]
    #[expect(clippy::option_option, reason = "absent and null mean different things")]
    #[schema(value_type = Option<uuid::Uuid>)]
    channel_id: Option<Option<ChannelId>>,
    /// Null takes the mailbox away.
    #[serde(default, deserialize_with = "nullable")]
    #[expect(clippy::option_option, reason = "absent and null mean different things")]
    #[schema(value_type = Option<uuid::Uuid>)]
    mailbox_id: Option<Option<MailboxId>>,
    /// True makes it the one new emails begin with.
    #[serde(default)]
    default: bool,
}

/// What a mailed link carries.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerificationToken {
    token: String,
}

impl From<IdentityView> for Identity {
    fn from(IdentityView { identity, channel_name, mailbox_name }: IdentityView) -> Self {
        Self {
            id: identity.id,
            version: identity.version,
            name: identity.name,
            address: identity.address,
            signature_html: identity.signature_html,
            channel: identity.channel_id.zip(channel_name).map(|(id, name)| ChannelName { id, name }),
            mailbox: identity.mailbox_id.zip(mailbox_name).map(|(id, name)| MailboxName { id, name }),
            verified_at: identity.verified_at,
            verification: Verification {
                sent_at: identity.verification_sent_at,
                problem: identity.verification_problem,
            },
            default: identity.is_default,
        }
    }
}

fn shown(view: IdentityView) -> Response {
    let version = view.identity.version;
    tagged(version, Identity::from(view))
}

/// List one's identities
#[utoipa::path(
    get, path = "/identities", operation_id = "list_identities", tag = "identities",
    responses((status = 200, body = IdentityList))
)]
async fn list_identities(State(app): State<App>, caller: Caller) -> Result<Json<IdentityList>> {
    let identities = app.engine.identities(&caller.actor).await?;
    Ok(Json(IdentityList { items: identities.into_iter().map(Identity::from).collect() }))
}

/// Create an identity
///
/// The link that verifies it is mailed at once, through the channel it will use.
#[utoipa::path(
    post, path = "/identities", operation_id = "create_identity", tag = "identities",
    request_body = IdentityInput, responses((status = 201, body = Identity))
)]
async fn create_identity(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<IdentityInput>,
) -> Result<(StatusCode, Response)> {
    let IdentityInput { name, address, signature_html, channel_id, mailbox_id } = said;
    let wanted = NewIdentity { name, address, signature_html, channel_id, mailbox_id };
    Ok((StatusCode::CREATED, shown(app.engine.create_identity(&caller.actor, wanted).await?)))
}

/// Edit an identity
///
/// It stays verified: its address cannot change.
#[utoipa::path(
    patch, path = "/identities/{id}", operation_id = "edit_identity", tag = "identities",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)), request_body = IdentityEdit,
    responses((status = 200, body = Identity), (status = 412, description = "Changed since; `current` holds the identity."))
)]
async fn edit_identity(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IdentityId>,
    headers: HeaderMap,
    Json(said): Json<IdentityEdit>,
) -> Result<Response> {
    let IdentityEdit { name, signature_html, channel_id, mailbox_id, default } = said;
    let change = IdentityChange { name, signature_html, channel_id, mailbox_id, make_default: default };
    match app.engine.change_identity(&caller.actor, id, if_match(&headers)?, change).await {
        Err(conflict @ engine::Error::Changed) => {
            let current = app.engine.identity(&caller.actor, id).await?;
            Err(Problem::from(conflict).with_current(Identity::from(current)))
        }
        changed => Ok(shown(changed?)),
    }
}

/// Delete an identity
///
/// What was sent as it keeps its name.
#[utoipa::path(
    delete, path = "/identities/{id}", operation_id = "delete_identity", tag = "identities",
    params(("id" = uuid::Uuid, Path)), responses((status = 204))
)]
async fn delete_identity(State(app): State<App>, caller: Caller, Path(id): Path<IdentityId>) -> Result<StatusCode> {
    app.engine.delete_identity(&caller.actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mail the link that verifies an identity again
///
/// The earlier link stops working.
#[utoipa::path(
    post, path = "/identities/{id}/verification", operation_id = "mail_verification", tag = "identities",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Identity))
)]
async fn mail_verification(State(app): State<App>, caller: Caller, Path(id): Path<IdentityId>) -> Result<Response> {
    Ok(shown(app.engine.mail_verification(&caller.actor, id).await?))
}

/// Verify an identity with the token of a mailed link
///
/// Nobody has to be signed in: whoever holds the link reads the address's mail.
#[utoipa::path(
    post, path = "/identities/verify", operation_id = "verify_identity", tag = "identities", security(()),
    request_body = VerificationToken, responses((status = 200, body = Identity), (status = 410, description = "Used, replaced or too old."))
)]
async fn verify_identity(State(app): State<App>, Json(said): Json<VerificationToken>) -> Result<Response> {
    Ok(shown(app.engine.verify_identity(&said.token).await?))
}
