//! The command line: `quarterdeck --help` is its manual.

mod bench;
mod cli;
mod commands;
mod configuration;
mod demo;
mod error;
mod lock;
mod logging;
mod memory;
mod node_mark;
mod open;
mod port;
mod randomness;
mod server;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::{cli::Cli, error::Result};

fn main() -> ExitCode {
    let matches = cli::command().get_matches();
    match run(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quarterdeck: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(matches: &clap::ArgMatches) -> Result<()> {
    let cli = Cli::from_arg_matches(matches).unwrap_or_else(|error| error.exit());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(cli.command, matches))
}
