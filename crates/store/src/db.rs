//! Two databases behind one type: opening, migrating, transactions.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    Connection as _, PgPool, Postgres, SqlitePool, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Result,
    writer::{SqliteTx, Unsynced, Writer},
};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections that read `PostgreSQL`.
const CONNECTIONS: u32 = 8;

/// Connections that write to it.
const WRITERS: u32 = 4;

/// A plan for many rows takes longer to make than to follow, and is the same whatever they are. It looks each row up by its
/// key: to read a whole table and join it seems cheaper to `PostgreSQL` as long as its statistics say that the table is small,
/// and they are always behind.
const WRITERS_PLANS: &str =
    "SET plan_cache_mode = force_generic_plan; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// Connections that read `SQLite`: each is a thread with pages and statements of its own.
const READERS: u32 = 4;

/// Pages that the connection that writes to `SQLite` keeps, in KiB.
const WRITER_CACHE: &str = "-4000";

/// Pages in the log after which they are written to their places: a page that was changed many times by then is written
/// once. Some 32 MB, which are read in a moment when a start has to make up for it.
const CHECKPOINT: &str = "8000";

/// Statements that a connection to `SQLite` keeps prepared: those about many rows stand there once for each power of two.
const STATEMENTS: usize = 250;

/// Pages of each connection that reads, in KiB; behind them stands the operating system's cache.
const READER_CACHE: &str = "-600";

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
        /// For reading; `None` where the connection that writes is the only one.
        read: Option<SqlitePool>,
        /// For writing.
        write: Writer,
    },
    /// Two pools.
    Postgres {
        /// For reading.
        read: PgPool,
        /// For writing: few connections, which have all statements about many rows prepared.
        write: PgPool,
    },
}

/// A transaction. Dropping it without [`Tx::commit`] rolls back.
#[derive(Debug)]
pub enum Tx {
    /// On `SQLite`.
    Sqlite(SqliteTx),
    /// On `PostgreSQL`.
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// [`crate::Error::Newer`] when a newer version made it; [`crate::Error::Database`] when it cannot be opened.
    pub async fn open(location: &Location) -> Result<Self> {
        let db = Self::connect(location).await?;
        db.migrate().await?;
        Ok(db)
    }

    async fn connect(location: &Location) -> Result<Self> {
        match location {
            Location::SqliteFile(path) => {
                let options = sqlite_options(SqliteConnectOptions::new().filename(path).create_if_missing(true));
                let write = Writer::open(options.clone(), Some(path)).await?;
                let read = sqlite_readers()
                    .max_connections(READERS)
                    .min_connections(1)
                    .connect_with(options.read_only(true).create_if_missing(false).pragma("cache_size", READER_CACHE))
                    .await?;
                Ok(Self::Sqlite { read: Some(read), write })
            }
            Location::SqliteMemory => {
                // It lives as long as its connection, and no other sees it.
                let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
                Ok(Self::Sqlite { read: None, write: Writer::open(options, None).await? })
            }
            Location::Postgres(url) => {
                let options = PgConnectOptions::from_str(url)?;
                let pool = || PgPoolOptions::new().acquire_timeout(Duration::from_secs(10));
                let read = pool().max_connections(CONNECTIONS).connect_with(options.clone()).await?;
                let write = pool().max_connections(WRITERS).after_connect(|connection, _| {
                    let set = sqlx::raw_sql(WRITERS_PLANS).execute(connection);
                    Box::pin(async { set.await.map(drop) })
                });
                let write = write.connect_with(options).await?;
                Ok(Self::Postgres { read, write })
            }
        }
    }

    async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => SQLITE.run(&mut *write.connection().await?).await?,
            Self::Postgres { write, .. } => POSTGRES.run(write).await?,
        }
        Ok(())
    }

    /// Opens the database as the first migrations made it, up to `version`, for tests of those that follow.
    #[cfg(test)]
    pub(crate) async fn of_version(location: &Location, version: i64) -> Result<Self> {
        let db = Self::connect(location).await?;
        db.migrate_until(version).await?;
        Ok(db)
    }

    /// Brings its tables up to date with the migration `version`.
    #[cfg(test)]
    pub(crate) async fn migrate_until(&self, version: i64) -> Result<()> {
        let some = |all: &Migrator| Migrator {
            migrations: all.iter().filter(|it| it.version <= version).cloned().collect(),
            ..Migrator::DEFAULT
        };
        match self {
            Self::Sqlite { write, .. } => some(&SQLITE).run(&mut *write.connection().await?).await?,
            Self::Postgres { write, .. } => some(&POSTGRES).run(write).await?,
        }
        Ok(())
    }

    /// Opens the database that is there, for reading only, and leaves its tables as they are.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when there is none, or it cannot be opened.
    pub async fn look(location: &Location) -> Result<Self> {
        match location {
            Location::SqliteFile(path) => {
                let options = SqliteConnectOptions::new().filename(path).read_only(true).foreign_keys(true);
                Ok(Self::Sqlite { read: None, write: Writer::open(options, Some(path)).await? })
            }
            Location::SqliteMemory | Location::Postgres(_) => Self::connect(location).await,
        }
    }

    /// Opens the database, made when it is a file and missing, and makes no tables in it.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when it cannot be opened.
    pub async fn untouched(location: &Location) -> Result<Self> {
        Self::connect(location).await
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when no connection can be had.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(SqliteTx::Writing(write.begin("BEGIN IMMEDIATE").await?)),
            Self::Postgres { write, .. } => Tx::Postgres(write.begin().await?),
        })
    }

    /// Begins a transaction that only reads: on `SQLite` it never waits for a writer.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when no connection can be had.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, write } => Tx::Sqlite(sqlite_reading(read.as_ref(), write).await?),
            Self::Postgres { read, .. } => Tx::Postgres(read.begin().await?),
        })
    }

    /// Begins a transaction that sees everything as it is at its first question, however long it goes on asking. Nobody
    /// waits for it.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when no connection can be had.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, write } => Tx::Sqlite(sqlite_reading(read.as_ref(), write).await?),
            Self::Postgres { read, .. } => {
                Tx::Postgres(read.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
            }
        })
    }

    /// Whether other processes may work on the same data.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// Closes all connections, after what runs on them has ended.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                if let Some(read) = read {
                    read.close().await;
                }
                write.close().await;
            }
            Self::Postgres { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

/// When the disk fails, `SQLite` rolls back by itself. The driver does not learn of that, takes the connection to be in a
/// transaction for ever, and begins no other: such a connection is replaced.
fn sqlite_readers() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
}

