//! What providers tell by calling us. Each is played with keys of its own.

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use rstest::rstest;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{
    Caller, Site, router,
    world::{Backend, START},
};

const PASSWORD: &str = "sixteen letters!";
const KEY: &str = "a signing key";

/// A channel of Mia's with this provider: its path, and where the provider is to call.
async fn hooked(mia: &Caller, provider: &str, secret: &str) -> (String, String) {
    let channel = json!({
        "name": "Relay", "team": false, "host": "127.0.0.1", "port": 1, "security": "none", "auth": "none",
        "limits": { "connections": 2, "batch_size": null, "batch_pause_s": null, "per_minute": null, "per_day": null,
            "day_reset": null, "domain_rules": [] },
    });
    let made = mia.post("/channels", channel).await;
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("/channels/{}/feedback", made.body["id"].as_str().unwrap());
    let wish = json!({ "return_domain": null, "webhook": { "provider": provider, "secret": secret } });
    let set = mia.send(Method::PUT, &path, Some(wish)).await;
    assert_eq!(set.status, 200, "{set:?}");
    let url = set.body["webhook"]["url"].as_str().unwrap().to_owned();
    let hook = url.strip_prefix("https://sales.example").unwrap().to_owned();
    (path, hook)
}

/// Calls as a provider does, and answers the status.
async fn call(site: &Site, hook: &str, headers: &[(&str, String)], body: &str) -> u16 {
    let mut request = Request::post(hook).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response =
        router(&site.world.engine).oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    assert!(to_bytes(response.into_body(), 1024).await.unwrap().is_empty());
    status
}

fn basic(password: &str) -> Vec<(&'static str, String)> {
    vec![("authorization", format!("Basic {}", STANDARD.encode(format!("any:{password}"))))]
}

fn mailgun(key: &str, token: &str) -> String {
    let timestamp = (START.0 / 1_000_000).to_string();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), format!("{timestamp}{token}").as_bytes());
    let signature = data_encoding::HEXLOWER.encode(tag.as_ref());
    json!({
        "signature": { "timestamp": timestamp, "token": token, "signature": signature },
        "event-data": { "id": "mg-1", "event": "delivered", "timestamp": 1.0, "recipient": "ana@x.example" },
    })
    .to_string()
}

async fn called_at(mia: &Caller, path: &str) -> Value {
    mia.get(path).await.body["webhook"]["called_at"].clone()
}

#[rstest]
#[tokio::test]
async fn a_call_that_proves_itself_is_taken_and_noted(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;

    let (path, hook) = hooked(&mia, "mailgun", KEY).await;
    assert_eq!(called_at(&mia, &path).await, Value::Null);
    assert_eq!(call(&site, &hook, &[], &mailgun(KEY, "once")).await, 200);
    assert_eq!(called_at(&mia, &path).await, "2025-10-09T08:53:20Z");
    assert_eq!(call(&site, &hook, &[], &mailgun(KEY, "once")).await, 200);

    let (path, hook) = hooked(&mia, "postmark", PASSWORD).await;
    let record = json!({ "RecordType": "Delivery", "MessageID": "m", "Recipient": "ana@x.example" }).to_string();
    assert_eq!(call(&site, &hook, &basic(PASSWORD), &record).await, 200);
    assert_ne!(called_at(&mia, &path).await, Value::Null);

    let (_, hook) = hooked(&mia, "sparkpost", PASSWORD).await;
    assert_eq!(call(&site, &hook, &basic(PASSWORD), "[{\"msys\":{}}]").await, 200);

    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pair.as_ref(), &random).unwrap();
    let head = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE").unwrap();
    let key = STANDARD.encode([&head[..26], pair.public_key().as_ref()].concat());
    let (_, hook) = hooked(&mia, "sendgrid", &key).await;
    let timestamp = (START.0 / 1_000_000).to_string();
    let signature = STANDARD.encode(pair.sign(&random, format!("{timestamp}[]").as_bytes()).unwrap());
    let headers =
        [("x-twilio-email-event-webhook-signature", signature), ("x-twilio-email-event-webhook-timestamp", timestamp)];
    assert_eq!(call(&site, &hook, &headers, "[]").await, 200);
    assert_eq!(call(&site, &hook, &headers, "[ ]").await, 403);
}

