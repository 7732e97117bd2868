//! Signing in and what comes with it, as a browser sees it.

use axum::http::Method;
use domain::time::DAY;
use rstest::rstest;
use serde_json::json;

use crate::support::{
    Caller, Site, router,
    world::{Backend, PASSWORD, empty, first_administrator},
};

#[tokio::test]
async fn the_first_administrator_is_signed_in_at_once() {
    let (engine, _) = empty(Backend::Sqlite).await;
    let anonymous = Caller::new(router(&engine));
    assert_eq!(anonymous.get("/setup").await.body, json!({ "needed": true }));
    let first = first_administrator(engine.setup_token().await.unwrap().unwrap());
    let said = json!({
        "token": first.token, "name": first.name, "email": first.email, "password": first.password,
        "workspace_name": first.workspace_name, "time_zone": first.time_zone,
    });
    let wrong = anonymous
        .post(
            "/setup",
            json!({ "token": "guess", "name": "", "email": "", "password": "",
        "workspace_name": "", "time_zone": "" }),
        )
        .await;
    assert_eq!((wrong.status, &wrong.body["errors"][0]["code"]), (422, &json!("wrong")), "{wrong:?}");
    let done = anonymous.post("/setup", said).await;
    assert_eq!((done.status, &done.body["role"]), (200, &json!("admin")), "{done:?}");
    let ada = anonymous.clone().with("cookie", &done.cookie());
    assert_eq!(ada.get("/session").await.body, done.body);
    assert_eq!(anonymous.get("/setup").await.body, json!({ "needed": false }));
}

#[rstest]
#[tokio::test]
async fn a_session_is_a_cookie_that_no_script_reads(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let credentials = json!({ "email": "mia@north.example", "password": PASSWORD });
    let answer = site.anonymous().post("/session", credentials).await;
    let cookie = answer.set_cookie();
    for attribute in ["__Host-qd_session=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let expected = json!({
        "user": { "id": site.world.member.user, "name": "Mia Member", "email": "mia@north.example", "time_zone": "UTC",
            "language": "en", "undo_window_s": 10 },
        "role": "member",
        "workspace": { "id": site.world.member.workspace, "name": "Northlight" },
        "view_as": null, "can_view_as": [], "warnings": [], "max_encoded_bytes": 25 * 1024 * 1024,
    });
    assert_eq!(answer.body, expected);

    let mia = site.signed_in("mia@north.example").await;
    let out = mia.send(Method::DELETE, "/session", None).await;
    assert_eq!((out.status, out.set_cookie().contains("Max-Age=0")), (204, true), "{out:?}");
    assert!(out.set_cookie().starts_with("__Host-qd_session=;") && out.set_cookie().contains("Secure"), "{out:?}");
    let after = mia.get("/session").await;
    assert_eq!((after.status, after.problem()), (401, "not-signed-in"));
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_without_use() {
    let site = Site::new(Backend::Sqlite).await;
    let mia = site.signed_in("mia@north.example").await;
    site.world.clock.advance(29 * DAY);
    assert_eq!(mia.get("/session").await.status, 200);
    site.world.clock.advance(30 * DAY);
    assert_eq!(mia.get("/session").await.status, 401);
}

#[tokio::test]
async fn failures_are_told_apart_only_by_having_to_wait() {
    let site = Site::new(Backend::Sqlite).await;
    let try_as = |email: &'static str| {
        let anonymous = site.anonymous();
        async move { anonymous.post("/session", json!({ "email": email, "password": "wrong" })).await }
    };
    let (known, unknown) = (try_as("mia@north.example").await, try_as("nobody@north.example").await);
    assert_eq!((known.status, known.problem()), (401, "wrong-credentials"));
    assert_eq!((&known.body, known.status), (&unknown.body, unknown.status));
    for _ in 0..4 {
        try_as("mia@north.example").await;
    }
    let blocked = try_as("mia@north.example").await;
    assert_eq!((blocked.status, blocked.problem()), (429, "too-many-attempts"), "{blocked:?}");
    let none = try_as("not an address").await;
    assert_eq!((none.status, &none.body["errors"][0]["field"]), (422, &json!("email")));
}

#[tokio::test]
async fn forgetting_a_password_tells_nobody_whether_there_is_an_account() {
    let site = Site::new(Backend::Sqlite).await;
    for email in ["mia@north.example", "nobody@north.example", "not an address", ""] {
        let answer = site.anonymous().post("/password-resets", json!({ "email": email })).await;
        assert_eq!((answer.status, &answer.body), (202, &json!(null)), "{email}");
    }
}

#[tokio::test]
async fn the_audit_record_is_read_page_by_page() {
    let site = Site::new(Backend::Sqlite).await;
    let ada = site.signed_in("ada@north.example").await;
    let all = ada.get("/audit?limit=200").await.body;
    let mut path = "/audit?limit=3".to_owned();
    let mut read = Vec::new();
    loop {
        let page = ada.get(&path).await.body;
        read.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/audit?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(json!(read), all["items"]);
    assert!(read.len() > 6, "{read:?}");
    let signed_in = read.iter().find(|line| line["action"] == "signed_in" && line["ip"] == "192.0.2.99");
    assert_eq!(signed_in.unwrap()["actor"]["name"], "Ada Admin");
    assert_eq!(ada.get("/audit?cursor=x").await.status, 400);
}

#[tokio::test]
async fn an_invitation_is_shown_as_a_link_while_nothing_can_be_mailed() {
    let site = Site::new(Backend::Sqlite).await;
    let ada = site.signed_in("ada@north.example").await;
    let said = json!({ "email": "nina@new.example", "role": "manager", "team_ids": [site.world.north] });
    let made = ada.post("/invitations", said).await;
    assert_eq!((made.status, &made.body["mailed"]), (201, &json!(false)), "{made:?}");
    assert_eq!(made.body["teams"], json!([{ "id": site.world.north, "name": "North" }]));
    let token = made.body["link"].as_str().unwrap().split_once("#token=").unwrap().1;
    let seen = site.anonymous().post("/invitations/lookup", json!({ "token": token })).await;
    assert_eq!(seen.body, json!({ "email": "nina@new.example", "workspace_name": "Northlight" }));
    let said = json!({ "token": token, "name": "Nina", "password": PASSWORD, "time_zone": "Europe/Paris" });
    let nina = site.anonymous().post("/invitations/accept", said.clone()).await;
    assert_eq!((nina.status, &nina.body["role"]), (200, &json!("manager")), "{nina:?}");
    let again = site.anonymous().post("/invitations/accept", said).await;
    assert_eq!((again.status, again.problem()), (410, "token-expired"));
}

#[rstest]
#[tokio::test]
async fn nobody_of_another_workspace_exists(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let ada = site.signed_in("ada@north.example").await;
    let sam = site.world.stranger.user;
    let viewed = ada.send(Method::PUT, "/session/view-as", Some(json!({ "user_id": sam }))).await;
    assert_eq!((viewed.status, viewed.problem()), (404, "not-found"));
    let role = ada.send(Method::PATCH, &format!("/members/{sam}"), Some(json!({ "role": "member" }))).await;
    assert_eq!(role.status, 404);
    let deactivation = format!("/members/{}/deactivation", site.world.member.user);
    let heir = ada.post(&deactivation, json!({ "hand_over_to": sam })).await;
    assert_eq!((heir.status, &heir.body["errors"][0]["field"]), (422, &json!("hand_over_to")), "{heir:?}");
    let names = ada.get("/members").await.body;
    assert!(!names.to_string().contains("Sam"), "{names}");
}
