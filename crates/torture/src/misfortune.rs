//! What befalls the program, its database and its connections.

use std::{fs, io::Write as _, path::Path, process::Command, thread, time::Duration};

use rand::{RngExt as _, rngs::StdRng};
use testbed::postgres::Cluster;

use crate::{
    clock,
    error::{Error, Result},
    program::Program,
    recipients::Recipients,
};

/// The longest that a server is silent. A restart breaks the stalls under way.
pub(crate) const LONGEST_STALL: Duration = Duration::from_millis(1500);

/// How long a program that cannot start, because there is no room for a byte, is asked to start again.
const PATIENCE: Duration = Duration::from_secs(20);

/// The size above which a file may not be written while the disk is full: less than the database begins with.
const FILE_LIMIT: u64 = 64 * 1024;

/// A kind of misfortune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Misfortune {
    /// SIGKILL at a random moment, also during the start, and an immediate restart.
    Killed,
    /// Three processes on one database; each time one of them is killed and started again, the last time for good.
    NodeKilled,
    /// A connection is dropped at a random stage of SMTP.
    Dropped,
    /// A server is silent at a random stage of SMTP; sometimes the program is killed meanwhile.
    Stalled,
    /// PostgreSQL is stopped as by a crash (`-m immediate`), and started again.
    DatabaseStopped,
    /// The file system of the database is full, and then there is room again.
    DiskFull,
    /// No file may grow over a limit (`RLIMIT_FSIZE`), and then they may again.
    FileLimit,
    /// All of these but a full disk, mixed; on PostgreSQL to three processes.
    Everything,
}

impl Misfortune {
    /// What befalls a program on `SQLite`.
    pub const SQLITE: [Self; 6] =
        [Self::Killed, Self::Dropped, Self::Stalled, Self::DiskFull, Self::FileLimit, Self::Everything];

    /// What befalls a program on PostgreSQL.
    pub const POSTGRES: [Self; 6] =
        [Self::Killed, Self::NodeKilled, Self::Dropped, Self::Stalled, Self::DatabaseStopped, Self::Everything];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Killed => "killed (SIGKILL)",
            Self::NodeKilled => "one of three killed",
            Self::Dropped => "connection dropped",
            Self::Stalled => "server silent",
            Self::DatabaseStopped => "database stopped",
            Self::DiskFull => "disk full",
            Self::FileLimit => "file size limit",
            Self::Everything => "all of these",
        }
    }

    /// Whether the database stands on a small file system of its own.
    pub(crate) fn needs_volume(self) -> bool {
        self == Self::DiskFull
    }
}

/// Whom it befalls.
pub(crate) struct Victim<'a> {
    pub(crate) program: &'a mut Program,
    pub(crate) recipients: &'a Recipients,
    /// The cluster, when the database is PostgreSQL.
    pub(crate) cluster: Option<&'a Cluster>,
    /// A folder on the file system of the database.
    pub(crate) folder: &'a Path,
}

impl Victim<'_> {
    /// One misfortune, and what comes before it.
    pub(crate) fn suffer(&mut self, misfortune: Misfortune, rng: &mut StdRng) -> Result<()> {
        match misfortune {
            Misfortune::Killed | Misfortune::NodeKilled => self.killed(rng),
            Misfortune::Dropped => {
                pause(rng, 20..150);
                self.recipients.drop_one(rng);
                Ok(())
            }
            Misfortune::Stalled => {
                pause(rng, 20..150);
                self.recipients.stall_one(rng, LONGEST_STALL);
                if rng.random_ratio(1, 12) { self.killed(rng) } else { Ok(()) }
            }
            Misfortune::DatabaseStopped => self.database_stopped(rng),
            Misfortune::DiskFull => self.disk_full(rng),
            Misfortune::FileLimit => self.file_limit(rng),
            Misfortune::Everything => {
                let of_database =
                    if self.cluster.is_some() { Misfortune::DatabaseStopped } else { Misfortune::FileLimit };
                let one = match rng.random_range(0..20) {
                    0 => of_database,
                    1..6 => Misfortune::Killed,
                    6..14 => Misfortune::Dropped,
                    _ => Misfortune::Stalled,
                };
                self.suffer(one, rng)
            }
        }
    }

    /// Short stalls make sure that something is under way when the signal comes.
    fn killed(&mut self, rng: &mut StdRng) -> Result<()> {
        for _ in 0..rng.random_range(0..3) {
            self.recipients.stall_one(rng, Duration::from_millis(300));
        }
        pause(rng, 0..900);
        self.program.kill()?;
        if rng.random_ratio(1, 10) {
            // Killed again while it starts, or while it takes back what the last one left.
            self.program.launch()?;
            pause(rng, 0..400);
            self.program.kill()?;
        }
        self.program.start_again()
    }

    fn database_stopped(&mut self, rng: &mut StdRng) -> Result<()> {
        let Some(cluster) = self.cluster else { return Ok(()) };
        pause(rng, 100..1200);
        cluster.stop();
        pause(rng, 50..800);
        if rng.random_ratio(1, 4) {
            // One that is killed meanwhile finds its database again, or says that there is none and ends.
            self.program.kill()?;
            cluster.start_again();
            return self.program.start_again();
        }
        cluster.start_again();
        Ok(())
    }

    fn disk_full(&mut self, rng: &mut StdRng) -> Result<()> {
        pause(rng, 200..900);
        let ballast = self.folder.join("ballast");
        fill(&ballast)?;
        self.without_room(rng, || Ok(fs::remove_file(&ballast)?))
    }

    fn file_limit(&mut self, rng: &mut StdRng) -> Result<()> {
        pause(rng, 200..900);
        let pid = self.program.pid().unwrap_or_default();
        limit_files(pid, &FILE_LIMIT.to_string())?;
        // The limit dies with the process, so it is not killed here.
        pause(rng, 300..1500);
        if self.program.has_ended() { Ok(()) } else { limit_files(pid, "unlimited") }
    }

    /// Some time without room, in which it may be killed, until `make_room` is called.
    fn without_room(&mut self, rng: &mut StdRng, make_room: impl FnOnce() -> Result<()>) -> Result<()> {
        pause(rng, 300..1500);
        let restarted = rng.random_ratio(1, 3);
        if restarted {
            self.program.kill()?;
            self.program.launch()?;
            pause(rng, 200..800);
        }
        make_room()?;
        if restarted {
            self.revive()?;
        }
        Ok(())
    }

    /// A program that had no room to start in may have ended; with room it starts.
    fn revive(&mut self) -> Result<()> {
        self.program.kill()?;
        let mut last = Ok(());
        let started = clock::wait_until(PATIENCE, || {
            last = self.program.start_again();
            last.is_ok()
        });
        if started { Ok(()) } else { last }
    }
}

fn pause(rng: &mut StdRng, milliseconds: std::ops::Range<u64>) {
    thread::sleep(Duration::from_millis(rng.random_range(milliseconds)));
}

/// Writes until there is no room for another byte.
fn fill(ballast: &Path) -> Result<()> {
    let mut file = fs::File::create(ballast)?;
    for size in [1024 * 1024, 4096, 1] {
        let block = vec![0; size];
        while file.write_all(&block).is_ok() {}
    }
    Ok(())
}

/// Sets how large a process may make a file.
fn limit_files(pid: u32, soft: &str) -> Result<()> {
    let limit = format!("--fsize={soft}:unlimited");
    let output = Command::new("prlimit").args(["--pid", &pid.to_string(), &limit]).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Unexpected(format!("prlimit: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
