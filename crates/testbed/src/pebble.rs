//! A certificate authority that issues by ACME: Let's Encrypt's Pebble, private to one test.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::{folder, free_address, log::Log, or_fail, process::run, watchdog::Watchdog};

const PROGRAM: &str = "/usr/bin/pebble";

/// Prints the root of what it issues, which it makes anew at each start.
const ROOT: &str = "import ssl, sys, urllib.request as r
print(r.urlopen(sys.argv[1], context=ssl._create_unverified_context()).read().decode())";

/// A running Pebble; dropping it stops the server and removes its folder.
pub struct Pebble {
    directory_url: String,
    trusted: String,
    // Read before the folder goes.
    _log: Log,
    _watchdog: Watchdog,
}

impl Pebble {
    /// Starts one that asks `dns` about names, and connects to port `tls_port` of the hosts that want certificates. What it
    /// issues is good for ninety days.
    ///
    /// # Panics
    /// If Pebble is not installed or does not start.
    pub fn start(tls_port: u16, dns: SocketAddr) -> Self {
        or_fail(Self::try_start(tls_port, dns))
    }

    fn try_start(tls_port: u16, dns: SocketAddr) -> Result<Self, String> {
        if !Path::new(PROGRAM).exists() {
            return Err(format!(
                "This test starts its own Pebble, and {PROGRAM} is not there: install Debian's package pebble."
            ));
        }
        let folder = folder::make(Command::new("mktemp"), "qd-pebble")?;
        let (directory, management) = (free_address()?, free_address()?);
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])
            .map_err(|error| format!("no certificate could be made: {error}."))?;
        let at = folder.display();
        let configuration = format!(
            r#"{{"pebble": {{"listenAddress": "{directory}", "managementListenAddress": "{management}",
                "certificate": "{at}/certificate.pem", "privateKey": "{at}/key.pem", "httpPort": 1, "tlsPort": {tls_port},
                "certificateValidityPeriod": 7776000}}}}"#
        );
        let files = [
            ("pebble.json", configuration),
            ("certificate.pem", made.cert.pem()),
            ("key.pem", made.signing_key.serialize_pem()),
        ];
        for (name, text) in files {
            fs::write(folder.join(name), text).map_err(|error| format!("{at}/{name}: {error}."))?;
        }
        let log = Log::at(folder.join("printed"));
        let server = start(&folder, dns)?;
        let clean_up = format!("kill -s KILL {}\nrm -rf {at}", server.id());
        let watchdog = Watchdog::start(Command::new("sh"), &clean_up)?;
        wait_for(management, &log)?;
        let root = run(Command::new("/usr/bin/python3").args(["-c", ROOT, &format!("https://{management}/roots/0")]))?;
        Ok(Self {
            directory_url: format!("https://{directory}/dir"),
            trusted: made.cert.pem() + &root,
            _log: log,
            _watchdog: watchdog,
        })
    }

    /// The ACME directory.
    pub fn directory_url(&self) -> &str {
        &self.directory_url
    }

    /// Whom to trust to believe both the directory and what was issued, PEM.
    pub fn trusted(&self) -> &str {
        &self.trusted
    }
}

fn start(folder: &Path, dns: SocketAddr) -> Result<Child, String> {
    let failed = |error: std::io::Error| format!("{PROGRAM} could not be started: {error}.");
    let printed = File::create(folder.join("printed")).map_err(failed)?;
    Command::new(PROGRAM)
        .args(["-config", "pebble.json", "-dnsserver", &dns.to_string()])
        .current_dir(folder)
        .envs([("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_WFE_NONCEREJECT", "0"), ("PEBBLE_AUTHZREUSE", "0")])
        .stdin(Stdio::null())
        .stdout(printed.try_clone().map_err(failed)?)
        .stderr(printed)
        .spawn()
        .map_err(failed)
}

fn wait_for(address: SocketAddr, log: &Log) -> Result<(), String> {
    for _ in 0..1200 {
        if TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err(format!("Pebble does not answer: {}", log.text()))
}
