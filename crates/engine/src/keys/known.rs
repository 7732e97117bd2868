//! Whether a server has the keys that its store was served with.
//!
//! A server with other keys could open no password and read no link: it would pause every channel for everybody. So the
//! store keeps what each key is recognised by, and only who has them all begins.

use std::path::Path;

use data_encoding::HEXLOWER;
use domain::{Timestamp, time::MINUTE};
use store::{
    Db, Tx,
    key_fingerprints::{self, Fingerprint},
    nodes, workspaces,
};

use super::{Key, KeyError, Keys, Purpose};
use crate::Random;

/// What a key signs to be recognised by: never a message of the product.
const SUBJECT: &[u8] = b"quarterdeck key fingerprint";

impl Keys {
    /// The keys at `path` for the store `db`, made where neither has any. New keys of the file are noted in the store.
    ///
    /// # Errors
    /// [`KeyError::Foreign`] when the store was served with a key that the file does not hold; what is wrong with the file.
    pub async fn open_for(db: &Db, path: &Path, random: &Random) -> Result<Self, KeyError> {
        let keys = match Self::load(path) {
            Ok(keys) => keys,
            Err(KeyError::Missing { .. }) => match Self::make_for(db, path, random).await {
                // Who shares the folder made them in this moment.
                Err(KeyError::Foreign { .. }) if path.exists() => Self::load(path)?,
                made => return made,
            },
            Err(error) => return Err(error),
        };
        let mut tx = db.begin().await?;
        keys.note(&mut tx, path).await?;
        tx.commit().await?;
        Ok(keys)
    }

    /// Makes the keys of a store that was never served.
    async fn make_for(db: &Db, path: &Path, random: &Random) -> Result<Self, KeyError> {
        let keys = Self::generate(random);
        let mut tx = db.begin().await?;
        // A store from before fingerprints has keys all the same, once somebody uses it.
        let known = key_fingerprints::list(&mut tx).await?;
        if known.is_empty() && !workspaces::list(&mut tx).await?.is_empty() {
            return Err(KeyError::Foreign { path: path.to_owned(), missing: "there is no such file".to_owned() });
        }
        keys.note(&mut tx, path).await?;
        keys.save(path)?;
        tx.commit().await?;
        Ok(keys)
    }

    /// Notes these keys, and compares them with what was noted before.
    async fn note(&self, tx: &mut Tx, path: &Path) -> Result<(), KeyError> {
        let ours = self.fingerprints()?;
        // Of two first servers that start at once, one waits here for the other.
        for key in &ours {
            key_fingerprints::note(tx, key).await?;
        }
        let known = key_fingerprints::list(tx).await?;
        let missing: Vec<_> = known.iter().filter(|key| !ours.contains(key)).map(in_words).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(KeyError::Foreign { path: path.to_owned(), missing: format!("it lacks {}", missing.join(", ")) })
    }

    /// Takes the keys at `path`, made if need be, for those of the store from now on: the others are lost. Says whether there
    /// may be others. No server may run.
    ///
    /// # Errors
    /// [`KeyError::Served`]; what is wrong with the file.
    pub async fn replace_in(db: &Db, path: &Path, random: &Random, now: Timestamp) -> Result<bool, KeyError> {
        let mut tx = db.begin().await?;
        if db.is_shared() && !nodes::seen_since(&mut tx, now.plus(-MINUTE)).await?.is_empty() {
            return Err(KeyError::Served);
        }
        let keys = Self::load_or_create(path, random)?;
        let (ours, known) = (keys.fingerprints()?, key_fingerprints::list(&mut tx).await?);
        // A store from before fingerprints may have been served with any.
        let is_unknown = known.is_empty() && !workspaces::list(&mut tx).await?.is_empty();
        key_fingerprints::forget(&mut tx).await?;
        for key in &ours {
            key_fingerprints::note(&mut tx, key).await?;
        }
        tx.commit().await?;
        Ok(is_unknown || known.iter().any(|key| !ours.contains(key)))
    }

    fn fingerprints(&self) -> Result<Vec<Fingerprint>, KeyError> {
        let keys =
            Purpose::ALL.into_iter().flat_map(|purpose| self.ring(purpose).iter().map(move |key| (purpose, key)));
        keys.map(|(purpose, key)| fingerprint(purpose, key)).collect()
    }
}

fn fingerprint(purpose: Purpose, key: &Key) -> Result<Fingerprint, KeyError> {
    let mark = key.mark(SUBJECT)?;
    Ok(Fingerprint { ring: purpose.ring().to_owned(), key_id: u32::from(key.id), fingerprint: HEXLOWER.encode(&mark) })
}

fn in_words(key: &Fingerprint) -> String {
    format!("{} key {}", key.ring, key.key_id)
}

#[cfg(test)]
mod tests;
