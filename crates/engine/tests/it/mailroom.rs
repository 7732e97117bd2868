//! A user with a verified identity, a channel to simulated recipients, and a clock that the test moves.

use std::{net::SocketAddr, sync::Arc};

use domain::{
    EmailId, PersonId,
    authorization::Actor,
    channel::{Auth, Security},
    limits::Limits,
    stops::ResumeReason,
    time::SECOND,
};
use engine::{
    Clock, DomainSettings, Engine, Keys, MovedClock, Random, Settings,
    accounts::{Client, FirstAdministrator},
    channels::{ChannelInput, ChannelView},
    emails::{DraftChange, EmailDetails},
    identities::NewIdentity,
    people::NewPerson,
};
use simulator::{Options, World};
use store::{Db, Location};
use tokio_util::sync::CancellationToken;

use crate::support::{Backend, START, show_warnings};

/// Everything that a test of sending needs.
pub(crate) struct Mailroom {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<MovedClock>,
    pub(crate) world: World,
    pub(crate) actor: Actor,
    pub(crate) channel: ChannelView,
    pub(crate) session_token: String,
}

impl Mailroom {
    pub(crate) async fn open(backend: Backend) -> Self {
        Self::with_limits(backend, Limits::default()).await
    }

    pub(crate) async fn with_limits(backend: Backend, limits: Limits) -> Self {
        Self::with(backend, limits, DomainSettings::default()).await
    }

    /// One whose server asks `dns` about names.
    pub(crate) async fn asking(backend: Backend, dns: SocketAddr) -> Self {
        let domains = DomainSettings { dns_servers: vec![dns], ..DomainSettings::default() };
        Self::with(backend, Limits::default(), domains).await
    }

    pub(crate) async fn with(backend: Backend, limits: Limits, domains: DomainSettings) -> Self {
        Self::on(&backend.fresh(), limits, domains).await
    }

    /// One on a database that is there already.
    pub(crate) async fn on(location: &Location, limits: Limits, domains: DomainSettings) -> Self {
        show_warnings();
        let db = Db::open(location).await.unwrap();
        let clock = Arc::new(MovedClock::new(START));
        let random = Random::new([1; 32]);
        let keys = Keys::generate(&random);
        let settings = Settings {
            public_url: "http://127.0.0.1:4080".into(),
            tracking_url: "http://127.0.0.1:4080".into(),
            allow_private_hosts: true,
            domains,
        };
        let engine = Engine::new(db, clock.clone(), random, keys, settings);
        let seen = clock.clone();
        let world = World::start(Options::new(1, Arc::new(move || seen.now().0))).await.unwrap();
        let (actor, session_token) = administrator(&engine).await;
        let channel = engine.create_channel(&actor, channel_to(&world, limits)).await.unwrap();
        let room = Self { engine, clock, world, actor, channel, session_token };
        room.verify_identity().await;
        room
    }

    /// Makes an identity and follows the link that was mailed to it.
    async fn verify_identity(&self) {
        let identity = NewIdentity {
            name: "Elena Marchetti".into(),
            address: "accept.elena@northlight.example".into(),
            signature_html: "<p>Elena · Northlight</p>".into(),
            ..NewIdentity::default()
        };
        self.engine.create_identity(&self.actor, identity).await.unwrap();
        let mailed = self.world.inbox("accept.elena@northlight.example");
        let text = String::from_utf8_lossy(&mailed.last().expect("a verification mail").raw).replace("=\r\n", "");
        let token = text.split("token=").nth(1).unwrap().trim_start_matches("3D");
        let token: String = token.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        self.engine.verify_identity(&token).await.unwrap();
    }

    pub(crate) async fn person(&self, address: &str) -> PersonId {
        let wanted = NewPerson {
            address: address.into(),
            first_name: Some("Marta".into()),
            last_name: Some("Silva".into()),
            company: None,
        };
        self.engine.create_person(&self.actor, wanted).await.unwrap().person.id
    }

    pub(crate) async fn draft(&self, address: &str) -> EmailDetails {
        let person = self.person(address).await;
        let change = DraftChange {
            person_id: Some(Some(person)),
            subject: Some("Hello {{first_name}}".into()),
            body_html: Some(
                "<p>Hi {{first_name}}, see <a href=\"https://northlight.example/plan\">the plan</a>.</p>".into(),
            ),
            ..DraftChange::default()
        };
        self.engine.create_draft(&self.actor, None, change).await.unwrap()
    }

    /// One more draft to somebody who is a person already: its id and version.
    pub(crate) async fn draft_again(&self, address: &str) -> (EmailId, i64) {
        let person = self.engine.people(&self.actor, address, 1).await.unwrap().remove(0).person.id;
        let change = DraftChange {
            person_id: Some(Some(person)),
            subject: Some("Again".into()),
            body_html: Some("<p>Hello</p>".into()),
            ..DraftChange::default()
        };
        let email = self.engine.create_draft(&self.actor, None, change).await.unwrap().listed.email;
        (email.id, email.version)
    }

    /// An administrator lets mail go again to everybody.
    pub(crate) async fn resume_all(&self) {
        for listed in self.engine.stops(&self.actor, None, None, 100).await.unwrap() {
            self.engine.resume(&self.actor, listed.stop.id, ResumeReason::TheyAsked, "").await.unwrap();
        }
    }

    /// Writes and sends an email, and lets the undo window pass.
    pub(crate) async fn send(&self, address: &str) -> EmailId {
        let draft = self.draft(address).await;
        let email = &draft.listed.email;
        self.engine.send(&self.actor, email.id, email.version, None).await.unwrap();
        self.clock.advance(10 * SECOND);
        email.id
    }

    pub(crate) async fn deliver(&self) {
        self.engine.deliver_due(&CancellationToken::new()).await.unwrap();
    }

    pub(crate) async fn email(&self, id: EmailId) -> EmailDetails {
        self.engine.email(&self.actor, id).await.unwrap()
    }
}

async fn administrator(engine: &Engine) -> (Actor, String) {
    let client = Client { ip: None, user_agent: None };
    let first = FirstAdministrator {
        token: engine.setup_token().await.unwrap().unwrap(),
        name: "Elena Marchetti".into(),
        email: "elena@northlight.example".into(),
        password: "a long password".into(),
        workspace_name: "Northlight".into(),
        time_zone: "Europe/Rome".into(),
    };
    let signed_in = engine.set_up(&first, &client).await.unwrap();
    let (actor, _) = engine.actor_of_session(&signed_in.token, None).await.unwrap().unwrap();
    (actor, signed_in.token)
}

pub(crate) fn channel_to(world: &World, limits: Limits) -> ChannelInput {
    ChannelInput {
        name: "Workspace SMTP".into(),
        team: true,
        host: world.address().ip().to_string(),
        port: i64::from(world.address().port()),
        security: Security::None,
        auth: Auth::None,
        username: None,
        password: None,
        oauth: None,
        limits,
    }
}
