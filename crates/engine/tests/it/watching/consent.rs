//! A mailbox that is opened by a consent: a provider that follows the published protocol, and a Dovecot that takes its
//! tokens.

use domain::{
    authorization::Actor,
    channel::Security,
    provider::MailboxProvider as At,
    time::{HOUR, MINUTE},
};
use engine::{
    Error,
    accounts::{Warning, audit::AuditAction},
    mailboxes::{MailboxInput, MailboxView},
    providers::{ProviderInput, Published},
};
use rstest::rstest;
use testbed::{
    dovecot::{Dovecot, Options},
    provider::{CLIENT_ID, CLIENT_SECRET, Provider},
};
use url::Url;

use super::{Lookout, MARTA, Watching};
use crate::{incoming::reply, mailboxes::mailbox_on, mailroom::Mailroom, support::Backend};

const ACCOUNT: &str = "elena@northlight.example";
const SESSION: &[u8] = b"session";

struct Desk {
    room: Mailroom,
    provider: Provider,
    dovecot: Dovecot,
}

impl Desk {
    /// A workspace that is registered at a provider, whose mail is on a Dovecot.
    async fn open(backend: Backend) -> Self {
        let (room, provider) = (Mailroom::open(backend).await, Provider::start(ACCOUNT));
        let introspection_url = Some(provider.introspection_url());
        let dovecot = Dovecot::start_with(&Options { introspection_url, ..Options::default() });
        let desk = Self { room, provider, dovecot };
        desk.room.engine.register_provider(&desk.room.actor, At::Google, desk.registration()).await.unwrap();
        desk
    }

    fn registration(&self) -> ProviderInput {
        ProviderInput {
            client_id: CLIENT_ID.into(),
            client_secret: Some(CLIENT_SECRET.into()),
            authorization_url: Some(self.provider.authorization_url()),
            token_url: Some(self.provider.token_url()),
            scopes: None,
            host: Some(self.dovecot.addr().ip().to_string()),
            port: Some(self.dovecot.addr().port().into()),
            security: Some(Security::None),
        }
    }

    /// Goes to the provider, consents, and comes back.
    async fn connect(&self, again: Option<&MailboxView>) -> Result<MailboxView, Error> {
        let mailbox = again.map(|view| view.mailbox.id);
        let url = self.room.engine.ask_consent(&self.room.actor, SESSION, At::Google, mailbox).await?;
        let (state, code) = back(&self.provider.consent(&url));
        self.room.engine.take_consent(&self.room.actor, SESSION, &state, &code).await
    }
}

/// State and code, as they stand in the address that somebody is sent back to.
fn back(url: &str) -> (String, String) {
    let url = Url::parse(url).unwrap();
    assert_eq!(url.path(), "/oauth/callback");
    let said = |name: &str| url.query_pairs().find(|(found, _)| found == name).unwrap().1.into_owned();
    (said("state"), said("code"))
}

#[rstest]
#[tokio::test]
async fn a_mailbox_is_connected_watched_and_its_token_renewed(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    desk.provider.set_lifetime(600);
    let made = desk.connect(None).await.unwrap();
    let mailbox = &made.mailbox;
    assert_eq!((mailbox.username.as_str(), mailbox.provider), (ACCOUNT, Some(At::Google)));
    let out = Lookout { mailbox: mailbox.id, room: desk.room, dovecot: desk.dovecot };
    let inbox = out.dovecot.folder(ACCOUNT, "INBOX");
    let (id, message_id) = out.delivered(MARTA).await;
    let watching = Watching::begin(&out.room.engine);
    out.until_looked().await;
    assert_eq!(desk.provider.given(), 2, "one for the code, one to sign in");
    inbox.deliver(reply(MARTA, &message_id, "Yes, gladly.").as_bytes());
    out.until_read("INBOX", 1).await;
    assert_eq!(out.email(id).await.replies, 1);
    watching.end().await;

    // The token is good for a while; then the next one is had with the refresh token that replaced the first.
    let probe = out.room.engine.test_mailbox(&out.room.actor, out.mailbox).await.unwrap();
    assert!(probe.is_ok() && desk.provider.given() == 2, "{probe:?}");
    out.room.clock.advance(10 * MINUTE);
    let probe = out.room.engine.test_mailbox(&out.room.actor, out.mailbox).await.unwrap();
    assert!(probe.is_ok() && desk.provider.given() == 3, "{probe:?}");
    assert!(!format!("{probe:?}").contains("access-"), "{probe:?}");
}

