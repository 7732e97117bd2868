//! The commands, one file each.

mod backup;
mod classify;
mod config;
mod key;
mod migrate;
mod networks;
mod progress;
mod rebuild;
mod restore;
mod serve;
mod user;

use std::{net::SocketAddr, sync::Arc};

use clap::ArgMatches;
use engine::{Engine, SystemClock};

use crate::{
    bench,
    cli::Command,
    configuration::{Configuration, Settings, Sources},
    demo,
    error::Result,
    open,
};

/// Does what was asked for.
pub(crate) async fn run(command: Command, matches: &ArgMatches) -> Result<()> {
    let load = |settings: Settings| Configuration::load(settings, &Sources::of_matches(matches));
    match command {
        Command::Serve(settings) => serve::run(&load(settings)?).await,
        Command::Demo(options) => demo::run(options).await,
        Command::Migrate(settings) => migrate::run(&load(settings)?).await,
        Command::Backup { settings, file } => backup::run(&load(settings)?, &file).await,
        Command::Restore { settings, file } => restore::run(&load(settings)?, &file).await,
        Command::Rebuild { settings, rejudge } => rebuild::run(&load(settings)?, rejudge).await,
        Command::Networks { settings, addresses } => networks::run(&load(settings)?, &addresses),
        Command::User { settings, command } => user::run(&load(settings)?, command).await,
        Command::Classify { files } => classify::run(&files),
        Command::Bench(options) => bench::run(options).await,
        Command::Config(settings) => {
            config::run(&load(settings)?);
            Ok(())
        }
        Command::Key { settings, command } => key::run(&load(settings)?, &command).await,
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&web::openapi())?);
            Ok(())
        }
    }
}

/// The engine for a command that ends by itself, with links as the server would make them.
async fn engine(configuration: &Configuration) -> Result<Engine> {
    let address: SocketAddr = configuration.listen.value;
    open::engine(configuration, address, Arc::new(SystemClock)).await
}
