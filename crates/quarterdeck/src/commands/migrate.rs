//! `quarterdeck migrate`.

use store::Db;

use crate::{configuration::Configuration, error::Result, open};

pub(super) async fn run(configuration: &Configuration) -> Result<()> {
    open::make_folder(&configuration.data_dir.value)?;
    let location = configuration.location();
    let _lock = open::lock(&location)?;
    Db::open(&location).await?.close().await;
    println!("The tables are up to date.");
    Ok(())
}
