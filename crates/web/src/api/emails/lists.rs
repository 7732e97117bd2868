//! Folders: pages and counts.

use axum::{
    Json,
    extract::{Query, State},
};
use domain::{EmailId, Status};
use engine::emails::{Folder, FolderIds, ListQuery, SortKey};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::views::RowView;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
};

type FolderText = Text<Folder>;
type SortKeyText = Text<SortKey>;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_emails)).routes(routes!(list_email_ids)).routes(routes!(count_emails))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Asc,
    Desc,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// The folder; `undelivered` is Failed, Bounced and Spam together.
    #[param(inline)]
    folder: FolderText,
    /// The order; each folder offers those by which all of its rows have a value.
    #[param(inline)]
    sort: Option<SortKeyText>,
    #[param(inline)]
    order: Option<Direction>,
    /// Rows, 1 to 200; 50 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IdsParams {
    /// The folder; `undelivered` is Failed, Bounced and Spam together.
    #[param(inline)]
    folder: FolderText,
    /// The order; each folder offers those by which all of its rows have a value.
    #[param(inline)]
    sort: Option<SortKeyText>,
    #[param(inline)]
    order: Option<Direction>,
}

/// A page of emails.
#[derive(Serialize, ToSchema)]
#[schema(as = EmailPage)]
struct PageView {
    items: Vec<RowView>,
    /// Where the next page begins; `null` on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// The emails of a folder.
#[derive(Serialize, ToSchema)]
#[schema(as = EmailIds)]
struct IdsView {
    /// In the order of the list, at most 100,000.
    #[schema(value_type = Vec<uuid::Uuid>)]
    ids: Vec<EmailId>,
    /// Whether the folder holds more.
    more: bool,
}

/// How many emails each folder holds.
#[derive(Serialize, ToSchema)]
#[schema(as = FolderCounts)]
struct CountsView {
    draft: i64,
    scheduled: i64,
    in_progress: i64,
    /// Those in progress of which nobody knows whether they arrived.
    uncertain: i64,
    delivered: i64,
    archived: i64,
    failed: i64,
    bounced: i64,
    spam: i64,
}

/// List a folder.
#[utoipa::path(get, path = "/emails", operation_id = "list_emails", tag = "emails", params(ListParams),
    responses((status = 200, body = PageView), (status = "4XX", body = Problem)))]
async fn list_emails(
    State(app): State<App>,
    caller: Caller,
    Query(params): Query<ListParams>,
) -> Result<Json<PageView>> {
    let query = ListQuery {
        folder: params.folder.0,
        sort: params.sort.map(|sort| sort.0),
        descending: params.order.map(|order| matches!(order, Direction::Desc)),
        limit: params.limit.unwrap_or(50),
        cursor: params.cursor,
    };
    let page = app.engine.list_emails(&caller.actor, &query).await?;
    let items = RowView::of_each(&app.engine, page.items).await?;
    Ok(Json(PageView { items, next_cursor: page.next_cursor }))
}

/// List the ids of a folder.
///
/// For acting on all of it: what comes into the folder later is not among them.
#[utoipa::path(get, path = "/emails/ids", operation_id = "list_email_ids", tag = "emails", params(IdsParams),
    responses((status = 200, body = IdsView), (status = "4XX", body = Problem)))]
async fn list_email_ids(
    State(app): State<App>,
    caller: Caller,
    Query(params): Query<IdsParams>,
) -> Result<Json<IdsView>> {
    let sort = params.sort.map(|sort| sort.0);
    let descending = params.order.map(|order| matches!(order, Direction::Desc));
    let FolderIds { ids, more } = app.engine.list_email_ids(&caller.actor, params.folder.0, sort, descending).await?;
    Ok(Json(IdsView { ids, more }))
}

/// Count the folders.
#[utoipa::path(get, path = "/emails/counts", operation_id = "count_emails", tag = "emails",
    responses((status = 200, body = CountsView), (status = "4XX", body = Problem)))]
async fn count_emails(State(app): State<App>, caller: Caller) -> Result<Json<CountsView>> {
    let counts = app.engine.count_emails(&caller.actor).await?;
    Ok(Json(CountsView {
        draft: counts.of(Status::Draft),
        scheduled: counts.of(Status::Scheduled),
        in_progress: counts.of(Status::InProgress),
        uncertain: counts.uncertain,
        delivered: counts.of(Status::Delivered),
        archived: counts.of(Status::Archived),
        failed: counts.of(Status::Failed),
        bounced: counts.of(Status::Bounced),
        spam: counts.of(Status::Spam),
    }))
}
