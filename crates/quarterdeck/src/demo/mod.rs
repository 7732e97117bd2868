//! The demo: a workspace with a past, made by living through it, and a world of recipients that goes on.
//!
//! The clock stands three weeks ago. [`cast`] sets the workspace up, [`plan`] says who does what when, [`history`] does it
//! through the engine's verbs while the simulator's recipients react over real HTTP, and moves the clock. Then the clock is
//! let go and [`living`] goes on.

mod cast;
mod history;
mod living;
mod mail_folder;
mod plan;
mod text;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{Timestamp, time::DAY};
use engine::{
    Clock, Engine, Keys, MovedClock, SystemClock,
    feedback::{PortLimits, PortOptions},
};
use simulator::{PostOffice, World};
use store::{Db, Location};
use tokio::net::TcpListener;

use crate::{
    cli::DemoOptions,
    configuration::LogFormat,
    error::{Error, Result},
    logging, open,
    port::Port,
    randomness,
    server::{self, Server},
};

/// Where the demo listens if it can.
const USUAL: ([u8; 4], u16) = ([127, 0, 0, 1], 4080);
/// How much faster people react once somebody watches: what takes hours takes minutes.
const HURRY: u32 = 40;
/// What a slow recipient takes for each answer: long enough to see, short enough for weeks to pass in seconds.
const SLOW: std::time::Duration = std::time::Duration::from_millis(100);
/// Letters that the simulator keeps.
const LETTERS_KEPT: usize = 20_000;

/// Everything the demo is made of.
struct Demo {
    engine: Engine,
    clock: Arc<MovedClock>,
    world: Arc<World>,
    /// Where what recipients write back comes in.
    letters_to: SocketAddr,
    options: DemoOptions,
}

/// `quarterdeck demo`.
pub(crate) async fn run(options: DemoOptions) -> Result<()> {
    logging::begin("warn", LogFormat::Text);
    let folder = Folder::choose(options.data_dir.clone())?;
    let location = Location::SqliteFile(folder.path().join("quarterdeck.db"));
    let _lock = open::lock(&location)?;
    let (listener, address) = listen(options.listen).await?;
    let now = SystemClock.now();
    let clock = Arc::new(MovedClock::new(beginning(&options, now)));
    let world = Arc::new(World::start(world_options(options.seed, &clock)).await?);
    let engine = engine(&folder.path(), &location, address, Arc::clone(&clock)).await?;
    if !engine.needs_setup().await? {
        return Err(Error::NotEmpty { path: folder.path() });
    }
    let mut server = Server::start(engine.clone(), listener, Vec::new());
    let (port, letters_to) = way_back().await?;
    server.open_port(port);
    world.mail_goes_to(PostOffice { server: letters_to, complaints: None });
    let demo = Demo { engine, clock, world, letters_to, options };
    let living = demo.begin(now).await?;
    server.start_workers();

    tokio::select! {
        stop = Server::until_told_to_stop() => stop?,
        () = living.go_on() => {}
    }
    server.stop().await;
    Ok(())
}

impl Demo {
    /// Everything up to the moment in which somebody can look.
    async fn begin(self, now: Timestamp) -> Result<living::Living> {
        if self.options.empty {
            self.let_time_go_on();
            self.greet_empty().await?;
            return Ok(living::Living::new(self, None));
        }
        println!("Living through {} weeks …", self.options.weeks);
        let cast = cast::set_up(&self).await?;
        history::live_through(&self, &cast, now).await?;
        self.let_time_go_on();
        self.greet(&cast);
        Ok(living::Living::new(self, Some(cast)))
    }

    fn let_time_go_on(&self) {
        self.clock.release();
        self.world.hurry(HURRY);
    }

    async fn greet_empty(&self) -> Result<()> {
        let url = &self.engine.settings().public_url;
        println!("Quarterdeck is at {url}");
        if let Some(token) = self.engine.setup_token().await? {
            println!("Become the first administrator: {url}/setup#token={token}");
        }
        println!("The simulator takes mail by SMTP, without TLS or password, at {}", self.world.address());
        Ok(())
    }

    fn greet(&self, cast: &cast::Cast) {
        println!("\nQuarterdeck is at {}\n", self.engine.settings().public_url);
        println!("Sign in as           password");
        for member in &cast.members {
            println!("  {:<32} {}   ({})", member.email, cast.password, member.role);
        }
        println!(
            "\nWrite to anybody at all: nothing leaves this machine. An address says how its owner behaves, such as"
        );
        println!(
            "open.x@a.example, reply.x@a.example, ooo.x@a.example, bounce-later.x@a.example, complain.x@a.example,"
        );
        println!("unsubscribe.x@a.example, nobody.x@a.example, grey.x@a.example. Ctrl-C ends the demo.");
    }
}

/// A folder that was named, or one that is deleted at the end.
enum Folder {
    Named(PathBuf),
    Passing(tempfile::TempDir),
}

impl Folder {
    fn choose(named: Option<PathBuf>) -> Result<Self> {
        match named {
            Some(path) => open::make_folder(&path).map(|()| Self::Named(path)),
            None => Ok(Self::Passing(tempfile::Builder::new().prefix("quarterdeck-demo-").tempdir()?)),
        }
    }

    fn path(&self) -> PathBuf {
        match self {
            Self::Named(path) => path.clone(),
            Self::Passing(folder) => folder.path().to_owned(),
        }
    }
}

/// The SMTP port by which bounces, replies and complaints come back, and its address. All recipients come from one machine.
async fn way_back() -> Result<(Port, SocketAddr)> {
    let (listener, address) = server::listen(SocketAddr::from((USUAL.0, 0))).await?;
    let limits = PortLimits { visits_of_network: u32::MAX, ..PortLimits::default() };
    let options = PortOptions { name: "localhost".to_owned(), tls: None, limits };
    Ok((Port { listener, options }, address))
}

async fn listen(wanted: Option<SocketAddr>) -> Result<(TcpListener, SocketAddr)> {
    match wanted {
        Some(address) => server::listen(address).await,
        None => match server::listen(SocketAddr::from(USUAL)).await {
            Ok(listening) => Ok(listening),
            Err(_) => server::listen(SocketAddr::from((USUAL.0, 0))).await,
        },
    }
}

/// Where the clock begins: before the first week, or now when there is no past.
fn beginning(options: &DemoOptions, now: Timestamp) -> Timestamp {
    if options.empty { now } else { now.plus(-(i64::from(options.weeks) * 7 + 1) * DAY) }
}

fn world_options(seed: u64, clock: &Arc<MovedClock>) -> simulator::Options {
    let clock = Arc::clone(clock);
    let mut options = simulator::Options::new(seed, Arc::new(move || clock.now().0));
    options.keep = LETTERS_KEPT;
    options.slow = SLOW;
    options
}

async fn engine(folder: &Path, location: &Location, address: SocketAddr, clock: Arc<MovedClock>) -> Result<Engine> {
    let random = randomness::from_system()?;
    let db = Db::open(location).await?;
    let keys = Keys::open_for(&db, &folder.join("keys.json"), &random).await?;
    let url = format!("http://{address}");
    // The simulator is on this machine.
    let settings = engine::Settings {
        public_url: url.clone(),
        tracking_url: url,
        allow_private_hosts: true,
        domains: engine::DomainSettings::default(),
    };
    Ok(Engine::new(db, clock, random, keys, settings))
}
