//! Providers that call, from the wish of a member to the folder of an email that was really sent. Each is played after its
//! documentation, and gives back what our message carried.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    Status,
    channel::Security,
    feedback::WebhookProvider::{self, Mailgun, Postmark, Sendgrid, Ses, Sparkpost},
    limits::Limits,
    time::SECOND,
};
use engine::{
    DomainSettings,
    feedback::{CallError, FeedbackWish, HeaderMap, Refused, WebhookWish},
};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use rstest::rstest;
use serde_json::{Value, json};
use store::emails::Email;
use testbed::sns::{self, Sns};

use super::Desk;
use crate::{
    bad_input::{Server, lead_to},
    mailroom::Mailroom,
    support::Backend,
};

const MARTA: &str = "accept.marta@b.example";
const ANA: &str = "accept.ana@b.example";
const PASSWORD: &str = "sixteen letters!";
const KEY: &str = "a signing key";

type Answer = Result<(), CallError>;

/// A desk whose channel's provider calls.
struct Hook {
    desk: Desk,
    provider: WebhookProvider,
    token: String,
}

impl Hook {
    async fn set_up(desk: Desk, provider: WebhookProvider, secret: &str) -> Self {
        let webhook = Some(WebhookWish { provider, secret: Some(secret.into()) });
        let wish = FeedbackWish { return_domain: None, webhook };
        let view = desk.engine().set_feedback(&desk.room.actor, desk.channel(), wish).await.unwrap();
        let token = view.webhook_url.unwrap().rsplit('/').next().unwrap().to_owned();
        Self { desk, provider, token }
    }

