//! Requests that another site's page makes in somebody's browser.

use axum::http::Method;
use serde_json::json;

use crate::support::{Caller, Site, world::Backend};

async fn rename(caller: Caller) -> (u16, String) {
    let answer = caller.send(Method::PATCH, "/me", Some(json!({ "name": "Mia" }))).await;
    (answer.status, answer.problem().to_owned())
}

#[tokio::test]
async fn another_sites_page_changes_nothing_in_ones_name() {
    let site = Site::new(Backend::Sqlite).await;
    let cookie = site
        .anonymous()
        .post(
            "/session",
            json!({
                "email": "mia@north.example", "password": crate::support::world::PASSWORD,
            }),
        )
        .await
        .cookie();
    let mia = || site.anonymous().with("cookie", &cookie);
    let foreign = (403, "foreign-origin".to_owned());
    assert_eq!(rename(mia()).await, foreign, "a cookie and not a word about where it comes from");
    assert_eq!(rename(mia().with("sec-fetch-site", "cross-site")).await, foreign);
    assert_eq!(rename(mia().with("sec-fetch-site", "same-site")).await, foreign);
    assert_eq!(rename(mia().with("origin", "https://evil.example")).await, foreign);
    assert_eq!(rename(mia().with("origin", "null")).await, foreign);

    let done = (200, String::new());
    assert_eq!(rename(mia().with("sec-fetch-site", "same-origin")).await, done);
    assert_eq!(rename(mia().with("origin", "https://sales.example")).await, done);
    assert_eq!(rename(mia().with("origin", "http://10.0.0.5").with("host", "10.0.0.5")).await, done);
    assert_eq!(mia().with("sec-fetch-site", "cross-site").get("/session").await.status, 200, "reading is harmless");
}

#[tokio::test]
async fn another_sites_page_signs_nobody_in() {
    let site = Site::new(Backend::Sqlite).await;
    let credentials = json!({ "email": "mia@north.example", "password": crate::support::world::PASSWORD });
    let foreign = site.anonymous().with("origin", "https://evil.example").post("/session", credentials.clone()).await;
    assert_eq!((foreign.status, foreign.problem()), (403, "foreign-origin"));
    assert_eq!(site.anonymous().post("/session", credentials).await.status, 200, "a program may");
}

#[tokio::test]
async fn a_program_with_a_token_needs_no_origin_and_lends_nobody_a_cookie() {
    let site = Site::new(Backend::Sqlite).await;
    let token = site.world.engine.operator_creates_token("mia@north.example", "Script").await.unwrap();
    let script = site.anonymous().with("authorization", &format!("Bearer {token}"));
    assert_eq!(rename(script).await, (200, String::new()));
    let cookie = site
        .anonymous()
        .post(
            "/session",
            json!({
                "email": "mia@north.example", "password": crate::support::world::PASSWORD,
            }),
        )
        .await
        .cookie();
    let both = site.anonymous().with("cookie", &cookie).with("authorization", "Bearer qdt_guess");
    assert_eq!(rename(both).await, (401, "not-signed-in".to_owned()), "the cookie does not count beside a token");
}
