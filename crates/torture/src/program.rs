//! The binary under test: started, killed, started again, always at the same address.

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use crate::error::{Error, Result};

/// How long a start may take. A database that recovers takes a while, and so does a machine that is busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many lines of what the program said are kept.
const KEPT: usize = 200;

/// How the program is to be run.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) binary: PathBuf,
    /// What the program is run by: nothing, `strace` or a shell that prepares the way.
    pub(crate) wrapper: Vec<OsString>,
    pub(crate) data_dir: PathBuf,
    /// Without one, a file in the data folder.
    pub(crate) database_url: Option<String>,
    pub(crate) listen: SocketAddr,
}

/// The program.
pub(crate) struct Program {
    recipe: Recipe,
    child: Option<Child>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Program {
    pub(crate) fn new(recipe: Recipe) -> Result<Self> {
        if !recipe.binary.exists() {
            return Err(Error::NoProgram(recipe.binary));
        }
        Ok(Self { recipe, child: None, said: Arc::default() })
    }

    /// Starts it without waiting for anything.
    pub(crate) fn launch(&mut self) -> Result<mpsc::Receiver<String>> {
        let mut words = self.recipe.wrapper.iter();
        let mut command = match words.next() {
            Some(first) => {
                let mut command = Command::new(first);
                command.args(words).arg(&self.recipe.binary);
                command
            }
            None => Command::new(&self.recipe.binary),
        };
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("QUARTERDECK_")) {
            command.env_remove(name);
        }
        command.arg("serve").arg("--allow-private-hosts").arg("--data-dir").arg(&self.recipe.data_dir);
        command.arg("--listen").arg(self.recipe.listen.to_string());
        if let Some(url) = &self.recipe.database_url {
            command.arg("--database-url").arg(url);
        }
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let name = command.get_program().display();
        let mut child = started.map_err(|error| Error::DidNotStart(format!("{name}: {error}; is it installed?")))?;
        let (sender, lines) = mpsc::channel();
        self.listen(child.stdout.take(), Some(sender));
        self.listen(child.stderr.take(), None);
        self.child = Some(child);
        Ok(lines)
    }

    /// Starts it and waits until it serves; answers the setup token when it printed one.
    pub(crate) fn start(&mut self) -> Result<Option<String>> {
        let lines = self.launch()?;
        let mut serves = false;
        while !serves {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) => serves = line.starts_with("Quarterdeck is at "),
                Err(_) => return Err(Error::DidNotStart(self.last_words())),
            }
        }
        // The token follows at once, if it follows at all.
        let token = lines.iter().take(2).find_map(|line| Some(line.split_once("/setup#token=")?.1.to_owned()));
        Ok(token)
    }

    /// As [`Program::start`] when the program has served before and prints no token.
    pub(crate) fn start_again(&mut self) -> Result<()> {
        let lines = self.launch()?;
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) if line.starts_with("Quarterdeck is at ") => return Ok(()),
                Ok(_) => {}
                Err(_) => return Err(Error::DidNotStart(self.last_words())),
            }
        }
    }

    /// SIGKILL, and the port is free.
    pub(crate) fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Whether it has ended without having been told.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None)))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.recipe.listen
    }

    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// What it said last, on both outputs.
    pub(crate) fn last_words(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    /// Reads an output to its end in the background, so that the program never waits for us.
    fn listen(&self, output: Option<impl Read + Send + 'static>, sender: Option<mpsc::Sender<String>>) {
        let Some(output) = output else { return };
        let said = Arc::clone(&self.said);
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                if said.len() == KEPT {
                    said.remove(0);
                }
                said.push(line.clone());
                drop(said);
                if let Some(sender) = &sender {
                    // Nobody listens any more once the program serves.
                    let _ = sender.send(line);
                }
            }
        });
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A destructor could do nothing about a failure.
        let _ = self.kill();
    }
}

/// The binary that was built beside the one that runs now: `target/debug/quarterdeck`.
///
/// # Errors
/// [`Error::NoProgram`] when it was not built.
pub fn beside_us() -> Result<PathBuf> {
    let us = std::env::current_exe()?;
    let folders = us.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join("quarterdeck")).find(|path| path.exists());
    found.ok_or_else(|| Error::NoProgram(us.parent().unwrap_or(Path::new("")).join("quarterdeck")))
}
