//! `quarterdeck key`.

use engine::{Clock, Keys, Purpose, SystemClock};
use store::{Db, Location};

use crate::{
    cli::{KeyCommand, Ring},
    configuration::Configuration,
    error::{Error, Result},
    open, randomness,
};

pub(super) async fn run(configuration: &Configuration, command: &KeyCommand) -> Result<()> {
    match command {
        KeyCommand::Rotate { ring: Ring::Secrets } => rotate(configuration, Purpose::Secrets),
        KeyCommand::Rotate { ring: Ring::Tracking } => rotate(configuration, Purpose::Tracking),
        KeyCommand::Replace => replace(configuration).await,
    }
}

fn rotate(configuration: &Configuration, purpose: Purpose) -> Result<()> {
    let path = configuration.keys();
    let mut keys = Keys::load(&path)?;
    keys.rotate(purpose, &randomness::from_system()?)?;
    keys.save(&path)?;
    println!("A new key is in {}. Keep a copy of that file, give it to every node, and start", path.display());
    println!("the servers again to use it.");
    Ok(())
}

async fn replace(configuration: &Configuration) -> Result<()> {
    let location = configuration.location();
    if let Location::SqliteFile(database) = &location
        && !database.exists()
    {
        return Err(Error::NoDatabase { path: database.clone() });
    }
    open::make_folder(&configuration.data_dir.value)?;
    let _lock = open::lock(&location)?;
    let (path, db) = (configuration.keys(), Db::open(&location).await?);
    let lost = Keys::replace_in(&db, &path, &randomness::from_system()?, SystemClock.now()).await?;
    db.close().await;
    if !lost {
        println!("The keys of the database are those in {}, and there were no others.", path.display());
        return Ok(());
    }
    println!("The keys of the database are those in {} from now on. What others sealed is lost:", path.display());
    println!(
        "- enter the passwords of channels, mailboxes and webhooks again, and connect what signs in at Google and"
    );
    println!("  Microsoft anew, the registration there included;");
    println!("- make new DKIM keys; certificates are ordered anew by themselves;");
    println!(
        "- links in mail already sent lead nowhere, the unsubscribe links among them: take what people answer by hand."
    );
    Ok(())
}
