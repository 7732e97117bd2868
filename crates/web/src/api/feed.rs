//! The live feed.

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use domain::{
    EmailId, Timestamp,
    feed::{FeedKind, Shown},
    input::{Code, Invalid},
};
use engine::feed::{Entry, FeedQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::emails::{EventView, RowView};
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    text::Text,
};

type FeedKindText = Text<FeedKind>;

/// As many as a panel shows before somebody scrolls.
const DEFAULT_LIMIT: u32 = 50;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_feed)).routes(routes!(count_feed_news)).routes(routes!(mark_feed_seen))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FeedParams {
    /// Kinds of entries, separated by commas: `viewed`, `clicked`, `replied`, `auto_replied`, `bounced`, `complained`,
    /// `unsubscribed`. All of them when absent.
    #[serde(default)]
    kinds: String,
    /// Also views and clicks by machines.
    #[serde(default)]
    automatic: bool,
    /// Entries, 1 to 200; 50 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of the feed, newest first.
#[derive(Serialize, ToSchema)]
struct FeedPage {
    items: Vec<FeedEntry>,
    /// The emails that the entries are about, each once.
    emails: Vec<RowView>,
    /// Up to when the feed is told here: what to give back when it was looked at.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    /// Where the next page begins; `null` on the last.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// What somebody did with an email, or what came back.
#[derive(Serialize, ToSchema)]
struct FeedEntry {
    kind: FeedKindText,
    event: EventView,
    #[schema(value_type = uuid::Uuid)]
    email_id: EmailId,
    /// Since when it is shown: a verdict settles first.
    #[schema(value_type = String, format = DateTime)]
    shown_at: Timestamp,
    /// Not looked at yet. What machines did is never new.
    new: bool,
    /// Near which place the network of a viewer is: only where the server has a file that knows, and until it is dropped.
    #[schema(required)]
    place: Option<String>,
}

/// What is new in the feed.
#[derive(Serialize, ToSchema)]
struct FeedNews {
    /// New entries, 100 at the most.
    count: u32,
    /// When the next entry is shown whose verdict is not settled yet.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
}

/// Until when the feed was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FeedLook {
    /// `as_of` of the page that was shown.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Read the feed.
///
/// Views, clicks, replies, automatic replies, bounces, complaints and unsubscribes of one's own emails, newest first. A view
/// or a click is in it when its verdict has settled, and one's own are not in it.
#[utoipa::path(get, path = "/feed", operation_id = "list_feed", tag = "feed", params(FeedParams),
    responses((status = 200, body = FeedPage), (status = "4XX", body = Problem)))]
async fn list_feed(State(app): State<App>, caller: Caller, Query(params): Query<FeedParams>) -> Result<Json<FeedPage>> {
    let query = FeedQuery {
        kinds: kinds(&params.kinds)?,
        automatic: params.automatic,
        limit: params.limit.unwrap_or(DEFAULT_LIMIT),
        cursor: params.cursor,
    };
    let page = app.engine.live_feed(&caller.actor, &query).await?;
    let seen_until = page.seen_until.unwrap_or(Timestamp(0));
    let entry = |Entry { event, settles_at, place }: Entry| {
        let kind = Text(FeedKind::of(event.kind)?);
        let new = settles_at > seen_until && Shown::with(event.evidence.verdict) == Shown::Always;
        Some(FeedEntry { kind, email_id: event.email_id, shown_at: settles_at, new, place, event: event.into() })
    };
    Ok(Json(FeedPage {
        items: page.entries.into_iter().filter_map(entry).collect(),
        emails: RowView::of_each(&app.engine, page.emails).await?,
        as_of: page.as_of,
        next_cursor: page.next_cursor,
    }))
}

/// Count what is new in the feed.
#[utoipa::path(get, path = "/feed/news", operation_id = "count_feed_news", tag = "feed",
    responses((status = 200, body = FeedNews), (status = "4XX", body = Problem)))]
async fn count_feed_news(State(app): State<App>, caller: Caller) -> Result<Json<FeedNews>> {
    let news = app.engine.feed_news(&caller.actor).await?;
    Ok(Json(FeedNews { count: news.count, next_at: news.next_at }))
}

/// Say that the feed was looked at.
#[utoipa::path(put, path = "/feed/look", operation_id = "mark_feed_seen", tag = "feed", request_body = FeedLook,
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn mark_feed_seen(State(app): State<App>, caller: Caller, Json(look): Json<FeedLook>) -> Result<StatusCode> {
    app.engine.mark_feed_seen(&caller.actor, look.until).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn kinds(text: &str) -> engine::Result<Vec<FeedKind>> {
    let unknown = |_| Invalid::new("kinds", Code::Unknown);
    let kinds = text.split(',').map(str::trim).filter(|kind| !kind.is_empty());
    Ok(kinds.map(|kind| kind.parse().map_err(unknown)).collect::<std::result::Result<_, _>>()?)
}
