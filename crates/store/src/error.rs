//! What can go wrong, as far as a caller can act on it.

/// The store's result.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row, or not in this workspace.
    #[error("not found")]
    NotFound,
    /// A row with the same unique value exists.
    #[error("conflict in {table}")]
    Conflict {
        /// The table, as far as the database names it.
        table: String,
    },
    /// The row was changed since it was read.
    #[error("changed since it was read")]
    Changed,
    /// The file or database was made by a newer version of the program.
    #[error("the store was made by a newer version of quarterdeck")]
    Newer,
    /// A stored value cannot be understood.
    #[error("stored value: {0}")]
    Corrupt(String),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                Self::Conflict { table: conflicting_table(database.as_ref()) }
            }
            _ => Self::Database(error),
        }
    }
}

/// `PostgreSQL` names the table; `SQLite` says `UNIQUE constraint failed: users.email`.
fn conflicting_table(error: &dyn sqlx::error::DatabaseError) -> String {
    error.table().map_or_else(
        || {
            let message = error.message();
            let column = message.rsplit(": ").next().unwrap_or(message);
            column.split('.').next().unwrap_or(column).to_owned()
        },
        str::to_owned,
    )
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(_) | sqlx::migrate::MigrateError::VersionTooNew(..) => {
                Self::Newer
            }
            other => Self::Database(sqlx::Error::Migrate(Box::new(other))),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}
