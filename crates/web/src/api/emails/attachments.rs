//! Files and images of an email.

use axum::{
    Json,
    extract::{DefaultBodyLimit, Multipart, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    AttachmentId, EmailId,
    input::{Code, Invalid},
};
use engine::emails::Upload;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::views::AttachmentView;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

/// The largest upload that is read at all, in bytes: what 25 MB encoded can hold, and room for the form around it.
const UPLOAD_LIMIT: usize = 20 * 1024 * 1024;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(attach_file))
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .routes(routes!(download_attachment, detach_file))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AttachParams {
    /// Whether it is an image of the body (PNG, JPEG, GIF or WebP).
    #[serde(default)]
    inline: bool,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form for the API document")]
struct FileForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Attach a file to a draft.
#[utoipa::path(post, path = "/emails/{id}/attachments", operation_id = "attach_file", tag = "emails",
    params(("id" = uuid::Uuid, Path), AttachParams),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, body = AttachmentView), (status = "4XX", body = Problem)))]
async fn attach_file(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EmailId>,
    Query(params): Query<AttachParams>,
    mut form: Multipart,
) -> Result<(StatusCode, Json<AttachmentView>)> {
    let required = || Problem::from(engine::Error::from(Invalid::new("file", Code::Required)));
    let too_large = || Problem::too_large(UPLOAD_LIMIT as u64);
    let field = form.next_field().await.map_err(|_| required())?.ok_or_else(required)?;
    let upload = Upload {
        name: field.file_name().unwrap_or("file").to_owned(),
        content_type: field.content_type().unwrap_or_default().to_owned(),
        content: field.bytes().await.map_err(|_| too_large())?.to_vec(),
        inline: params.inline,
    };
    let attachment = app.engine.attach(&caller.actor, id, upload).await?;
    Ok((StatusCode::CREATED, Json(AttachmentView::new(id, attachment))))
}

/// Download a file of an email.
#[utoipa::path(get, path = "/emails/{id}/attachments/{attachment_id}", operation_id = "download_attachment", tag = "emails",
    params(("id" = uuid::Uuid, Path), ("attachment_id" = uuid::Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = "4XX", body = Problem)))]
async fn download_attachment(
    State(app): State<App>,
    caller: Caller,
    Path((id, attachment_id)): Path<(EmailId, AttachmentId)>,
) -> Result<Response> {
    let (attachment, content) = app.engine.attachment(&caller.actor, id, attachment_id).await?;
    // Only what was checked to be an image is shown in place; everything else is saved, never run.
    let (kind, disposition) = if attachment.inline {
        (attachment.content_type, "inline".to_owned())
    } else {
        (
            "application/octet-stream".to_owned(),
            format!("attachment; filename*=UTF-8''{}", percent_encoded(&attachment.name)),
        )
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
    ];
    Ok((headers, content).into_response())
}

/// Take a file off a draft.
#[utoipa::path(delete, path = "/emails/{id}/attachments/{attachment_id}", operation_id = "detach_file", tag = "emails",
    params(("id" = uuid::Uuid, Path), ("attachment_id" = uuid::Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn detach_file(
    State(app): State<App>,
    caller: Caller,
    Path((id, attachment_id)): Path<(EmailId, AttachmentId)>,
) -> Result<StatusCode> {
    app.engine.detach(&caller.actor, id, attachment_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// RFC 8187: everything but letters, digits and a few marks as `%XX`.
fn percent_encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
