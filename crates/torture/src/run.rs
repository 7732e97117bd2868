//! One run: a fresh workspace, somebody who writes all the time, one kind of misfortune again and again, and at the end
//! the comparison.

use std::{
    ffi::OsString,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tempfile::TempDir;
use testbed::{free_address, postgres::Cluster, volume::Volume};

use crate::{
    api::Api,
    clock,
    compare::{Tally, compare},
    desk::Desk,
    error::{Error, Result},
    misfortune::{LONGEST_STALL, Misfortune, Victim},
    program::{Program, Recipe},
    recipients::Recipients,
};

/// The small file system: room enough for what a run writes, and soon full.
const VOLUME_MB: u32 = 256;

/// How many write at the same time.
const WRITERS: usize = 3;

/// How long everything may take to settle. On PostgreSQL a node that was killed for good is believed dead after a minute.
const PATIENCE: Duration = Duration::from_secs(100);

/// Where the data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A private cluster.
    Postgres,
}

impl Database {
    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Run {
    /// The program.
    pub program: PathBuf,
    /// Where its data is.
    pub database: Database,
    /// What befalls it.
    pub misfortune: Misfortune,
    /// How often.
    pub times: u32,
    /// It ends early when this is over.
    pub at_most: Duration,
    /// All chance comes from it. The moments of other processes do not.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Where the data was.
    pub database: Database,
    /// What befell it.
    pub misfortune: &'static str,
    /// How often.
    pub times: u32,
    /// The comparison.
    pub tally: Tally,
    /// How long it took after the last misfortune until nothing was to be sent any more; zero for power cuts, each of which is
    /// waited for.
    pub settled_in: Duration,
    /// What else was noticed: a program that ended by itself, with its last words.
    pub notes: Vec<String>,
}

impl Finding {
    /// A run that could not be made.
    pub fn none(database: Database, misfortune: &'static str, error: &Error) -> Self {
        Self {
            database,
            misfortune,
            times: 0,
            tally: Tally::default(),
            settled_in: Duration::ZERO,
            notes: vec![error.to_string()],
        }
    }
}

impl Run {
    /// Does it.
    ///
    /// # Errors
    /// When the program cannot be started or asked. What the records show is no error.
    pub fn go(&self) -> Result<Finding> {
        let mut rng = StdRng::seed_from_u64(self.seed);
        let place = Place::new(self)?;
        let recipients = Recipients::start(rng.random(), SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let (mut programs, desk) = self.start(&place, &recipients)?;

        let stop = AtomicBool::new(false);
        let mut notes = Vec::new();
        let times = thread::scope(|scope| {
            let _ends = Ends(&stop);
            for writer in 0..WRITERS {
                let rng = StdRng::seed_from_u64(rng.random());
                let (desk, stop) = (&desk, &stop);
                scope.spawn(move || desk.write_until(stop, rng, writer, WRITERS));
            }
            self.suffer(&place, &recipients, &mut programs, &mut rng, &mut notes)
        })?;

        recipients.calm();
        let calm_since = clock::now();
        let settled = desk.settle(PATIENCE);
        let settled_in = calm_since.elapsed();
        if !settled {
            notes.push(format!("not settled after {PATIENCE:?}; it said:\n{}", last_words(&programs)));
        }
        // What a stalled server still holds arrives late.
        thread::sleep(LONGEST_STALL);
        let promised = desk.promised();
        let record = desk.record();
        let record =
            record.map_err(|error| Error::Unexpected(format!("{error}; it said:\n{}", last_words(&programs))))?;
        let tally = compare(&record, &recipients.letters(), promised.iter().map(|promise| promise.email.as_str()));
        Ok(Finding { database: self.database, misfortune: self.misfortune.name(), times, tally, settled_in, notes })
    }

    /// How many processes share the work.
    fn nodes(&self) -> usize {
        match (self.database, self.misfortune) {
            (Database::Postgres, Misfortune::NodeKilled | Misfortune::Everything) => 3,
            _ => 1,
        }
    }

    /// The processes, serving, and somebody at their API.
    pub(crate) fn start(&self, place: &Place, recipients: &Recipients) -> Result<(Vec<Program>, Desk)> {
        let recipe = place.recipe(self, free_address().map_err(Error::Unexpected)?);
        let mut addresses = vec![recipe.listen];
        let mut first = Program::new(recipe)?;
        let token = first.start()?.ok_or_else(|| Error::DidNotStart("it printed no setup link".to_owned()))?;
        let desk = Desk::set_up(Api::new(addresses.clone()), &token, recipients)?;
        let mut programs = vec![first];
        for _ in 1..self.nodes() {
            let recipe = place.recipe(self, free_address().map_err(Error::Unexpected)?);
            addresses.push(recipe.listen);
            let mut program = Program::new(recipe)?;
            program.start_again()?;
            programs.push(program);
        }
        Ok((programs, desk.at(addresses)))
    }

    fn suffer(
        &self,
        place: &Place,
        recipients: &Recipients,
        programs: &mut [Program],
        rng: &mut StdRng,
        notes: &mut Vec<String>,
    ) -> Result<u32> {
        let began = clock::now();
        let mut times = 0;
        while times < self.times && began.elapsed() < self.at_most {
            let program = &mut programs[rng.random_range(0..self.nodes())];
            let cluster = place.cluster.as_ref();
            let mut victim = Victim { program, recipients, cluster, folder: place.data.path() };
            victim.suffer(self.misfortune, rng)?;
            times += 1;
            if times % 100 == 0 {
                eprintln!("{}, {}: {times} of {}", self.database.name(), self.misfortune.name(), self.times);
            }
            if victim.program.has_ended() {
                notes.push(format!("the program ended by itself:\n{}", victim.program.last_words()));
                victim.program.start_again()?;
            }
        }
        if self.nodes() > 1 {
            // The others take over what it had begun.
            programs[0].kill()?;
        }
        Ok(times)
    }
}

/// Tells the writers to stop when it is dropped, also by a panic: otherwise they would be waited for for ever.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn last_words(programs: &[Program]) -> String {
    programs.iter().map(Program::last_words).collect::<Vec<_>>().join("\n\n")
}

/// Where a run keeps its data.
pub(crate) struct Place {
    pub(crate) cluster: Option<Cluster>,
    database_url: Option<String>,
    // The program's folder stands on the volume, when there is one, and goes first.
    data: TempDir,
    _volume: Option<Volume>,
}

impl Place {
    pub(crate) fn new(run: &Run) -> Result<Self> {
        let volume = if run.misfortune.needs_volume() {
            Some(Volume::mount(VOLUME_MB).map_err(Error::Unexpected)?)
        } else {
            None
        };
        let data = match &volume {
            Some(volume) => tempfile::tempdir_in(volume.path())?,
            None => tempfile::tempdir()?,
        };
        let cluster = (run.database == Database::Postgres).then(Cluster::durable);
        let database_url = cluster.as_ref().map(Cluster::create_database);
        Ok(Self { cluster, database_url, data, _volume: volume })
    }

    /// How a node is run. All of them have one folder, and with it the keys: none may take another for dead that is not.
    fn recipe(&self, run: &Run, listen: SocketAddr) -> Recipe {
        // A write over the limit is an error to whoever ignores the signal, and the end of everybody else.
        let limited = ["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""].map(OsString::from).to_vec();
        let may_be_limited = matches!(run.misfortune, Misfortune::FileLimit | Misfortune::Everything);
        Recipe {
            binary: run.program.clone(),
            wrapper: if may_be_limited { limited } else { Vec::new() },
            data_dir: self.data.path().join("data"),
            database_url: self.database_url.clone(),
            listen,
        }
    }
}