#[rstest]
#[tokio::test]
async fn a_consent_that_was_withdrawn_is_said_and_given_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let made = desk.connect(None).await.unwrap();
    desk.provider.withdraw();
    let out = Lookout { mailbox: made.mailbox.id, room: desk.room, dovecot: desk.dovecot };
    let watching = Watching::begin(&out.room.engine);
    out.until("withdrawn", |view| {
        view.watch.as_ref().is_some_and(|watch| watch.problem.as_deref() == Some("consent_withdrawn"))
    })
    .await;
    let desk = Desk { room: out.room, dovecot: out.dovecot, provider: desk.provider };
    let again = desk.connect(Some(&made)).await.unwrap();
    assert_eq!((again.mailbox.id, again.watch.unwrap().problem), (made.mailbox.id, None));
    let out = Lookout { mailbox: made.mailbox.id, room: desk.room, dovecot: desk.dovecot };
    out.until_looked().await;
    watching.end().await;
    assert_eq!(out.room.engine.mailboxes(&out.room.actor).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_account_is_the_same_mailbox_and_another_is_refused() {
    let desk = Desk::open(Backend::Sqlite).await;
    let made = desk.connect(None).await.unwrap();
    assert_eq!(desk.connect(None).await.unwrap().mailbox.id, made.mailbox.id);
    let other = Provider::start("max@northlight.example");
    let registration = ProviderInput {
        authorization_url: Some(other.authorization_url()),
        token_url: Some(other.token_url()),
        ..desk.registration()
    };
    desk.room.engine.register_provider(&desk.room.actor, At::Google, registration).await.unwrap();
    let desk = Desk { provider: other, ..desk };
    assert!(matches!(desk.connect(Some(&made)).await, Err(Error::Conflict("another_account"))));
    assert_eq!(desk.connect(None).await.unwrap().mailbox.username, "max@northlight.example");
}

#[tokio::test]
async fn a_consent_is_shown_to_the_providers_server_whatever_the_mailbox_was_before() {
    let desk = Desk::open(Backend::Sqlite).await;
    let before = MailboxInput { host: "localhost".into(), username: ACCOUNT.into(), ..mailbox_on(&desk.dovecot) };
    let before = desk.room.engine.create_mailbox(&desk.room.actor, before).await.unwrap();
    let after = desk.connect(Some(&before)).await.unwrap().mailbox;
    assert_eq!((after.id, after.provider), (before.mailbox.id, Some(At::Google)));
    assert_eq!(Some(after.host), desk.registration().host);
}

#[tokio::test]
async fn a_state_is_good_for_whoever_began_in_their_session_for_a_while_and_a_code_once() {
    let desk = Desk::open(Backend::Sqlite).await;
    let Desk { room, provider, .. } = &desk;
    let engine = &room.engine;
    let url = engine.ask_consent(&room.actor, SESSION, At::Google, None).await.unwrap();
    let (state, code) = back(&provider.consent(&url));
    let take =
        async |actor: &Actor, session: &[u8], state: &str| engine.take_consent(actor, session, state, &code).await;
    let somebody = Actor { user: domain::UserId(uuid::Uuid::from_u128(9)), ..room.actor.clone() };
    assert!(matches!(take(&somebody, SESSION, &state).await, Err(Error::Expired)));
    assert!(matches!(take(&room.actor, b"another", &state).await, Err(Error::Expired)));
    for forged in ["", "AAAA", &state[1..], &state.to_lowercase()] {
        assert!(matches!(take(&room.actor, SESSION, forged).await, Err(Error::Expired)), "{forged}");
    }
    take(&room.actor, SESSION, &state).await.unwrap();
    assert!(matches!(take(&room.actor, SESSION, &state).await, Err(Error::Conflict("consent_refused"))), "used");
    room.clock.advance(HOUR);
    assert!(matches!(take(&room.actor, SESSION, &state).await, Err(Error::Expired)));
    assert_eq!(engine.mailboxes(&room.actor).await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_wrong_registration_is_told_from_a_used_code_and_a_lapsed_mailbox_is_a_warning(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let (engine, actor) = (&desk.room.engine, &desk.room.actor);
    let lapsed = async || engine.profile(actor).await.unwrap().warnings.contains(&Warning::MailboxLapsed);
    let made = desk.connect(None).await.unwrap();
    assert!(!lapsed().await);
    let wrong = ProviderInput { client_secret: Some("of another application".into()), ..desk.registration() };
    engine.register_provider(actor, At::Google, wrong).await.unwrap();
    assert!(matches!(desk.connect(None).await, Err(Error::Conflict("registration_refused"))));
    let probe = engine.test_mailbox(actor, made.mailbox.id).await.unwrap();
    assert_eq!(probe.steps[0].problem.as_ref().unwrap().code, "registration_refused");
    assert!(lapsed().await);
    let colleague = Actor { view_as: Some(actor.user), ..actor.clone() };
    assert!(
        !engine.profile(&colleague).await.unwrap().warnings.contains(&Warning::MailboxLapsed),
        "not somebody else's"
    );
    engine.register_provider(actor, At::Google, desk.registration()).await.unwrap();
    desk.connect(Some(&made)).await.unwrap();
    assert!(!lapsed().await);
}

#[tokio::test]
async fn a_registration_keeps_its_secret_and_shows_it_to_nobody_else() {
    let desk = Desk::open(Backend::Sqlite).await;
    let (engine, actor) = (&desk.room.engine, &desk.room.actor);
    let kept = ProviderInput { client_secret: None, ..desk.registration() };
    engine.register_provider(actor, At::Google, kept.clone()).await.unwrap();
    desk.connect(None).await.unwrap();
    let elsewhere = ProviderInput { token_url: Some("https://elsewhere.example/token".into()), ..kept };
    let refused = engine.register_provider(actor, At::Google, elsewhere).await;
    assert!(matches!(refused, Err(Error::Invalid(faults)) if faults[0].field == "client_secret"));
    let audit = engine.audit(actor, None, 9).await.unwrap();
    assert!(audit.iter().any(|entry| entry.action == AuditAction::ProviderRegistered));
    assert!(!format!("{audit:?}").contains(CLIENT_SECRET));

    let published = Published::of(At::Microsoft);
    let plain = ProviderInput {
        client_id: "desk".into(),
        authorization_url: Some(published.authorization_url.into()),
        host: Some(" ".into()),
        ..ProviderInput::default()
    };
    let saved = engine.register_provider(actor, At::Microsoft, plain).await.unwrap();
    assert_eq!((saved.authorization_url, saved.host), (None, None), "as it is published");
    assert_eq!(engine.usable_providers(actor).await.unwrap(), [At::Google, At::Microsoft]);
    let bad = ProviderInput {
        token_url: Some("http://login.example/token".into()),
        security: Some(Security::None),
        host: Some("imap.example.com".into()),
        ..ProviderInput::default()
    };
    let Err(Error::Invalid(faults)) = engine.register_provider(actor, At::Microsoft, bad).await else { panic!() };
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["token_url", "client_id", "security"]);

    engine.forget_provider(actor, At::Google).await.unwrap();
    assert!(matches!(desk.connect(None).await, Err(Error::Conflict("provider_not_registered"))));
    let mailbox = engine.mailboxes(actor).await.unwrap().remove(0).mailbox;
    let probe = engine.test_mailbox(actor, mailbox.id).await.unwrap();
    assert_eq!(probe.steps[0].problem.as_ref().unwrap().code, "provider_not_registered");
}
