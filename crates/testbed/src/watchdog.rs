//! Stops a server and removes its folder when the test is over, even if the test process was killed.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A small shell that waits for its standard input to close and then cleans up.
///
/// The kernel closes the pipe when this process ends, for whatever reason; dropping the watchdog closes it too. So
/// there is one way to clean up, and it runs exactly once.
pub(crate) struct Watchdog(Child);

impl Watchdog {
    /// Starts `shell` (`sh`, or a program that runs `sh` as another user) with the commands that clean up.
    pub(crate) fn start(mut shell: Command, clean_up: &str) -> Result<Self, String> {
        shell
            .args(["-c", &format!("cat > /dev/null\n{clean_up}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Out of our process group, so that Ctrl-C in a terminal ends the test and not its cleaner.
            .process_group(0)
            .spawn()
            .map(Self)
            .map_err(|error| format!("the watchdog shell could not be started: {error}."))
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Waiting cannot fail for a child that nobody else waits for, and a destructor could do nothing about it.
        let _ = self.0.wait();
    }
}
