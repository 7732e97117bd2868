//! A private Dovecot on two loopback ports that keeps the mailboxes of a few users.

mod configuration;
mod mailbox;

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use mailbox::Folder;

use crate::log::Log;
use crate::process::{as_root, delivering_user, run_daemon};
use crate::watchdog::Watchdog;
use crate::{folder, free_address, or_fail};

const PROGRAM: &str = "/usr/sbin/dovecot";
const IMAP: &str = "/usr/lib/dovecot/imap";

/// What a test wants of its Dovecot.
pub struct Options {
    /// User names with their passwords.
    pub users: Vec<(String, String)>,
    /// The folder for what was sent, which every user has.
    pub sent_folder: String,
    /// Whether it is marked as such (RFC 6154).
    pub marks_sent: bool,
    /// Where to ask whose an access token is (RFC 7662); with it users sign in with `XOAUTH2` as well.
    pub introspection_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            users: vec![("elena".to_owned(), "open sesame 7".to_owned())],
            sent_folder: "Sent".to_owned(),
            marks_sent: true,
            introspection_url: None,
        }
    }
}

/// A running Dovecot; dropping it stops the server and removes its folder.
pub struct Dovecot {
    folder: PathBuf,
    plain: SocketAddr,
    tls: SocketAddr,
    certificate: Vec<u8>,
    owner: (u32, u32),
    // Read before the folder goes.
    log: Log,
    _watchdog: Watchdog,
}

impl Dovecot {
    /// Starts a Dovecot with one user and a folder *Sent*.
    ///
    /// # Panics
    /// If Dovecot is not installed or does not start.
    pub fn start() -> Self {
        Self::start_with(&Options::default())
    }

    /// Starts a Dovecot as `options` say.
    ///
    /// # Panics
    /// If Dovecot is not installed or does not start.
    pub fn start_with(options: &Options) -> Self {
        or_fail(Self::try_start(options))
    }

    fn try_start(options: &Options) -> Result<Self, String> {
        if !Path::new(IMAP).exists() {
            return Err(format!(
                "This test starts its own Dovecot, and {IMAP} is not there: install Debian's package dovecot-imapd."
            ));
        }
        let shell = as_root("sh", "Dovecot")?;
        let folder = folder::make(Command::new("mktemp"), "qd-dovecot")?;
        let watchdog = Watchdog::start(shell, &clean_up(&folder))?;
        let (plain, tls, owner) = (free_address()?, free_address()?, delivering_user()?);
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])
            .map_err(|error| format!("no certificate could be made: {error}."))?;
        let files = configuration::files(&folder, (plain, tls), options, owner);
        let certificate = [("certificate.pem", made.cert.pem()), ("key.pem", made.signing_key.serialize_pem())];
        prepare(&folder, files.into_iter().chain(certificate), owner)?;
        let log = Log::at(folder.join("dovecot.log"));
        let mut start = as_root(PROGRAM, "Dovecot")?;
        let started = run_daemon(start.arg("-c").arg(folder.join("dovecot.conf")), &folder.join("printed"));
        started.map_err(|error| format!("{error}\n{}", log.text()))?;
        Ok(Self { folder, plain, tls, certificate: made.cert.der().to_vec(), owner, log, _watchdog: watchdog })
    }

    /// Where it listens in clear text, with `STARTTLS`.
    pub fn addr(&self) -> SocketAddr {
        self.plain
    }

    /// Where it listens in TLS, as `localhost`.
    pub fn tls_addr(&self) -> SocketAddr {
        self.tls
    }

    /// The certificate it shows, which signed itself (DER).
    pub fn certificate(&self) -> Vec<u8> {
        self.certificate.clone()
    }

    /// A folder of a user, as Dovecot keeps it.
    pub fn folder(&self, user: &str, name: &str) -> Folder {
        Folder::new(&self.folder.join("mail").join(user), name, self.owner)
    }

    /// What Dovecot has logged so far.
    pub fn log(&self) -> String {
        self.log.text()
    }
}

/// Ends the master, who ends the others, and removes the folder. A master that has only just started has not written its
/// number yet.
fn clean_up(folder: &Path) -> String {
    let at = folder.display();
    format!(
        "for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -s {at}/run/master.pid ] && break
    sleep 0.1
done
master=$(cat {at}/run/master.pid)
kill $master
for attempt in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 $master || break; sleep 0.1; done
kill -s KILL -- -$master
for attempt in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 -- -$master || break; sleep 0.1; done
rm -rf {at}"
    )
}

/// Writes the configuration and the empty folder of mail.
fn prepare(
    folder: &Path,
    files: impl IntoIterator<Item = (&'static str, String)>,
    (uid, gid): (u32, u32),
) -> Result<(), String> {
    let write = || {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
        fs::create_dir(folder.join("mail"))?;
        std::os::unix::fs::chown(folder.join("mail"), Some(uid), Some(gid))?;
        for (name, text) in files {
            fs::write(folder.join(name), text)?;
        }
        Ok::<(), std::io::Error>(())
    };
    write().map_err(|error| format!("{} could not be prepared for Dovecot: {error}.", folder.display()))
}
