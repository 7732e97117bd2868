//! The temporary folder of one server.

use std::path::PathBuf;
use std::process::Command;

use crate::process::run;

/// Makes an empty folder that belongs to whoever `maker` runs as.
///
/// It stands directly under `/tmp`, whatever `TMPDIR` says: a socket's path may have 107 bytes at most.
/// The watchdog of the server removes it.
pub(crate) fn make(mut maker: Command, name: &str) -> Result<PathBuf, String> {
    maker.arg("-d").arg(format!("/tmp/{name}-XXXXXX"));
    Ok(PathBuf::from(run(&mut maker)?))
}
