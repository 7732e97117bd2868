//! A private PostgreSQL cluster on a socket in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::process::{run, we_are_root};
use crate::watchdog::Watchdog;
use crate::{folder, or_fail};

const PACKAGES: &str = "/usr/lib/postgresql";

/// What every test server is told.
const SETTINGS: &str = "-c listen_addresses='' -c max_connections=300 -c shared_buffers=64MB";

/// What a test server may do that a real one may not: forget everything when the machine stops.
const FORGETFUL: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";

/// The address of a new, empty database in the cluster of this test process, which the first call starts.
///
/// # Panics
/// If PostgreSQL is not installed or does not start.
pub fn fresh_database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start).create_database()
}

/// Runs `statements` on the database at `url`: what no program of ours would do to it.
///
/// # Panics
/// If the server refuses them.
pub fn tamper(url: &str, statements: &str) {
    or_fail(run(Command::new("psql").args([
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        url,
        &format!("--command={statements}"),
    ])));
}

/// A PostgreSQL cluster of one's own, for tests that stop it.
pub struct Cluster {
    tools: PathBuf,
    folder: PathBuf,
    settings: String,
    databases: AtomicU32,
    _watchdog: Watchdog,
}

impl Cluster {
    /// Starts a cluster; it is stopped and removed when the value is dropped or this process ends.
    ///
    /// # Panics
    /// If PostgreSQL is not installed or does not start.
    pub fn start() -> Self {
        or_fail(Self::try_start(FORGETFUL))
    }

    /// Starts a cluster that keeps what it has committed, as a real one does.
    ///
    /// # Panics
    /// If PostgreSQL is not installed or does not start.
    pub fn durable() -> Self {
        or_fail(Self::try_start(""))
    }

    fn try_start(more: &str) -> Result<Self, String> {
        let tools = newest_tools(Path::new(PACKAGES))?;
        let folder = folder::make(as_postgres("mktemp"), "qd-postgres")?;
        let (tools_at, at) = (tools.display(), folder.display());
        let watchdog = Watchdog::start(
            as_postgres("sh"),
            &format!("{tools_at}/pg_ctl --pgdata={at}/data --mode=immediate stop\nrm -rf {at}"),
        )?;
        let settings = format!("{SETTINGS} {more} -k {}", folder.display());
        let cluster = Self { tools, folder, settings, databases: AtomicU32::new(0), _watchdog: watchdog };
        run(cluster.tool("initdb").args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]))?;
        cluster.launch()?;
        Ok(cluster)
    }

    fn launch(&self) -> Result<(), String> {
        let options = format!("--options={}", self.settings);
        run(self.tool("pg_ctl").args(["--silent", "--wait", "--log=server.log", &options, "start"])).map(drop)
    }

    /// Creates an empty database and answers its address.
    ///
    /// # Panics
    /// If the cluster has been stopped.
    pub fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        or_fail(run(self.tool("psql").args([
            "--no-psqlrc",
            "--quiet",
            &self.url("postgres"),
            &format!("--command=CREATE DATABASE {name}"),
        ])));
        self.url(&name)
    }

    /// Stops the server, cutting every connection, as a crash would. Its data stays until the value is dropped.
    ///
    /// # Panics
    /// If the cluster was stopped before.
    pub fn stop(&self) {
        or_fail(run(self.tool("pg_ctl").args(["--silent", "--mode=immediate", "stop"])));
    }

    /// Starts the server again after [`Cluster::stop`], on what it had made durable.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&self) {
        or_fail(self.launch());
    }

    /// Everything is in the address, so that no variable of the environment can lead to another server.
    fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&port=5432&user=postgres", self.folder.display())
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = as_postgres(self.tools.join(name));
        command.env("PGDATA", self.folder.join("data")).current_dir(&self.folder);
        command
    }
}

/// PostgreSQL refuses to run as root, so root becomes the user that Debian made for it.
fn as_postgres(program: impl AsRef<Path>) -> Command {
    if !we_are_root() {
        return Command::new(program.as_ref());
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program.as_ref());
    command
}

/// The programs of the newest version that Debian installed.
fn newest_tools(packages: &Path) -> Result<PathBuf, String> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    fs::read_dir(packages)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/initdb").exists())
        .max_by_key(|path| version(path))
        .map(|path| path.join("bin"))
        .ok_or_else(|| {
            format!(
                "These tests start their own PostgreSQL, and {}/*/bin has none: install Debian's package postgresql.",
                packages.display()
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_postgresql_is_named_with_its_package() {
        let sentence = newest_tools(Path::new("/nowhere")).unwrap_err();
        assert!(sentence.ends_with("install Debian's package postgresql."), "{sentence}");
    }
}