    async fn call(&self, headers: &[(&'static str, String)], body: &str) -> Answer {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        self.desk.engine().take_call(self.provider, &self.token, &headers, body.as_bytes()).await
    }

    async fn status(&self, email: &Email) -> Status {
        self.desk.email(email.id).await.status
    }

    /// A header of the message that was sent to `address`, unfolded.
    fn carried(&self, address: &str, name: &str) -> String {
        let raw = String::from_utf8_lossy(&self.desk.room.world.inbox(address)[0].raw).replace("\r\n ", " ");
        let line = raw.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {raw}")).to_owned()
    }

    fn seconds(&self) -> i64 {
        self.desk.engine().now().0 / SECOND
    }
}

fn is_forged(answer: &Answer) -> bool {
    matches!(answer, Err(CallError::Refused(Refused::Forged(_) | Refused::WrongPassword)))
}

/// An SES notification about `address`; its own `id` of the message is all that it knows it by.
fn notification(what: &str, id: &str, address: &str) -> String {
    let about = json!([{ "emailAddress": address, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 unknown" }]);
    let mut told = json!({ "notificationType": what, "mail": { "messageId": id, "destination": [address] } });
    match what {
        "Bounce" => {
            let feedback = format!("f-{address}");
            told["bounce"] = json!({ "bounceType": "Permanent", "feedbackId": feedback, "bouncedRecipients": about });
        }
        _ => told["complaint"] = json!({ "feedbackId": "f-2", "complainedRecipients": about }),
    }
    told.to_string()
}

#[rstest]
#[tokio::test]
async fn ses_subscribes_and_tells_by_the_id_that_its_server_named(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    const GIVEN: &str = "0100018c2f4a5b6c-1f2e3d4c-5b6a-7988-90ab-cdef01234567-000000";
    let sns = Sns::start();
    let domains = DomainSettings {
        trusted_roots: DomainSettings::read_roots(sns.root().as_bytes()).unwrap(),
        hosts: vec![(sns::HOST.to_owned(), sns.address())],
        ..DomainSettings::default()
    };
    let room = Mailroom::with(backend, Limits::default(), domains).await;
    let verdict = "250 Ok 0100018c2f4a5b6c-1f2e3d4c-5b6a-7988-90ab-cdef01234567-000000\r\n";
    lead_to(&room, Server { verdict, ..Server::greeting("220 ses.example ESMTP\r\n") }, Security::None).await;
    let hook = Hook::set_up(Desk::in_room(room).await, Ses, sns::TOPIC).await;
    let at = hook.desk.engine().now().to_string();

    let yes = format!("https://{}/?Action=ConfirmSubscription&Token=2336412f37fb687f", sns::HOST);
    let elsewhere = sns.confirmation("c-0", "https://evil.example/?Action=ConfirmSubscription", &at);
    assert!(is_forged(&hook.call(&[], &elsewhere).await));
    let unsigned = sns.confirmation("c-0", &yes, &at).replace("You have chosen", "We have chosen");
    assert!(is_forged(&hook.call(&[], &unsigned).await));
    assert!(sns.asked().iter().all(|asked| asked == sns::CERTIFICATE_PATH), "{:?}", sns.asked());
    hook.call(&[], &sns.confirmation("c-1", &yes, &at)).await.unwrap();
    assert_eq!(sns.asked().last().map(String::as_str), Some("/?Action=ConfirmSubscription&Token=2336412f37fb687f"));

    let email = hook.desk.delivered(MARTA).await;
    let genuine = sns.notification("n-1", &notification("Bounce", GIVEN, MARTA), &at);
    let forged = genuine.replace("5.1.1", "5.1.2");
    assert!(is_forged(&hook.call(&[], &forged).await));
    let unknown = sns.notification("n-0", &notification("Bounce", "0100-000000", "nobody@b.example"), &at);
    hook.call(&[], &unknown).await.unwrap();
    let another = sns.notification("n-2", &notification("Bounce", GIVEN, ANA), &at);
    hook.call(&[], &another).await.unwrap();
    assert_eq!(hook.status(&email).await, Status::Delivered, "nothing of that was about it");
    hook.call(&[], &genuine).await.unwrap();
    assert_eq!(hook.status(&email).await, Status::Bounced);
    let events = hook.desk.kinds(email.id).await;
    hook.call(&[], &genuine).await.unwrap();
    assert_eq!(hook.desk.kinds(email.id).await, events, "told again, nothing changes");
    hook.desk.room.clock.advance(2 * 24 * 3_600 * SECOND);
    let stale = hook.call(&[], &genuine).await;
    assert!(matches!(stale, Err(CallError::Refused(Refused::Stale))), "{stale:?}");
    let fetched = sns.asked().into_iter().filter(|asked| asked == sns::CERTIFICATE_PATH).count();
    assert_eq!(fetched, 1, "the certificate is kept");
}

/// Counts by name, whatever the labels.
#[derive(Default)]
struct Counts(Mutex<HashMap<String, Arc<AtomicU64>>>);

impl Counts {
    fn of(&self, what: &str) -> u64 {
        let name = format!("quarterdeck_webhook_calls_{what}_total");
        self.0.lock().unwrap().get(&name).map_or(0, |count| count.load(Ordering::SeqCst))
    }
}

impl Recorder for Counts {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::clone(self.0.lock().unwrap().entry(key.name().to_owned()).or_default()))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[rstest]
#[tokio::test]
async fn a_call_that_we_cannot_take_is_put_off_and_not_refused(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let counts = Counts::default();
    let _counting = metrics::set_default_local_recorder(&counts);
    let sns = Sns::start();
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    let domains = DomainSettings {
        trusted_roots: DomainSettings::read_roots(sns.root().as_bytes()).unwrap(),
        hosts: vec![(sns::HOST.to_owned(), nobody)],
        ..DomainSettings::default()
    };
    let desk = Desk::in_room(Mailroom::with(backend, Limits::default(), domains).await).await;
    let hook = Hook::set_up(desk, Ses, sns::TOPIC).await;
    let genuine = sns.notification("n-1", "{}", &hook.desk.engine().now().to_string());
    let refused =
        async || hook.desk.engine().feedback(&hook.desk.room.actor, hook.desk.channel()).await.unwrap().refused;

    let put_off = hook.call(&[], &genuine).await;
    assert!(matches!(put_off, Err(CallError::Unavailable)), "Amazon's certificate is out of reach: {put_off:?}");
    assert_eq!((counts.of("put_off"), counts.of("refused"), refused().await), (1, 0, None));
    assert!(matches!(hook.call(&[], "?").await, Err(CallError::Refused(Refused::Malformed))));
    assert_eq!((counts.of("put_off"), counts.of("refused")), (1, 1));
    assert_eq!(refused().await.unwrap().why, Refused::Malformed);
    hook.desk.engine().db().close().await;
    assert!(matches!(hook.call(&[], &genuine).await, Err(CallError::Unavailable)), "the store is away");
    assert_eq!((counts.of("put_off"), counts.of("refused")), (2, 1));
}

#[rstest]
#[tokio::test]
async fn ses_tells_of_a_complaint(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let sns = Sns::start();
    let domains = DomainSettings {
        trusted_roots: DomainSettings::read_roots(sns.root().as_bytes()).unwrap(),
        hosts: vec![(sns::HOST.to_owned(), sns.address())],
        ..DomainSettings::default()
    };
    let desk = Desk::in_room(Mailroom::with(backend, Limits::default(), domains).await).await;
    let hook = Hook::set_up(desk, Ses, sns::TOPIC).await;
    let email = hook.desk.delivered(MARTA).await;
    // With the original headers, as SES adds them where it is told to.
    let mut told: Value = serde_json::from_str(&notification("Complaint", "0100-000000", MARTA)).unwrap();
    let mark = hook.carried(MARTA, "X-Quarterdeck-Email");
    told["mail"]["headers"] = json!([{ "name": "X-Quarterdeck-Email", "value": mark }]);
    let at = hook.desk.engine().now().to_string();
    hook.call(&[], &sns.notification("n-1", &told.to_string(), &at)).await.unwrap();
    assert_eq!(hook.status(&email).await, Status::Spam);
    hook.desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn sendgrid_tells_of_a_bounce_and_a_complaint(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let random = SystemRandom::new();
    let pair = || {
        let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pair.as_ref(), &random).unwrap()
    };
    let (key, wrong) = (pair(), pair());
    let head = STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE").unwrap();
    let shown = STANDARD.encode([&head[..26], key.public_key().as_ref()].concat());
    let hook = Hook::set_up(Desk::open(backend).await, Sendgrid, &shown).await;
    let (marta, ana) = (hook.desk.delivered(MARTA).await, hook.desk.delivered(ANA).await);
    let args: Value = serde_json::from_str(&hook.carried(ANA, "X-SMTPAPI")).unwrap();
    let now = hook.seconds();
    let body = json!([
        { "email": MARTA, "timestamp": now, "event": "bounce", "type": "bounce", "sg_event_id": "sg-1",
            "smtp-id": hook.carried(MARTA, "Message-ID"), "reason": "550 5.1.1 user unknown", "status": "5.1.1" },
        { "email": ANA, "timestamp": now, "event": "spamreport", "sg_event_id": "sg-2",
            "quarterdeck": args["unique_args"]["quarterdeck"] },
    ])
    .to_string();
    let signed = |key: &EcdsaKeyPair, at: i64| {
        let signature = key.sign(&random, format!("{at}{body}").as_bytes()).unwrap();
        [
            ("x-twilio-email-event-webhook-signature", STANDARD.encode(signature)),
            ("x-twilio-email-event-webhook-timestamp", at.to_string()),
        ]
    };
    assert!(is_forged(&hook.call(&signed(&wrong, now), &body).await));
    assert!(matches!(hook.call(&signed(&key, 1), &body).await, Err(CallError::Refused(Refused::Stale))));
    assert_eq!((hook.status(&marta).await, hook.status(&ana).await), (Status::Delivered, Status::Delivered));
    hook.call(&signed(&key, now), &body).await.unwrap();
    assert_eq!((hook.status(&marta).await, hook.status(&ana).await), (Status::Bounced, Status::Spam));
    let events = hook.desk.kinds(marta.id).await;
    hook.call(&signed(&key, now), &body).await.unwrap();
    assert_eq!(hook.desk.kinds(marta.id).await, events);
}

#[rstest]
#[tokio::test]
async fn postmark_tells_of_a_bounce_and_a_complaint(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let hook = Hook::set_up(Desk::open(backend).await, Postmark, PASSWORD).await;
    let (marta, ana) = (hook.desk.delivered(MARTA).await, hook.desk.delivered(ANA).await);
    let told = |id: u32, what: &str, address: &str| {
        json!({
            "RecordType": what, "ID": id, "Type": "HardBounce", "MessageID": "00000000-0000-0000-0000-000000000000",
            "Email": address, "BouncedAt": hook.desk.engine().now().to_string(), "Details": "550 5.1.1 unknown",
            "Metadata": { "quarterdeck": hook.carried(address, "X-PM-Metadata-quarterdeck") },
        })
        .to_string()
    };
    assert!(is_forged(&hook.call(&basic("another password"), &told(1, "Bounce", MARTA)).await));
    assert_eq!(hook.status(&marta).await, Status::Delivered);
    for _ in 0..2 {
        hook.call(&basic(PASSWORD), &told(1, "Bounce", MARTA)).await.unwrap();
        hook.call(&basic(PASSWORD), &told(2, "SpamComplaint", ANA)).await.unwrap();
    }
    assert_eq!((hook.status(&marta).await, hook.status(&ana).await), (Status::Bounced, Status::Spam));
    assert_eq!(hook.desk.received(marta.id).await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn mailgun_tells_of_a_bounce_and_a_complaint(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let hook = Hook::set_up(Desk::open(backend).await, Mailgun, KEY).await;
    let (marta, ana) = (hook.desk.delivered(MARTA).await, hook.desk.delivered(ANA).await);
    let told = |key: &str, token: &str, what: &str, address: &str| {
        let at = hook.seconds();
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        let tag = data_encoding::HEXLOWER.encode(hmac::sign(&key, format!("{at}{token}").as_bytes()).as_ref());
        let id = hook.carried(address, "Message-ID");
        json!({
            "signature": { "timestamp": at.to_string(), "token": token, "signature": tag },
            "event-data": {
                "id": token, "event": what, "timestamp": at, "recipient": address, "severity": "permanent",
                "delivery-status": { "code": 550, "message": "5.1.1 user unknown", "bounce-type": "hard" },
                "message": { "headers": { "message-id": id.trim_matches(['<', '>']) } }, "user-variables": [],
            },
        })
        .to_string()
    };
    assert!(is_forged(&hook.call(&[], &told("another key", "t0", "failed", MARTA)).await));
    assert_eq!(hook.status(&marta).await, Status::Delivered);
    for _ in 0..2 {
        hook.call(&[], &told(KEY, "t1", "failed", MARTA)).await.unwrap();
        hook.call(&[], &told(KEY, "t2", "complained", ANA)).await.unwrap();
    }
    assert_eq!((hook.status(&marta).await, hook.status(&ana).await), (Status::Bounced, Status::Spam));
    assert_eq!(hook.desk.received(marta.id).await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn sparkpost_tells_of_a_bounce_and_a_complaint(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let hook = Hook::set_up(Desk::open(backend).await, Sparkpost, PASSWORD).await;
    let (marta, ana) = (hook.desk.delivered(MARTA).await, hook.desk.delivered(ANA).await);
    let told = |id: &str, what: &str, address: &str| {
        let api: Value = serde_json::from_str(&hook.carried(address, "X-MSYS-API")).unwrap();
        json!({ "msys": { "message_event": {
            "type": what, "event_id": id, "timestamp": hook.seconds().to_string(), "rcpt_to": address,
            "bounce_class": "10", "error_code": "550", "raw_reason": "550 5.1.1 user unknown", "rcpt_meta": api["metadata"],
        } } })
    };
    let body = json!([told("sp-1", "bounce", MARTA), told("sp-2", "spam_complaint", ANA)]).to_string();
    assert!(is_forged(&hook.call(&[], &body).await));
    assert_eq!(hook.status(&marta).await, Status::Delivered);
    for _ in 0..2 {
        hook.call(&basic(PASSWORD), &body).await.unwrap();
    }
    assert_eq!((hook.status(&marta).await, hook.status(&ana).await), (Status::Bounced, Status::Spam));
    assert_eq!(hook.desk.received(marta.id).await.len(), 1);
}

fn basic(password: &str) -> [(&'static str, String); 1] {
    [("authorization", format!("Basic {}", STANDARD.encode(format!("any:{password}"))))]
}
