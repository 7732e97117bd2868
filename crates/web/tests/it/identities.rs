//! Identities over HTTP.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Site, world::Backend};

#[rstest]
#[tokio::test]
async fn an_identity_is_made_changed_and_deleted(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let wanted =
        json!({ "name": "Mia", "address": "mia@north.example", "signature_html": "<p>Mia<script>x()</script></p>" });
    let made = mia.post("/identities", wanted.clone()).await;
    assert_eq!((made.status, made.headers["etag"].to_str().unwrap()), (201, "\"1\""));
    let id = made.body["id"].clone();
    let expected = json!({
        "id": id, "version": 1, "name": "Mia", "address": "mia@north.example", "signature_html": "<p>Mia</p>",
        "channel": null, "mailbox": null, "verified_at": null, "verification": { "sent_at": null, "problem": null }, "default": true,
    });
    assert_eq!(made.body, expected);
    assert_eq!(mia.get("/identities").await.body, json!({ "items": [expected] }));
    let again = mia.post("/identities", wanted).await;
    assert_eq!(again.body["errors"], json!([{ "field": "address", "code": "taken" }]));

    let channel = json!({
        "name": "Relay", "team": false, "host": "127.0.0.1", "port": 1, "security": "none", "auth": "none",
        "limits": { "batch_size": null, "batch_pause_s": null, "per_minute": null, "per_day": null },
    });
    let channel = mia.post("/channels", channel).await.body;
    let path = format!("/identities/{}", id.as_str().unwrap());
    let mailed = mia.post(&format!("{path}/verification"), Value::Null).await.body;
    assert_eq!(mailed["channel"], json!({ "id": channel["id"], "name": "Relay" }));
    assert!(mailed["verification"]["problem"].as_str().unwrap().contains("127.0.0.1:1"), "{mailed}");

    let edit = json!({ "channel_id": null, "name": "Mia Member" });
    assert_eq!(mia.send(Method::PATCH, &path, Some(edit.clone())).await.problem(), "precondition-required");
    let second = mia.clone().with("if-match", "\"2\"");
    let changed = second.send(Method::PATCH, &path, Some(edit.clone())).await;
    assert_eq!(
        (&changed.body["channel"], &changed.body["name"], &changed.body["version"]),
        (&Value::Null, &json!("Mia Member"), &json!(3))
    );
    let late = second.send(Method::PATCH, &path, Some(edit)).await;
    assert_eq!((late.problem(), &late.body["current"]), ("version-conflict", &changed.body));
    assert_eq!(mia.send(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(mia.get("/identities").await.body, json!({ "items": [] }));
}

#[rstest]
#[tokio::test]
async fn a_link_that_verifies_nothing_is_gone_for_everybody(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    for caller in [site.anonymous(), site.signed_in("mia@north.example").await] {
        let answer = caller.post("/identities/verify", json!({ "token": "nonsense" })).await;
        assert_eq!((answer.status, answer.problem()), (410, "token-expired"));
    }
}
