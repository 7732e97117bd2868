//! The program in a folder of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_mins(1);

/// A folder for the data, and the program that works in it.
pub(crate) struct Deck {
    folder: TempDir,
}

impl Deck {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Where a file of the folder is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these arguments, and nothing of this machine's settings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.args(arguments).arg("--data-dir").arg(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("QUARTERDECK_")) {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts `serve` on a free port.
    pub(crate) fn serve(&self) -> Serving {
        self.start(&["serve"], "/setup#token=")
    }

    /// Starts a server on a free port, and reads what it says up to a line that holds `last`.
    pub(crate) fn start(&self, arguments: &[&str], last: &str) -> Serving {
        let began = now();
        let mut command = self.command(arguments);
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut said = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            said.push(line);
            if said.last().is_some_and(|line| line.contains(last)) {
                break;
            }
        }
        let address = said.iter().find_map(|line| line.strip_prefix("Quarterdeck is at http://"));
        let authority = address.expect("the program says where it is").to_owned();
        let serving = Serving { child, authority, said };
        while serving.get("/readyz").0 != 200 {
            assert!(began.elapsed() < PATIENCE, "never ready");
        }
        println!("ready after {:?}", began.elapsed());
        serving
    }
}

/// A program that serves.
pub(crate) struct Serving {
    pub(crate) child: Child,
    authority: String,
    /// What it said at its start, by lines.
    pub(crate) said: Vec<String>,
}

impl Serving {
    /// The status and the body of a GET.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let (head, body) = self.ask(&format!("GET {path} HTTP/1.1\r\n"), "");
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
    }

    /// The head and the body of the answer to a request that begins with `head`.
    pub(crate) fn ask(&self, head: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (host, length) = (&self.authority, body.len());
        write!(stream, "{head}Host: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// The session cookie of whom a demo names in `line`, with address and password.
    pub(crate) fn sign_in(&self, line: &str) -> String {
        let mut words = line.split_whitespace();
        let body = format!("{{\"email\":\"{}\",\"password\":\"{}\"}}", words.next().unwrap(), words.next().unwrap());
        let head = "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\n";
        let (answer, _) = self.ask(head, &body);
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Tells it to stop, and answers whether it ended well and how long that took.
    pub(crate) fn stop(mut self) -> (bool, Duration) {
        let began = now();
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.success(), began.elapsed());
            }
            assert!(began.elapsed() < PATIENCE, "it does not stop");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "measures how long a real program takes")]
fn now() -> Instant {
    Instant::now()
}
