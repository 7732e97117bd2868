//! A private Postfix on a loopback port that delivers a test domain into a Maildir.

mod configuration;
mod maildir;

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use maildir::Maildir;

use crate::log::Log;
use crate::process::{as_root, delivering_user, run};
use crate::watchdog::Watchdog;
use crate::{folder, free_address, or_fail};

const PROGRAM: &str = "/usr/sbin/postfix";

/// What a test wants of its Postfix.
pub struct Options {
    /// The domain it delivers; every other is refused as a relay attempt.
    pub domain: String,
    /// Addresses of the domain that are answered `550 5.1.1` at RCPT.
    pub refused: Vec<String>,
    /// Addresses of the domain that it takes and cannot deliver, with the status and the words of the report that goes back:
    /// `("full@example.test", "5.2.2 mailbox is full")`.
    pub returned: Vec<(String, String)>,
    /// The domain of senders, to which it delivers what comes back.
    pub senders: Option<String>,
    /// Domains whose mail it hands to another server on this machine, in TLS where that offers it.
    pub routes: Vec<(String, SocketAddr)>,
    /// The limit it announces with SIZE, in bytes.
    pub message_size_limit: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            domain: "example.test".to_owned(),
            refused: Vec::new(),
            returned: Vec::new(),
            senders: None,
            routes: Vec::new(),
            message_size_limit: 10_240_000,
        }
    }
}

/// A running Postfix; dropping it stops the server and removes its folder.
pub struct Postfix {
    folder: PathBuf,
    address: SocketAddr,
    // Read before the folder goes.
    log: Log,
    _watchdog: Watchdog,
}

impl Postfix {
    /// Starts a Postfix that accepts every address of `example.test`.
    ///
    /// # Panics
    /// If Postfix is not installed or does not start.
    pub fn start() -> Self {
        Self::start_with(&Options::default())
    }

    /// Starts a Postfix as `options` say.
    ///
    /// # Panics
    /// If Postfix is not installed or does not start.
    pub fn start_with(options: &Options) -> Self {
        or_fail(Self::try_start(options))
    }

    fn try_start(options: &Options) -> Result<Self, String> {
        if !Path::new(PROGRAM).exists() {
            return Err(format!(
                "This test starts its own Postfix, and {PROGRAM} is not there: install Debian's package postfix."
            ));
        }
        let shell = as_root("sh", "Postfix")?;
        let folder = folder::make(Command::new("mktemp"), "qd-postfix")?;
        let watchdog = Watchdog::start(shell, &clean_up(&folder))?;
        let address = free_address()?;
        prepare(&folder, address, options)?;
        run(as_root("mkdir", "Postfix")?.arg(folder.join("queue")))?;
        let log = Log::at(folder.join("postfix.log"));
        let started = run(as_root(PROGRAM, "Postfix")?.arg("-c").arg(folder.join("etc")).arg("start"));
        started.map_err(|error| format!("{error}\n{}", log.text()))?;
        Ok(Self { folder, address, log, _watchdog: watchdog })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The mail that reached one address.
    pub fn maildir(&self, address: &str) -> Maildir {
        Maildir::new(self.folder.join("mail"), address)
    }

    /// What Postfix has logged so far.
    pub fn log(&self) -> String {
        self.log.text()
    }
}

/// Ends the process group that the master leads, and removes the folder. The queue needs no farewell, for it goes too.
fn clean_up(folder: &Path) -> String {
    let at = folder.display();
    format!(
        "group=$(tr -d ' ' < {at}/queue/pid/master.pid)
kill -s KILL -- -$group
for attempt in 1 2 3 4 5; do kill -s 0 -- -$group || break; sleep 0.1; done
rm -rf {at}"
    )
}

/// Writes the configuration and the empty Maildir, readable for Postfix's own users.
fn prepare(folder: &Path, address: SocketAddr, options: &Options) -> Result<(), String> {
    let (uid, gid) = delivering_user()?;
    let write = || {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
        fs::create_dir(folder.join("etc"))?;
        fs::create_dir(folder.join("mail"))?;
        std::os::unix::fs::chown(folder.join("mail"), Some(uid), Some(gid))?;
        for (name, text) in configuration::files(folder, address, options, (uid, gid)) {
            fs::write(folder.join("etc").join(name), text)?;
        }
        Ok::<(), std::io::Error>(())
    };
    write().map_err(|error| format!("{} could not be prepared for Postfix: {error}.", folder.display()))
}
