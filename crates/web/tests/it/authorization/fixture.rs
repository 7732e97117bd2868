//! Mia's things, and nine callers who ask for them. Each request is made to a copy of the same database, so that none
//! sees what another did.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::http::Method;
use domain::{
    EmailId, IdentityId, ReceivedId, Status,
    authorization::Role,
    incoming::{Kind, Via},
};
use serde_json::{Value, json};
use store::{
    Location,
    emails::Email,
    received::{Received, Told},
};
use tempfile::TempDir;

use super::table::{CALLERS, Row};
use crate::support::{
    Caller, router,
    world::{PASSWORD, START, World, engine_on, join},
};

/// A server that is not there; nothing of these tests depends on what it would say.
const SERVER: &str = r#""host":"127.0.0.1","port":9,"security":"none","auth":"none",
    "limits":{"batch_size":null,"batch_pause_s":null,"per_minute":null,"per_day":null}"#;

/// Nothing listens there either.
const IMAP: &str = r#""host":"127.0.0.1","port":9,"security":"none","username":"mia","password":"open sesame 7""#;

const BOUNDARY: &str = "boundary";

pub(super) struct Fixture {
    folder: TempDir,
    callers: HashMap<&'static str, Caller>,
    values: Vec<(&'static str, String)>,
    versions: HashMap<String, i64>,
    copies: AtomicU32,
}

impl Fixture {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::on(&Location::SqliteFile(folder.path().join("origin.db"))).await;
        let callers = callers(&world).await;
        let mut values = things(&world, &callers).await;
        values.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let versions = versions(&world, &values).await;
        world.engine.db().close().await;
        Self { folder, callers, values, versions, copies: AtomicU32::new(8) }
    }

    /// The status that `caller` gets.
    pub(super) async fn answer(&self, caller: &str, row: &Row) -> u16 {
        let copy = self.copy();
        // Not the seed the things were made with, or ids would coincide.
        let (engine, _) = engine_on(&Location::SqliteFile(copy.clone()), 8).await;
        let version = self.versions.iter().find(|(name, _)| row.path.split('/').any(|part| part == name.as_str()));
        let version = format!("\"{}\"", version.map_or(1, |(_, version)| *version));
        let caller = self.callers[caller].at(&router(&engine)).with("if-match", &version);
        let status = caller.respond(row.method.clone(), &self.fill(&row.path), self.body(row)).await.status().as_u16();
        engine.db().close().await;
        std::fs::remove_file(copy).unwrap();
        status
    }

    /// Status and body that an administrator gets whose request has a field more than the row's.
    pub(super) async fn answer_to_unknown(&self, row: &Row, field: &str) -> (u16, Value) {
        let copy = self.copy();
        let (engine, _) = engine_on(&Location::SqliteFile(copy.clone()), 8).await;
        let mut body: Value = serde_json::from_str(&self.fill(&row.body)).unwrap();
        body[field] = json!(1);
        let caller = self.callers["an admin"].at(&router(&engine)).with("if-match", "\"1\"");
        let answer = caller.send(row.method.clone(), &self.fill(&row.path), Some(body)).await;
        engine.db().close().await;
        std::fs::remove_file(copy).unwrap();
        (answer.status, answer.body)
    }

    fn copy(&self) -> PathBuf {
        let copy = self.folder.path().join(format!("{}.db", self.copies.fetch_add(1, Ordering::Relaxed)));
        std::fs::copy(self.folder.path().join("origin.db"), &copy).unwrap();
        copy
    }

    fn body(&self, row: &Row) -> Option<(&'static str, String)> {
        match row.body.as_str() {
            "" => None,
            "FILE" => Some(file()),
            json => Some(("application/json", self.fill(json))),
        }
    }

    /// Puts the things where their names stand.
    fn fill(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${name}"), value))
    }
}

async fn callers(world: &World) -> HashMap<&'static str, Caller> {
    let anonymous = Caller::new(router(&world.engine));
    let gus = join(&world.engine, &world.admin, "Gus Gone", Role::Member).await;
    let token = world.engine.operator_creates_token("mia@north.example", "Script").await.unwrap();
    let callers = [
        anonymous.clone(),
        anonymous.clone().sign_in("mia@north.example").await,
        anonymous.clone().with("authorization", &format!("Bearer {token}")),
        anonymous.clone().sign_in("max@north.example").await,
        viewing(anonymous.clone().sign_in("max@north.example").await, world).await,
        anonymous.clone().sign_in("olga@north.example").await,
        anonymous.clone().sign_in("ada@north.example").await,
        anonymous.clone().sign_in("gus@north.example").await,
        anonymous.sign_in("sam@north.example").await,
    ];
    // Behind the engine's back, so that the session is still there: it must not count.
    let mut tx = world.engine.db().begin().await.unwrap();
    store::members::set_deactivated(&mut tx, gus.workspace, gus.user, Some(START)).await.unwrap();
    tx.commit().await.unwrap();
    CALLERS.into_iter().zip(callers).collect()
}

