//! A small workspace to test with: two teams with their managers, and a stranger in a workspace of their own.

use std::{net::SocketAddr, sync::Arc};

use domain::{
    TeamId, Timestamp, UserId, WorkspaceId,
    authorization::{Actor, Role},
};
use engine::{
    DomainSettings, Engine, Keys, MovedClock, Random, Settings,
    accounts::{Client, FirstAdministrator},
};
use store::{Db, Location, members::Member, users::User, workspaces::Workspace};
use uuid::Uuid;

/// What everybody signs in with.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// When every test begins: 9 October 2025, 08:53:20 UTC.
pub(crate) const START: Timestamp = Timestamp(1_760_000_000_000_000);

#[derive(Debug, Clone, Copy)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// The workspace and its people.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<MovedClock>,
    /// Ada, who runs the workspace.
    pub(crate) admin: Actor,
    /// Max, the manager of the team North.
    pub(crate) manager: Actor,
    /// Mia, of the team North.
    pub(crate) member: Actor,
    /// Olga, the manager of the team South.
    pub(crate) other_manager: Actor,
    /// Sam, who runs another workspace.
    pub(crate) stranger: Actor,
    /// The team of Max and Mia.
    pub(crate) north: TeamId,
}

impl Backend {
    /// An empty database of this kind.
    pub(crate) fn fresh(self) -> Location {
        match self {
            Self::Sqlite => Location::SqliteMemory,
            Self::Postgres => Location::Postgres(testbed::postgres::fresh_database()),
        }
    }
}

/// Lets whatever the engine warns of stand in the output of the test, which is shown when it fails.
pub(crate) fn show_warnings() {
    let shown = tracing_subscriber::fmt().with_test_writer().with_ansi(false).with_max_level(tracing::Level::WARN);
    // Another test may have been here before.
    let _ = shown.try_init();
}

/// An engine on an empty database, with a clock that stands still and randomness that repeats.
pub(crate) async fn empty(backend: Backend) -> (Engine, Arc<MovedClock>) {
    engine_on(&backend.fresh(), 7).await
}

/// An engine on a database. Engines that follow each other on one database need different seeds, or their ids coincide.
pub(crate) async fn engine_on(location: &Location, seed: u8) -> (Engine, Arc<MovedClock>) {
    // Nobody answers there: no test asks the world about names.
    let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
    engine_with(location, seed, DomainSettings { dns_servers: vec![nobody], ..DomainSettings::default() }).await
}

/// The same, asking whom `domains` name about names.
pub(crate) async fn engine_with(location: &Location, seed: u8, domains: DomainSettings) -> (Engine, Arc<MovedClock>) {
    show_warnings();
    let keys = Keys::generate(&Random::new([7; 32]));
    let random = Random::new([seed; 32]);
    let settings = Settings {
        public_url: "https://sales.example".into(),
        tracking_url: "https://links.sales.example".into(),
        allow_private_hosts: true,
        domains,
    };
    let clock = Arc::new(MovedClock::new(START));
    (Engine::new(Db::open(location).await.unwrap(), clock.clone(), random, keys, settings), clock)
}

/// What the first administrator says.
pub(crate) fn first_administrator(token: String) -> FirstAdministrator {
    FirstAdministrator {
        token,
        name: "Ada Admin".into(),
        email: "ada@north.example".into(),
        password: PASSWORD.into(),
        workspace_name: "Northlight".into(),
        time_zone: "Europe/Rome".into(),
    }
}

impl World {
    pub(crate) async fn new(backend: Backend) -> Self {
        Self::on(&backend.fresh()).await
    }

    pub(crate) async fn on(location: &Location) -> Self {
        let (engine, clock) = engine_on(location, 7).await;
        Self::of(engine, clock).await
    }

    /// The same workspace on an engine that has none.
    pub(crate) async fn of(engine: Engine, clock: Arc<MovedClock>) -> Self {
        let token = engine.setup_token().await.unwrap().unwrap();
        let admin = engine.set_up(&first_administrator(token), &Client::default()).await.unwrap().actor;
        let manager = join(&engine, &admin, "Max Manager", Role::Manager).await;
        let member = join(&engine, &admin, "Mia Member", Role::Member).await;
        let other_manager = join(&engine, &admin, "Olga Other", Role::Manager).await;
        let stranger = elsewhere(&engine, &admin).await;
        let north = engine.create_team(&admin, "North").await.unwrap();
        for user in [manager.user, member.user] {
            engine.add_to_team(&admin, north, user).await.unwrap();
        }
        let south = engine.create_team(&admin, "South").await.unwrap();
        engine.add_to_team(&admin, south, other_manager.user).await.unwrap();
        Self { engine, clock, admin, manager, member, other_manager, stranger, north }
    }
}

/// The address somebody of this name signs in with.
pub(crate) fn email_of(name: &str) -> String {
    format!("{}@north.example", name.split(' ').next().unwrap_or(name).to_lowercase())
}

/// A new member who has the administrator's password.
pub(crate) async fn join(engine: &Engine, admin: &Actor, name: &str, role: Role) -> Actor {
    let email = email_of(name);
    engine.operator_adds_member(&email, name, role).await.unwrap();
    let mut tx = engine.db().begin().await.unwrap();
    let hash = store::users::find(&mut tx, admin.user).await.unwrap().password_hash.unwrap();
    let user = store::users::find_by_email(&mut tx, &email).await.unwrap().unwrap();
    store::users::set_password(&mut tx, user.id, &hash).await.unwrap();
    tx.commit().await.unwrap();
    Actor { user: user.id, role, ..admin.clone() }
}

/// The administrator of another workspace.
async fn elsewhere(engine: &Engine, admin: &Actor) -> Actor {
    let mut tx = engine.db().begin().await.unwrap();
    let here = store::workspaces::find(&mut tx, admin.workspace).await.unwrap();
    let ada = store::users::find(&mut tx, admin.user).await.unwrap();
    let (workspace, user) = (WorkspaceId(Uuid::max()), UserId(Uuid::max()));
    let there = Workspace { id: workspace, name: "Elsewhere".into(), ..here };
    store::workspaces::insert(&mut tx, &there).await.unwrap();
    let sam = User { id: user, name: "Sam Stranger".into(), email: email_of("Sam"), ..ada };
    store::users::insert(&mut tx, &sam).await.unwrap();
    let member = Member {
        workspace_id: workspace,
        user_id: user,
        role: Role::Admin,
        created_at: START,
        last_seen_at: None,
        deactivated_at: None,
    };
    store::members::insert(&mut tx, &member).await.unwrap();
    tx.commit().await.unwrap();
    Actor { workspace, user, ..admin.clone() }
}
