//! Two databases behind one type: opening, migrating, transactions.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Error, Result};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections kept for reading `SQLite`, and for everything on `PostgreSQL`.
const CONNECTIONS: u32 = 8;

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file, made when it is missing.
    SqliteFile(PathBuf),
    /// A private database in memory, for tests.
    SqliteMemory,
    /// A `postgres://` URL.
    Postgres(String),
}

/// An open database.
#[derive(Debug, Clone)]
pub enum Db {
    /// One connection writes, others read (WAL).
    Sqlite {
        /// For reading.
        read: SqlitePool,
        /// For writing; one connection, so that nobody meets `SQLITE_BUSY`.
        write: SqlitePool,
    },
    /// A pool.
    Postgres(PgPool),
}

/// A transaction. Dropping it without [`Tx::commit`] rolls back.
#[derive(Debug)]
pub enum Tx {
    /// On `SQLite`.
    Sqlite(Transaction<'static, Sqlite>),
    /// On `PostgreSQL`.
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Newer`] when a newer version made it; [`Error::Database`] when it cannot be opened.
    pub async fn open(location: &Location) -> Result<Self> {
        let db = Self::connect(location).await?;
        db.migrate().await?;
        Ok(db)
    }

    async fn connect(location: &Location) -> Result<Self> {
        match location {
            Location::SqliteFile(path) => {
                let options = sqlite_options(SqliteConnectOptions::new().filename(path).create_if_missing(true));
                let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
                let read = SqlitePoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .min_connections(1)
                    .connect_with(options.read_only(true).create_if_missing(false))
                    .await?;
                Ok(Self::Sqlite { read, write })
            }
            Location::SqliteMemory => {
                // One connection for both: a database in memory lives as long as its connection.
                let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
                let write = SqlitePoolOptions::new()
                    .max_connections(1)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .connect_with(options)
                    .await?;
                Ok(Self::Sqlite { read: write.clone(), write })
            }
            Location::Postgres(url) => {
                let options = PgConnectOptions::from_str(url)?;
                let pool = PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_with(options)
                    .await?;
                Ok(Self::Postgres(pool))
            }
        }
    }

    async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => SQLITE.run(write).await?,
            Self::Postgres(pool) => POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// [`Error::Database`] when no connection can be had.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that only reads: on `SQLite` it never waits for a writer.
    ///
    /// # Errors
    /// [`Error::Database`] when no connection can be had.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Closes all connections, after what runs on them has ended.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// WAL, so that readers and the writer do not wait for each other; FULL, because the send ledger promises.
fn sqlite_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "memory")
}

impl Tx {
    /// Makes what was done permanent.
    ///
    /// # Errors
    /// [`Error::Database`] when the database refuses; then nothing was done.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await.map_err(Error::from),
            Self::Postgres(tx) => tx.commit().await.map_err(Error::from),
        }
    }
}

/// A statement that sea-query built: its values are bound, never written into the text.
#[expect(clippy::disallowed_types, reason = "the one place that runs statements built by sea-query")]
pub(crate) fn built(text: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(text)
}
