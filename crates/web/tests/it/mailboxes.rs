//! Mailboxes over HTTP.

use axum::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Site, world::Backend};

fn mailbox() -> Value {
    json!({
        "name": "Work", "host": "127.0.0.1", "port": 1, "security": "none", "username": "mia",
        "password": "open sesame 7", "sent_folder": null, "append_sent": true, "read_folders": ["INBOX"],
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut mailbox = mailbox();
    mailbox[field] = value;
    mailbox
}

#[rstest]
#[tokio::test]
async fn a_mailbox_is_shown_with_everything_but_its_password(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let identity = mia.post("/identities", json!({ "name": "Mia", "address": "mia@north.example" })).await.body;
    assert_eq!(identity["mailbox"], Value::Null);
    let made = mia.post("/mailboxes", mailbox()).await;
    assert_eq!((made.status, made.headers["etag"].to_str().unwrap()), (201, "\"1\""));
    let id = made.body["id"].clone();
    let expected = json!({
        "id": id, "version": 1, "name": "Work", "host": "127.0.0.1", "port": 1, "security": "none", "username": "mia",
        "sent_folder": null, "append_sent": true, "addresses": ["mia@north.example"], "last_checked_at": null,
        "problem": null, "provider": null, "reads": true, "read_folders": ["INBOX"],
        "reading": {
            "connected_at": null, "looked_at": null, "folders": [], "messages": 0, "stepped_over": 0, "found": [],
        },
    });
    assert_eq!(made.body, expected);
    let path = format!("/mailboxes/{}", id.as_str().unwrap());
    assert_eq!(mia.get(&path).await.body, expected);
    assert_eq!(mia.get("/mailboxes").await.body, json!({ "items": [expected] }));
    let identities = mia.get("/identities").await.body;
    assert_eq!(identities["items"][0]["mailbox"], json!({ "id": id, "name": "Work" }));

    let edit = json!({ "sent_folder": "Gesendet", "append_sent": false, "reads": false, "read_folders": [] });
    let first = mia.clone().with("if-match", "\"1\"");
    let changed = first.send(Method::PATCH, &path, Some(edit.clone())).await;
    assert_eq!((changed.status, &changed.body["sent_folder"]), (200, &json!("Gesendet")));
    assert_eq!((&changed.body["reads"], &changed.body["read_folders"]), (&json!(false), &json!([])));
    let late = first.send(Method::PATCH, &path, Some(edit)).await;
    assert_eq!((late.status, late.problem(), &late.body["current"]), (412, "version-conflict", &changed.body));
    assert_eq!(mia.send(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(mia.get(&path).await.status, 404);
    assert_eq!(mia.get("/identities").await.body["items"][0]["mailbox"], Value::Null);
}

#[rstest]
#[tokio::test]
async fn every_wrong_field_is_named_with_its_code(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let table = [
        ("name", json!(""), json!({ "field": "name", "code": "required" })),
        ("host", json!("a b"), json!({ "field": "host", "code": "not_a_host" })),
        ("username", json!(""), json!({ "field": "username", "code": "required" })),
        ("password", Value::Null, json!({ "field": "password", "code": "required" })),
        ("host", json!("imap.example.org"), json!({ "field": "security", "code": "needs_tls" })),
    ];
    for (field, value, expected) in table {
        for path in ["/mailboxes", "/mailboxes/test"] {
            let answer = mia.post(path, with(field, value.clone())).await;
            assert_eq!((answer.status, answer.problem()), (422, "invalid"), "{field}: {answer:?}");
            assert_eq!(answer.body["errors"], json!([expected]), "{field}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_test_answers_step_by_step(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let made = mia.post("/mailboxes", mailbox()).await.body;
    let path = format!("/mailboxes/{}", made["id"].as_str().unwrap());
    for answer in [mia.post("/mailboxes/test", mailbox()).await, mia.post(&format!("{path}/test"), Value::Null).await] {
        assert_eq!(
            (answer.status, &answer.body["ok"], &answer.body["sent_folder"]),
            (200, &json!(false), &Value::Null)
        );
        let last = answer.body["steps"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["step"], &last["problem"]), (&json!("connect"), &json!("connection_refused")));
    }
    assert_eq!(mia.get(&path).await.body["problem"]["code"], "connection_refused");
    let changed = mia.post(&format!("{path}/test"), json!({ "port": 0 })).await;
    assert_eq!((changed.status, changed.problem()), (422, "invalid"), "as it would be after the change: {changed:?}");
    let changed = mia.post(&format!("{path}/test"), json!({ "name": "Other" })).await;
    assert_eq!((changed.status, &changed.body["ok"]), (200, &json!(false)));
    assert_eq!(mia.get(&path).await.body["name"], made["name"]);
}
