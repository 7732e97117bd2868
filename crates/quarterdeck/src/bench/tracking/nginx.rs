//! An nginx that answers everything with its own image of one pixel, as Debian builds it.

use std::{net::SocketAddr, path::Path, process::Command};

use super::local;
use crate::{
    bench::{keeper::Keeper, sending::free_port},
    error::Result,
};

const PROGRAM: &str = "/usr/sbin/nginx";

/// Starts it, and takes it away at the end.
const SCRIPT: &str = include_str!("nginx.sh");

/// A running nginx.
pub(super) struct Nginx {
    _keeper: Keeper,
    pub(super) address: SocketAddr,
}

pub(super) fn is_installed() -> bool {
    Path::new(PROGRAM).exists()
}

impl Nginx {
    /// Starts one; `None` when it did not.
    pub(super) fn start() -> Result<Option<Self>> {
        let port = free_port()?;
        let started =
            Keeper::start(Command::new("sh"), SCRIPT, &[port.to_string()], |line| (line == "ready").then_some(()))?;
        Ok(started.map(|(keeper, ())| Self { _keeper: keeper, address: local(port) }))
    }
}