#[rstest]
#[tokio::test]
async fn a_forged_call_is_refused_and_changes_nothing(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let (path, hook) = hooked(&mia, "mailgun", KEY).await;
    assert_eq!(mia.get(&path).await.body["webhook"]["refused"], Value::Null);
    assert_eq!(call(&site, &hook, &[], &mailgun("another key", "t")).await, 403);
    let refused = json!({ "at": "2025-10-09T08:53:20Z", "why": "forged" });
    assert_eq!(mia.get(&path).await.body["webhook"]["refused"], refused, "whoever set it up sees it");
    assert_eq!(call(&site, &hook, &[], "{}").await, 400);
    assert_eq!(mia.get(&path).await.body["webhook"]["refused"]["why"], "malformed");
    assert_eq!(called_at(&mia, &path).await, Value::Null);
    let again = json!({ "return_domain": null, "webhook": { "provider": "mailgun", "secret": KEY } });
    let set = mia.send(Method::PUT, &path, Some(again)).await;
    assert_eq!(set.body["webhook"]["refused"], Value::Null, "what is entered now was not refused yet");

    let (path, hook) = hooked(&mia, "postmark", PASSWORD).await;
    assert_eq!(call(&site, &hook, &[], "{}").await, 401);
    assert_eq!(call(&site, &hook, &basic("wrong"), "{}").await, 401);
    assert_eq!(mia.get(&path).await.body["webhook"]["refused"]["why"], "wrong_password");
    assert_eq!(called_at(&mia, &path).await, Value::Null);

    let (_, hook) = hooked(&mia, "ses", "arn:aws:sns:eu-west-1:123456789012:ses").await;
    let elsewhere = json!({
        "Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:eu-west-1:123456789012:ses", "Message": "{}",
        "Timestamp": "2025-10-09T08:53:20.000Z", "SignatureVersion": "1", "Signature": "AAAA",
        "SigningCertURL": "https://evil.example/x.pem",
    });
    assert_eq!(call(&site, &hook, &[], &elsewhere.to_string()).await, 403);
}

#[rstest]
#[tokio::test]
async fn a_call_that_is_too_large_is_refused_and_shown(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let (path, hook) = hooked(&mia, "mailgun", KEY).await;
    let large = "x".repeat(5 * 1024 * 1024);
    assert_eq!(call(&site, &hook, &[], &large).await, 413);
    assert_eq!(mia.get(&path).await.body["webhook"]["refused"]["why"], "too_large");
    assert_eq!(call(&site, &hook.replace("/mailgun/", "/sendgrid/"), &[], &large).await, 404);
}

#[tokio::test]
async fn only_webhooks_that_were_set_up_are_there() {
    let site = Site::new(Backend::Sqlite).await;
    let mia = site.signed_in("mia@north.example").await;
    let (path, hook) = hooked(&mia, "mailgun", KEY).await;
    let forged = format!("{}a", &hook[..hook.len() - 1]);
    let other = hook.replace("/mailgun/", "/sendgrid/");
    for nowhere in [forged.as_str(), &other, "/hooks/mailgun/x", "/hooks/nobody/x"] {
        assert_eq!(call(&site, nowhere, &[], &mailgun(KEY, "t")).await, 404, "{nowhere}");
    }
    let nothing = json!({ "return_domain": null, "webhook": null });
    assert_eq!(mia.send(Method::PUT, &path, Some(nothing)).await.body["webhook"], Value::Null);
    assert_eq!(call(&site, &hook, &[], &mailgun(KEY, "t")).await, 404);
}

#[rstest]
#[tokio::test]
async fn what_a_channel_learns_from_is_checked_and_its_secret_never_shown(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let site = Site::new(backend).await;
    let mia = site.signed_in("mia@north.example").await;
    let (path, _) = hooked(&mia, "mailgun", KEY).await;
    let kept = mia.get(&path).await.body;
    assert!(!kept.to_string().contains(KEY) && kept["webhook"]["public_key"].is_null(), "{kept}");
    let topic = "arn:aws:sns:eu-west-1:123456789012:ses";
    let (of_ses, _) = hooked(&mia, "ses", topic).await;
    assert_eq!(mia.get(&of_ses).await.body["webhook"]["public_key"], topic, "it is no secret");
    let table = [
        (json!({ "return_domain": "not a domain" }), "return_domain", "not_a_host"),
        (json!({ "webhook": { "provider": "ses", "secret": "x" } }), "secret", "wrong"),
        (json!({ "webhook": { "provider": "sendgrid", "secret": "x" } }), "secret", "wrong"),
        (json!({ "webhook": { "provider": "postmark", "secret": "short" } }), "secret", "too_short"),
        (json!({ "webhook": { "provider": "sparkpost" } }), "secret", "required"),
    ];
    for (wish, field, code) in table {
        let answer = mia.send(Method::PUT, &path, Some(wish.clone())).await;
        assert_eq!(answer.status, 422, "{wish}");
        let fault = &answer.body["errors"][0];
        assert_eq!((&fault["field"], &fault["code"]), (&json!(field), &json!(code)), "{wish}");
    }
    let wish = json!({ "return_domain": "Bounces.Bücher.example", "webhook": { "provider": "mailgun" } });
    let set = mia.send(Method::PUT, &path, Some(wish)).await.body;
    assert_eq!(set["return_domain"], "bounces.xn--bcher-kva.example");
    assert!(set["feedback_address"].as_str().unwrap().starts_with("f+"));
    assert_eq!((&set["port_open"], &set["webhook"]["provider"]), (&json!(false), &json!("mailgun")));
    let hears = mia.get(path.trim_end_matches("/feedback")).await.body["hears_of"].clone();
    assert_eq!(hears, json!(["late_bounce", "delay", "arrival", "complaint"]));
}
