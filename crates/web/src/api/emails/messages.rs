//! The message as it was sent.

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{EmailId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::views::CopyView;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find_message))
}

/// A message as it was sent, without scripts, our pixel, or our links.
#[derive(Serialize, ToSchema)]
#[schema(as = Message)]
struct MessageView {
    subject: String,
    from: CopyView,
    #[schema(required)]
    to: Option<CopyView>,
    html: String,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    sent_at: Timestamp,
}

/// Read the message as it was last sent.
#[utoipa::path(get, path = "/emails/{id}/message", operation_id = "find_message", tag = "emails",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = MessageView), (status = "4XX", body = Problem)))]
async fn find_message(State(app): State<App>, caller: Caller, Path(id): Path<EmailId>) -> Result<Json<MessageView>> {
    let message = app.engine.message_as_sent(&caller.actor, id).await?;
    Ok(Json(MessageView {
        subject: message.subject,
        from: CopyView { name: message.from_name, address: message.from_address },
        to: message.to.map(|to| CopyView { name: to.name, address: to.address }),
        html: message.html,
        text: message.text,
        sent_at: message.sent_at,
    }))
}
