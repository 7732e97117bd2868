//! Running other programs: to the end, as another user, and with errors that say what they said.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

/// Debian's `nobody`: mail is delivered into a Maildir as any user but root.
const NOBODY: u32 = 65534;

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

/// Runs a program that leaves a daemon behind. What it prints goes to a file, for the daemon keeps it open.
pub(crate) fn run_daemon(command: &mut Command, printed: &Path) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let not_started = |error| format!("{program} could not be started: {error}.");
    let file = File::create(printed).map_err(not_started)?;
    let errors = file.try_clone().map_err(not_started)?;
    let status = command.stdin(Stdio::null()).stdout(file).stderr(errors).status().map_err(not_started)?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{program} failed ({status}): {}", fs::read_to_string(printed).unwrap_or_default()))
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

/// `program`, to be run as root for `server`: we are root, or sudo lets us without a password.
pub(crate) fn as_root(program: &str, server: &str) -> Result<Command, String> {
    if we_are_root() {
        return Ok(Command::new(program));
    }
    run(Command::new("sudo").args(["-n", "true"]))
        .map_err(|_| format!("{server} starts as root only: run this test as root, or `sudo -v` before it."))?;
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    Ok(command)
}

/// The user and group that own delivered mail, so that a test can read and write it.
pub(crate) fn delivering_user() -> Result<(u32, u32), String> {
    if we_are_root() { Ok((NOBODY, NOBODY)) } else { Ok((own_id("-u")?, own_id("-g")?)) }
}
