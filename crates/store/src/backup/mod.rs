//! The whole store in one file, from either database into either database.
//!
//! The file is zstd-compressed text, one JSON value a line: a manifest, then each table (its name and columns, then one
//! array for each row), parents before children, and at the end how many rows there were and the SHA-256 of every line
//! before. Bytes and ids are base64. Which tables and columns there are is asked of the database, so that a new one is
//! never forgotten. The keys are not in it: they stand beside the database, not in it.

mod cells;
mod hold;
mod load;
mod read;
mod tables;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

pub use hold::hold;
pub use load::load;
pub use read::check;
pub use write::write;

/// The version of the file's shape, not of the tables in it.
pub const FORMAT: u32 = 1;

/// What a backup says of itself in its first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the file's shape.
    pub format: u32,
    /// The version of the program that wrote it.
    pub version: String,
    /// The number of the newest migration of the tables in it.
    pub schema: i64,
    /// The moment whose state it holds.
    pub taken_at: Timestamp,
}

/// How many rows of each table a backup holds.
pub type Rows = BTreeMap<String, u64>;

/// Why a backup cannot be written or used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database has no tables yet.
    #[error("there is nothing to back up: the database is empty")]
    NothingThere,
    /// The database to restore into has tables.
    #[error("the database was in use already; a backup is restored into a new folder or an empty database")]
    NotEmpty,
    /// The file is something else.
    #[error("this is not a backup of quarterdeck")]
    NotABackup,
    /// The file was made by a newer version of the program.
    #[error("this backup was made by quarterdeck {version}, which is newer; restore it with that version")]
    Newer {
        /// By which.
        version: String,
    },
    /// The file is cut off or was changed.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] crate::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// A line that is no row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mark {
    /// The first.
    Quarterdeck(Manifest),
    /// Rows of this table follow.
    Table { name: String, columns: Vec<String> },
    /// The last.
    End { rows: Rows, sha256: String },
}
