//! People over HTTP.

use axum::http::Method;
use domain::{PersonId, Status, reasons::FailureReason};
use engine::emails::DraftChange;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Site, world::Backend};

#[rstest]
#[tokio::test]
async fn a_person_is_made_found_and_changed(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let wanted = json!({ "address": "h.tanaka@tepco.example", "first_name": "陽翔", "last_name": "田中" });
    let made = mia.post("/people", wanted).await;
    assert_eq!((made.status, made.headers["etag"].to_str().unwrap()), (201, "\"1\""));
    let id = made.body["id"].clone();
    let expected = json!({
        "id": id, "version": 1, "name": "田中 陽翔", "first_name": "陽翔", "last_name": "田中", "company": null,
        "title": null, "phone": null, "time_zone": null, "language": null, "linkedin_url": null,
        "address": "h.tanaka@tepco.example", "addresses": [{ "address": "h.tanaka@tepco.example", "primary": true }],
        "owner": { "id": site.world.member.user, "name": "Mia Member" },
    });
    assert_eq!(made.body, expected);
    let path = format!("/people/{}", id.as_str().unwrap());
    assert_eq!(mia.get(&path).await.body, expected);
    assert_eq!(mia.get("/people?q=tan&limit=5").await.body, json!({ "items": [expected] }));
    assert_eq!(mia.get("/people?q=%E7%94%B0").await.body["items"][0]["id"], id);
    assert_eq!(mia.get("/people?q=zzz").await.body, json!({ "items": [] }));

    let edit = json!({ "title": "Buyer", "time_zone": "Asia/Tokyo", "last_name": "" });
    assert_eq!(mia.send(Method::PATCH, &path, Some(edit.clone())).await.problem(), "precondition-required");
    let first = mia.clone().with("if-match", "\"1\"");
    let changed = first.send(Method::PATCH, &path, Some(edit.clone())).await;
    assert_eq!((&changed.body["title"], &changed.body["last_name"]), (&json!("Buyer"), &Value::Null));
    let late = first.send(Method::PATCH, &path, Some(edit)).await;
    assert_eq!((late.problem(), &late.body["current"]), ("version-conflict", &changed.body));
}

#[rstest]
#[tokio::test]
async fn an_address_of_somebody_elses_person_reveals_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let max = site.signed_in("max@north.example").await;
    let wanted = json!({ "address": "marta@brisamar.example", "first_name": "Marta" });
    let made = mia.post("/people", wanted.clone()).await.body;
    let mine = mia.post("/people", wanted.clone()).await;
    assert_eq!((mine.status, mine.problem()), (409, "address-taken"));
    assert_eq!(mine.body["params"], json!({ "person_id": made["id"] }));
    let theirs = max.post("/people", wanted).await;
    assert_eq!((theirs.status, theirs.problem(), theirs.body.get("params")), (409, "address-taken", None));
    let path = format!("/people/{}", made["id"].as_str().unwrap());
    assert_eq!(max.get(&path).await.status, 404);
    let edit = max.with("if-match", "1").send(Method::PATCH, &path, Some(json!({ "title": "x" }))).await;
    assert_eq!(edit.status, 404);
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_sent_again_to_a_person_says_why_in_lists_and_by_itself(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let made = mia.post("/people", json!({ "address": "marta@brisamar.example" })).await.body;
    let person = made["id"].as_str().unwrap();
    let world = &site.world;
    let change = DraftChange {
        person_id: Some(Some(PersonId(uuid::Uuid::parse_str(person).unwrap()))),
        ..DraftChange::default()
    };
    let mut email = world.engine.create_draft(&world.member, None, change).await.unwrap().listed.email;
    let mut tx = world.engine.db().begin().await.unwrap();
    (email.status, email.failure_reason) = (Status::Bounced, Some(FailureReason::MailboxFull));
    email.failed_at = Some(world.engine.now());
    store::emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    tx.commit().await.unwrap();

    let by_itself = format!("/emails/{}", email.id);
    let failures = async || {
        let listed = mia.get("/emails?folder=bounced").await.body["items"][0]["failure"].clone();
        assert_eq!(mia.get(&by_itself).await.body["failure"], listed);
        (listed["retry_may_help"].clone(), listed["held_back"].clone())
    };
    assert_eq!(failures().await, (json!(true), Value::Null));
    mia.post(&format!("/people/{person}/unsubscribe"), json!({})).await;
    assert_eq!(failures().await, (json!(false), json!("unsubscribed")));
}
