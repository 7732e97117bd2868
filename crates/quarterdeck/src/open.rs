//! From the configuration to an engine.

use std::{net::SocketAddr, path::Path, sync::Arc};

use engine::{Clock, Engine, Keys};
use store::{Db, Location};

use crate::{
    configuration::Configuration,
    error::{Error, Result},
    lock::ServerLock,
    randomness,
};

/// Makes the data folder, readable by its owner only.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| Error::File { path: folder.to_owned(), source })
}

/// The lock of the database, when it is a file.
pub(crate) fn lock(location: &Location) -> Result<Option<ServerLock>> {
    match location {
        Location::SqliteFile(path) => ServerLock::take(path).map(Some),
        _ => Ok(None),
    }
}

/// The engine on this configuration's store and keys, which are made when the store has none yet.
pub(crate) async fn engine(
    configuration: &Configuration,
    address: SocketAddr,
    clock: Arc<dyn Clock>,
) -> Result<Engine> {
    make_folder(&configuration.data_dir.value)?;
    let random = randomness::from_system()?;
    let db = Db::open(&configuration.location()).await?;
    let keys = Keys::open_for(&db, &configuration.keys(), &random).await?;
    Ok(Engine::new(db, clock, random, keys, configuration.engine_settings(address)?))
}
