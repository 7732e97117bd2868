//! Channels over HTTP.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Site, world::Backend};

fn channel() -> Value {
    json!({
        "name": "Relay", "team": false, "host": "127.0.0.1", "port": 1, "security": "none", "auth": "password",
        "username": "mia", "password": "open sesame 7",
        "limits": limits(),
    })
}

fn limits() -> Value {
    json!({
        "connections": 2, "batch_size": 25, "batch_pause_s": 45, "per_minute": null, "per_day": 0,
        "day_reset": { "minute_of_day": 480, "zone": "America/Los_Angeles" },
        "domain_rules": [{ "domain": "gmail.com", "per_minute": 5, "per_day": null }],
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut channel = channel();
    channel[field] = value;
    channel
}

#[rstest]
#[tokio::test]
async fn a_channel_is_shown_with_everything_but_its_password(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let made = mia.post("/channels", channel()).await;
    assert_eq!((made.status, made.headers["etag"].to_str().unwrap()), (201, "\"1\""));
    let id = made.body["id"].clone();
    let expected = json!({
        "id": id, "version": 1, "name": "Relay",
        "owner": { "id": site.world.member.user, "name": "Mia Member" },
        "host": "127.0.0.1", "port": 1, "security": "none", "auth": "password", "username": "mia", "has_secret": true,
        "limits": limits(),
        "state": "active", "paused": null, "used_today": 0, "waiting": 0, "hears_of": [], "editable": true,
    });
    assert_eq!(made.body, expected);
    let path = format!("/channels/{}", id.as_str().unwrap());
    assert_eq!(mia.get(&path).await.body, expected);
    assert_eq!(mia.get("/channels").await.body, json!({ "items": [expected] }));

    let pause = format!("{path}/pause");
    let paused = mia.send(Method::PUT, &pause, None).await.body;
    assert_eq!((&paused["state"], &paused["paused"]["reason"]), (&json!("paused"), &json!("by_user")));
    assert_eq!(paused["paused"]["at"], "2025-10-09T08:53:20Z");
    let resumed = mia.send(Method::DELETE, &pause, None).await.body;
    assert_eq!((&resumed["state"], &resumed["paused"]), (&json!("active"), &Value::Null));
    assert_eq!(mia.send(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(mia.get(&path).await.status, 404);
}

#[rstest]
#[tokio::test]
async fn every_wrong_field_is_named_with_its_code(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let table = [
        ("name", json!(""), json!({ "field": "name", "code": "required" })),
        ("host", json!("a b"), json!({ "field": "host", "code": "not_a_host" })),
        (
            "port",
            json!(65536),
            json!({ "field": "port", "code": "out_of_range", "params": { "min": 1, "max": 65535 } }),
        ),
        ("port", json!(-1), json!({ "field": "port", "code": "out_of_range", "params": { "min": 1, "max": 65535 } })),
        ("password", Value::Null, json!({ "field": "password", "code": "required" })),
        ("host", json!("smtp.example.org"), json!({ "field": "security", "code": "needs_tls" })),
        (
            "limits",
            json!({ "per_day": -1 }),
            json!({ "field": "per_day", "code": "out_of_range", "params": { "min": 0, "max": 1_000_000 } }),
        ),
        (
            "limits",
            json!({ "connections": 51 }),
            json!({ "field": "connections", "code": "out_of_range", "params": { "min": 1, "max": 50 } }),
        ),
        (
            "limits",
            json!({ "day_reset": { "minute_of_day": 0, "zone": "Mars/Olympus" } }),
            json!({ "field": "day_reset", "code": "unknown_time_zone" }),
        ),
        (
            "limits",
            json!({ "domain_rules": [{ "domain": "gmail", "per_minute": 5 }] }),
            json!({ "field": "domain_rules", "code": "not_a_host" }),
        ),
    ];
    for (field, value, expected) in table {
        for path in ["/channels", "/channels/test"] {
            let answer = mia.post(path, with(field, value.clone())).await;
            assert_eq!((answer.status, answer.problem()), (422, "invalid"), "{field}: {answer:?}");
            assert_eq!(answer.body["errors"], json!([expected]), "{field}");
        }
    }
    assert_eq!(mia.post("/channels", with("security", json!("tsl"))).await.status, 422);
    assert_eq!(mia.post("/channels", with("team", json!(true))).await.problem(), "forbidden");
}

#[rstest]
#[tokio::test]
async fn an_edit_says_which_version_it_is_of_and_a_late_one_is_shown_the_current(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let made = mia.post("/channels", channel()).await.body;
    let path = format!("/channels/{}", made["id"].as_str().unwrap());
    let edit = json!({ "name": "Renamed" });
    let blind = mia.send(Method::PATCH, &path, Some(edit.clone())).await;
    assert_eq!((blind.status, blind.problem()), (428, "precondition-required"));
    let first = mia.clone().with("if-match", "\"1\"");
    let changed = first.send(Method::PATCH, &path, Some(edit.clone())).await;
    assert_eq!(
        (changed.status, &changed.body["name"], &changed.body["has_secret"]),
        (200, &json!("Renamed"), &json!(true))
    );
    assert_eq!(changed.headers["etag"], "\"2\"");
    let late = first.send(Method::PATCH, &path, Some(edit)).await;
    assert_eq!((late.status, late.problem()), (412, "version-conflict"));
    assert_eq!(late.body["current"], changed.body);
}

#[rstest]
#[tokio::test]
async fn a_test_answers_step_by_step(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let made = mia.post("/channels", channel()).await.body;
    let saved = format!("/channels/{}/test", made["id"].as_str().unwrap());
    for answer in [mia.post("/channels/test", channel()).await, mia.post(&saved, Value::Null).await] {
        assert_eq!((answer.status, &answer.body["ok"], &answer.body["size_limit"]), (200, &json!(false), &Value::Null));
        let steps = answer.body["steps"].as_array().unwrap();
        assert_eq!(
            (&steps[0]["step"], &steps[0]["ok"], &steps[0]["problem"]),
            (&json!("resolve"), &json!(true), &Value::Null)
        );
        let last = steps.last().unwrap();
        assert_eq!(
            (&last["step"], &last["ok"], &last["problem"]),
            (&json!("connect"), &json!(false), &json!("connection_refused"))
        );
        assert!(last["ms"].is_u64() && last["lines"].is_array() && last["detail"].is_string());
    }
}

#[rstest]
#[tokio::test]
async fn presets_say_what_providers_publish(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let presets = mia.get("/channels/presets").await.body;
    assert_eq!(presets["items"][0]["provider"], "own_server");
    let microsoft = presets["items"].as_array().unwrap().iter().find(|it| it["provider"] == "microsoft_365").unwrap();
    assert_eq!(
        (&microsoft["host"], &microsoft["limits"]["per_minute"], &microsoft["limits"]["connections"]),
        (&json!("smtp.office365.com"), &json!(30), &json!(3))
    );
}