/// The same browser, which shows Mia's mail from here on.
async fn viewing(max: Caller, world: &World) -> Caller {
    let answer = max.send(Method::PUT, "/session/view-as", Some(json!({ "user_id": world.member.user }))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    max
}

/// Everything that the table names.
async fn things(world: &World, callers: &HashMap<&'static str, Caller>) -> Vec<(&'static str, String)> {
    let (mia, ada) = (&callers["mia"], &callers["an admin"]);
    let server = |name: &str, team: bool| -> Value {
        serde_json::from_str(&format!(r#"{{"name":"{name}","team":{team},{SERVER}}}"#)).unwrap()
    };
    let channel = create(mia, "/channels", server("Own", false)).await;
    let shared = create(ada, "/channels", server("Ours", true)).await;
    let said = json!({ "channel_id": shared, "domain": "old.example", "algorithm": "ed25519" });
    let dkim = create(ada, "/dkim-keys", said).await;
    let entered = ada.send(Method::PUT, "/tracking-domain", Some(json!({ "host": "go.north.example" }))).await;
    assert_eq!(entered.status, 200, "{entered:?}");
    let mailbox =
        create(mia, "/mailboxes", serde_json::from_str(&format!(r#"{{"name":"Work",{IMAP}}}"#)).unwrap()).await;
    let registered = ada.send(Method::PUT, "/providers/google", Some(json!({ "client_id": "desk" }))).await;
    assert_eq!(registered.status, 200, "{registered:?}");
    let said = json!({ "name": "Mia", "address": "mia@north.example", "channel_id": channel });
    let identity = create(mia, "/identities", said).await;
    verify(world, &identity).await;
    let said = json!({ "name": "Mia", "address": "unverified@north.example", "channel_id": channel });
    let unverified = create(mia, "/identities", said).await;
    let person = create(mia, "/people", json!({ "address": "kim@far.example" })).await;
    let stopped = create(mia, "/people", json!({ "address": "gone@far.example" })).await;
    let stop = create(mia, &format!("/people/{stopped}/unsubscribe"), json!({})).await;
    ada.post("/blocked-domains", json!({ "domain": "rival.example" })).await;
    let said = json!({ "identity_id": identity, "person_id": person, "subject": "Hello", "body_html": "<p>Hello</p>" });
    let [draft, sent, uncertain, deleted] = [
        create(mia, "/emails", said.clone()).await,
        create(mia, "/emails", said.clone()).await,
        create(mia, "/emails", said.clone()).await,
        create(mia, "/emails", said).await,
    ];
    let attachment = attach(mia, &draft).await;
    file_under(world, &sent, Status::Delivered).await;
    file_under(world, &uncertain, Status::InProgress).await;
    let action = create(mia, "/email-actions", json!({ "action": "delete", "email_ids": [deleted] })).await;
    let invitation = json!({ "email": "nina@north.example", "role": "member", "team_ids": [] });
    let invitation = ada.post("/invitations", invitation).await.body;
    let reset = ada.post(&format!("/members/{}/password-reset", world.member.user), json!(null)).await.body;
    let token_of = |link: &Value| link["link"].as_str().unwrap().split_once("#token=").unwrap().1.to_owned();
    let gus = world.engine.members(&world.admin).await.unwrap().into_iter().find(|m| m.member.name == "Gus Gone");
    let received = answered(world, &sent, &person).await;
    vec![
        ("password", PASSWORD.into()),
        ("server", SERVER.into()),
        ("imap", IMAP.into()),
        ("ada", world.admin.user.to_string()),
        ("max", world.manager.user.to_string()),
        ("mia", world.member.user.to_string()),
        ("olga", world.other_manager.user.to_string()),
        ("gus", gus.unwrap().member.user_id.to_string()),
        ("north", world.north.to_string()),
        ("token", create(mia, "/api-tokens", json!({ "name": "Other" })).await),
        ("invitation", invitation["id"].as_str().unwrap().to_owned()),
        ("invited", token_of(&invitation)),
        ("reset", token_of(&reset)),
        ("channel", channel),
        ("shared", shared),
        ("dkim", dkim),
        ("mailbox", mailbox),
        ("google", "google".to_owned()),
        ("identity", identity),
        ("unverified", unverified),
        ("person", person),
        ("stop", stop),
        ("blocked", "rival.example".into()),
        ("draft", draft),
        ("received", received),
        ("sent", sent),
        ("uncertain", uncertain),
        ("attachment", attachment),
        ("action", action),
    ]
}

/// The id of what was made.
async fn create(caller: &Caller, path: &str, body: Value) -> String {
    let answer = caller.post(path, body).await;
    let id = answer.body["id"].as_str();
    assert!(id.is_some(), "{path}: {answer:?}");
    id.unwrap().to_owned()
}

fn file() -> (&'static str, String) {
    let part = "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain";
    ("multipart/form-data; boundary=boundary", format!("--{BOUNDARY}\r\n{part}\r\n\r\nHello\r\n--{BOUNDARY}--\r\n"))
}

async fn attach(mia: &Caller, email: &str) -> String {
    let response = mia.respond(Method::POST, &format!("/emails/{email}/attachments"), Some(file())).await;
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    assert!(answer["id"].is_string(), "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

async fn verify(world: &World, identity: &str) {
    let id: IdentityId = identity.parse().unwrap();
    let mut tx = world.engine.db().begin().await.unwrap();
    store::identities::verify(&mut tx, world.member.workspace, id, START).await.unwrap();
    tx.commit().await.unwrap();
}

/// What delivery would have done, without a server.
async fn file_under(world: &World, email: &str, status: Status) {
    let id: EmailId = email.parse().unwrap();
    let mut tx = world.engine.db().begin().await.unwrap();
    let mut email: Email = store::emails::find(&mut tx, world.member.workspace, id).await.unwrap();
    email.status = status;
    email.uncertain = status == Status::InProgress;
    email.sent_at = Some(START);
    store::emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
    let sent = store::bodies::Sent {
        email_id: id,
        send_number: email.send_number,
        message_id: format!("<{id}@north.example>"),
        subject: email.subject.clone(),
        html: store::bodies::Original::new("").difference("<p>Hello</p>"),
        from_name: "Mia".into(),
        from_address: "mia@north.example".into(),
        at: START,
    };
    store::bodies::keep_sent(&mut tx, world.member.workspace, &[&sent]).await.unwrap();
    tx.commit().await.unwrap();
}

/// A reply to an email, as it is recorded.
async fn answered(world: &World, email: &str, person: &str) -> String {
    let received = Received {
        workspace_id: world.member.workspace,
        id: ReceivedId(uuid::Uuid::from_u128(41)),
        fingerprint: vec![1],
        source: Via::Port,
        mailbox_id: None,
        channel_id: None,
        email_id: Some(email.parse().unwrap()),
        send_number: Some(1),
        person_id: Some(person.parse().unwrap()),
        owner_id: world.member.user,
        kind: Kind::Reply,
        from_name: "Kim".into(),
        from_address: "kim@far.example".into(),
        subject: "Re: Hello".into(),
        message_id: Some("r1@far.example".into()),
        in_reply_to: None,
        reference_ids: String::new(),
        snippet: "Yes".into(),
        at: START,
        evidence: Told::default(),
        waits: false,
    };
    let mut tx = world.engine.db().begin().await.unwrap();
    store::received::insert(&mut tx, &received).await.unwrap();
    let body = store::received::Body { html: "<p>Yes</p>".into(), text: "Yes".into() };
    store::received::keep_body(&mut tx, received.workspace_id, received.id, &body).await.unwrap();
    tx.commit().await.unwrap();
    received.id.to_string()
}

/// Which version of each thing there is, by the name it has in the table.
async fn versions(world: &World, values: &[(&'static str, String)]) -> HashMap<String, i64> {
    let id = |wanted: &str| values.iter().find(|(name, _)| *name == wanted).unwrap().1.clone();
    let (mia, mut tx) = (&world.member, world.engine.db().read().await.unwrap());
    let draft = store::emails::find(&mut tx, mia.workspace, id("draft").parse().unwrap()).await.unwrap().version;
    let identity =
        store::identities::find(&mut tx, mia.workspace, id("identity").parse().unwrap()).await.unwrap().version;
    HashMap::from([("unsubscribe-message".into(), 0), ("$draft".into(), draft), ("$identity".into(), identity)])
}
