//! The stream of changes.

use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    http::{Method, Response},
};
use domain::{EmailId, UserId, WorkspaceId};
use engine::live::{Change, Topic};
use futures::StreamExt;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Caller, Site, world::Backend};

/// An open stream.
struct Stream(BodyDataStream);

impl Stream {
    async fn open(caller: &Caller) -> Self {
        let response: Response<Body> = caller.respond(Method::GET, "/live", None).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut stream = Self(response.into_body().into_data_stream());
        assert_eq!(stream.next().await.unwrap().0, "hello");
        stream
    }

    /// The next event's name and data; `None` when the stream has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        let chunk = tokio::time::timeout(Duration::from_mins(1), self.0.next()).await.unwrap()?.unwrap();
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        let field =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
        Some((field("event:"), serde_json::from_str(&field("data:")).unwrap()))
    }
}

fn change(workspace: WorkspaceId, owner: Option<UserId>, email: u128) -> Change {
    Change { workspace, owner, topic: Topic::Emails, emails: vec![EmailId(Uuid::from_u128(email))] }
}

#[tokio::test]
async fn one_hears_of_ones_own_and_of_everybodys_and_of_nobody_elses() {
    let site = Site::new(Backend::Sqlite).await;
    let world = &site.world;
    let mut stream = Stream::open(&site.signed_in("mia@north.example").await).await;
    let here = world.member.workspace;
    let live = world.engine.live();
    live.tell(change(here, Some(world.admin.user), 1));
    live.tell(change(world.stranger.workspace, None, 2));
    live.tell(change(here, Some(world.member.user), 3));
    live.tell(Change { topic: Topic::Channels, emails: Vec::new(), ..change(here, None, 0) });

    let (event, data) = stream.next().await.unwrap();
    assert_eq!(event, "change");
    assert_eq!(data, json!({ "topics": ["emails", "counts"], "email_ids": [Uuid::from_u128(3)] }));
    let (_, data) = stream.next().await.unwrap();
    assert_eq!(data, json!({ "topics": ["channels"], "email_ids": [] }));
}

#[tokio::test]
async fn whoever_views_as_somebody_hears_of_theirs() {
    let site = Site::new(Backend::Sqlite).await;
    let world = &site.world;
    let max = site.signed_in("max@north.example").await;
    let mut stream = Stream::open(&max).await;
    let viewing = max.send(Method::PUT, "/session/view-as", Some(json!({ "user_id": world.member.user }))).await;
    assert_eq!(viewing.status, 200);
    assert_eq!(stream.next().await.unwrap().1["topics"], json!(["session"]));
    world.engine.live().tell(change(world.manager.workspace, Some(world.manager.user), 1));
    world.engine.live().tell(change(world.manager.workspace, Some(world.member.user), 2));
    assert_eq!(stream.next().await.unwrap().1["email_ids"], json!([Uuid::from_u128(2)]));
}

#[tokio::test]
async fn whoever_is_too_slow_hears_that_everything_may_have_changed() {
    let site = Site::new(Backend::Sqlite).await;
    let mut stream = Stream::open(&site.signed_in("mia@north.example").await).await;
    for email in 0..5000 {
        site.world.engine.live().tell(change(site.world.member.workspace, Some(site.world.member.user), email));
    }
    let (_, data) = stream.next().await.unwrap();
    let all = ["emails", "counts", "channels", "mailboxes", "identities", "feed", "stops", "domains", "session"];
    assert_eq!(data["topics"], json!(all));
    assert_eq!(data["email_ids"], json!([]));
}

#[tokio::test]
async fn the_stream_ends_with_the_session() {
    let site = Site::new(Backend::Sqlite).await;
    let mia = site.signed_in("mia@north.example").await;
    let mut stream = Stream::open(&mia).await;
    assert_eq!(mia.send(Method::DELETE, "/sessions", None).await.status, 204);
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn the_stream_ends_when_the_server_stops() {
    let site = Site::new(Backend::Sqlite).await;
    let mia = site.signed_in("mia@north.example").await;
    let options = web::Options::default();
    let stopping = options.stopping.clone();
    let router = web::router(site.world.engine.clone(), options);
    let mut stream = Stream::open(&mia.at(&router)).await;
    stopping.cancel();
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn nobody_hears_anything_without_signing_in() {
    let site = Site::new(Backend::Sqlite).await;
    assert_eq!(site.anonymous().get("/live").await.status, 401);
}
