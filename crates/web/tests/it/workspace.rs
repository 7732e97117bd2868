//! The workspace's settings over HTTP.

use axum::http::Method;
use rstest::rstest;
use serde_json::json;

use crate::support::{Site, world::Backend};

#[rstest]
#[tokio::test]
async fn everybody_reads_the_settings_and_an_administrator_changes_them(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await.with("if-match", "1");
    let ada = site.signed_in("ada@north.example").await.with("if-match", "1");
    let shown = mia.get("/workspace").await;
    let expected = json!({
        "id": site.world.admin.workspace, "version": 1, "name": "Northlight", "tracking": true, "give_up_after_h": 48,
        "traces_days": 90, "system_channel_id": null, "public_url": "https://sales.example", "tracking_url": "https://links.sales.example",
    });
    assert_eq!((shown.body, shown.headers["etag"].to_str().unwrap()), (expected, "\"1\""));
    let edit = json!({ "name": "Northlight GmbH", "tracking": false });
    assert_eq!(mia.send(Method::PATCH, "/workspace", Some(edit.clone())).await.problem(), "forbidden");
    let changed = ada.send(Method::PATCH, "/workspace", Some(edit.clone())).await;
    assert_eq!((changed.status, &changed.body["tracking"], &changed.body["version"]), (200, &json!(false), &json!(2)));
    let late = ada.send(Method::PATCH, "/workspace", Some(edit)).await;
    assert_eq!((late.problem(), &late.body["current"]), ("version-conflict", &changed.body));
    let ada = ada.with("if-match", "2");
    let wrong = ada.send(Method::PATCH, "/workspace", Some(json!({ "give_up_after_h": 0 }))).await;
    let fault = json!([{ "field": "give_up_after_h", "code": "out_of_range", "params": { "min": 1, "max": 672 } }]);
    assert_eq!(wrong.body["errors"], fault);
    let never = json!({ "traces_days": 0 });
    let wrong = ada.send(Method::PATCH, "/workspace", Some(never)).await;
    let fault = json!([{ "field": "traces_days", "code": "out_of_range", "params": { "min": 1, "max": 3650 } }]);
    assert_eq!(wrong.body["errors"], fault);
}