async fn sqlite_reading(read: Option<&SqlitePool>, write: &Writer) -> Result<SqliteTx> {
    Ok(match read {
        Some(read) => SqliteTx::Reading(read.begin().await?),
        None => SqliteTx::Writing(write.begin("BEGIN").await?),
    })
}

/// WAL, so that readers and the writer do not wait for each other; NORMAL, because who commits syncs the log himself.
fn sqlite_options(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", CHECKPOINT)
        .statement_cache_capacity(STATEMENTS)
        .pragma("temp_store", "memory")
}

impl Tx {
    /// Makes what was done permanent.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when the database refuses; then nothing was done, or it may be undone by a loss of power.
    pub async fn commit(self) -> Result<()> {
        self.commit_early().await?.durable().await
    }

    /// Lets others see what was done, and write. Nobody may rely on it before it is [`Committed::durable`].
    ///
    /// # Errors
    /// [`crate::Error::Database`] when the database refuses; then nothing was done.
    pub async fn commit_early(self) -> Result<Committed> {
        Ok(Committed(match self {
            Self::Sqlite(SqliteTx::Writing(tx)) => tx.commit().await?,
            Self::Sqlite(SqliteTx::Reading(tx)) => {
                tx.commit().await?;
                None
            }
            Self::Postgres(tx) => {
                tx.commit().await?;
                None
            }
        }))
    }
}

/// What was done, and may not be on the disk yet.
#[must_use]
#[derive(Debug)]
pub struct Committed(Option<Unsynced>);

impl Committed {
    /// Whether it is permanent already.
    pub fn is_durable(&self) -> bool {
        self.0.is_none()
    }

    /// Ends when what was done is permanent.
    ///
    /// # Errors
    /// [`crate::Error::Database`] when the disk fails: then a loss of power may undo it.
    pub async fn durable(self) -> Result<()> {
        match self.0 {
            Some(unsynced) => unsynced.sync().await,
            None => Ok(()),
        }
    }
}

/// The number of the newest migration this program knows.
pub(crate) fn newest_schema() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Brings the tables up to the migration `schema`, as a part of what `tx` does.
pub(crate) async fn migrate_to(tx: &mut Tx, schema: i64) -> Result<()> {
    match tx {
        Tx::Sqlite(tx) => SQLITE.run_to(schema, &mut **tx).await?,
        Tx::Postgres(tx) => POSTGRES.run_to(schema, &mut **tx).await?,
    }
    Ok(())
}

/// A statement that sea-query built: its values are bound, never written into the text.
#[expect(clippy::disallowed_types, reason = "the one place that runs statements built by sea-query")]
pub(crate) fn built(text: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        Error,
        columns::on,
        testing::{Backend, database},
    };

    #[rstest]
    #[tokio::test]
    async fn a_store_made_by_a_newer_version_is_refused_and_left_as_it_is(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let location = match backend {
            Backend::Sqlite => Location::SqliteFile(folder.path().join("newer.db")),
            Backend::Postgres => Location::Postgres(testbed::postgres::fresh_database()),
        };
        let db = Db::open(&location).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        on!(&mut tx, c => sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
            SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
        ).execute(c).await.map(drop))
        .unwrap();
        tx.commit().await.unwrap();
        db.close().await;

        for _ in 0..2 {
            let refused = Db::open(&location).await.unwrap_err();
            assert!(matches!(refused, Error::Newer), "{refused:?}");
            assert_eq!(refused.to_string(), "the store was made by a newer version of quarterdeck");
        }
        let look = Db::look(&location).await.unwrap();
        let written = crate::backup::write(&look, "0.1.0", domain::Timestamp(0), Vec::new(), |_, _| ()).await;
        assert!(matches!(written, Err(crate::backup::Error::Store(Error::Newer))));
    }

    /// What a connection to `PostgreSQL` may do to follow a statement.
    async fn plans(tx: &mut Tx) -> (String, String, String) {
        let Tx::Postgres(tx) = tx else { panic!("not PostgreSQL") };
        let settings = "SELECT current_setting('plan_cache_mode'), current_setting('enable_hashjoin'),
            current_setting('enable_mergejoin')";
        sqlx::query_as(settings).fetch_one(&mut **tx).await.unwrap()
    }

    #[tokio::test]
    async fn every_connection_that_writes_looks_rows_up_by_key_and_those_that_read_join_as_seems_best() {
        let db = database(Backend::Postgres).await;
        let (mut writing, mut reading) = (Vec::new(), Vec::new());
        for _ in 0..WRITERS {
            writing.push(db.begin().await.unwrap());
            reading.push(db.read().await.unwrap());
        }
        for tx in &mut writing {
            assert_eq!(plans(tx).await, ("force_generic_plan".into(), "off".into(), "off".into()));
        }
        for tx in &mut reading {
            assert_eq!(plans(tx).await, ("auto".into(), "on".into(), "on".into()));
        }
    }
}
