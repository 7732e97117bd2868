//! Servers of others that the bench needs: a shell script starts one, and takes it away when its standard input closes.
//! The kernel sees to that, however we end.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
};

use crate::error::Result;

/// A script that waits for its standard input to close.
pub(super) struct Keeper(Child);

impl Keeper {
    /// Starts `script` by `shell`, and waits for the first line it says that `answer` understands; `None` when it ended
    /// without one.
    pub(super) fn start<T>(
        mut shell: Command,
        script: &str,
        arguments: &[String],
        answer: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<(Self, T)>> {
        let mut script = shell
            .args(["-c", script, "sh"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Out of our process group, so that Ctrl-C in a terminal ends the bench and not its cleaner.
            .process_group(0)
            .spawn()?;
        let lines = script.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines());
        let keeper = Self(script);
        let said = lines.map_while(std::result::Result::ok).find_map(|line| answer(&line));
        Ok(said.map(|said| (keeper, said)))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Waiting cannot fail for a child that nobody else waits for.
        let _ = self.0.wait();
    }
}
