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

impl Error {
    /// Whether the database cannot be talked to now: it is stopped, starting, full or not to be reached. Later it may answer.
    pub fn is_unavailable(&self) -> bool {
        let Self::Database(error) = self else { return false };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(database) => database.code().is_some_and(|code| is_about_connection(&code)),
            _ => false,
        }
    }
}

/// Codes by which `PostgreSQL` speaks of connections: class 08, too many of them, and that it stops or starts. `SQLite`'s are
/// numbers of at most four digits.
fn is_about_connection(code: &str) -> bool {
    code.len() == 5 && (code.starts_with("08") || matches!(code, "53300" | "57P01" | "57P02" | "57P03"))
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        columns::on,
        testing::{Backend, database},
    };

    #[rstest]
    #[tokio::test]
    async fn a_store_that_is_closed_is_not_available_and_a_wrong_statement_is_a_failure(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let wrong: sqlx::Result<()> =
            on!(&mut tx, c => sqlx::query("SELECT * FROM nowhere").execute(c).await.map(drop));
        assert!(!Error::from(wrong.unwrap_err()).is_unavailable());
        drop(tx);
        db.close().await;
        assert!(db.read().await.unwrap_err().is_unavailable());
        assert!(db.begin().await.unwrap_err().is_unavailable());
    }

    #[rstest]
    #[case("08006", true)]
    #[case("53300", true)]
    #[case("57P01", true)]
    #[case("57P03", true)]
    #[case("57014", false)]
    #[case("23505", false)]
    #[case("0800", false)]
    #[case("5", false)]
    fn what_postgresql_says_of_its_connections_is_told_from_the_rest(#[case] code: &str, #[case] expected: bool) {
        assert_eq!(is_about_connection(code), expected);
    }
}
