//! Running other programs: to the end, as another user, and with errors that say what they said.

use std::process::{Command, Stdio};

/// Runs a program to its end and answers what it printed.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("{program} could not be started: {error}."))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!(
        "{program} failed ({}): {}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    ))
}

/// True when this process runs as root.
pub(crate) fn we_are_root() -> bool {
    own_id("-u") == Ok(0)
}

/// The number of our user (`-u`) or group (`-g`), as `id` tells it.
pub(crate) fn own_id(which: &str) -> Result<u32, String> {
    let answer = run(Command::new("id").arg(which))?;
    answer.parse().map_err(|_| format!("id {which} answered {answer:?}."))
}
