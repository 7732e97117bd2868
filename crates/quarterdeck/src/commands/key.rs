//! `quarterdeck key`.

use engine::{Keys, Purpose};

use crate::{
    cli::{KeyCommand, Ring},
    configuration::Configuration,
    error::Result,
    open, randomness,
};

pub(super) fn run(configuration: &Configuration, command: &KeyCommand) -> Result<()> {
    let KeyCommand::Rotate { ring } = command;
    let purpose = match ring {
        Ring::Secrets => Purpose::Secrets,
        Ring::Tracking => Purpose::Tracking,
    };
    open::make_folder(&configuration.data_dir.value)?;
    let path = configuration.keys();
    let random = randomness::from_system()?;
    let mut keys = Keys::load_or_create(&path, &random)?;
    keys.rotate(purpose, &random)?;
    keys.save(&path)?;
    println!("A new key is in {}. Keep a copy of that file, and start the server again to use it.", path.display());
    Ok(())
}
