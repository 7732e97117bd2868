//! The one connection that writes to `SQLite`, and its log, which is synced for all who wait.
//!
//! With `synchronous = FULL` a commit syncs the log itself, and nobody else can write meanwhile. So it is `NORMAL`, and who
//! commits syncs the log afterwards: the next one writes while the disk syncs, and one sync serves all who had committed when
//! it began. What a commit promises is the same.

use std::{
    fs::File,
    io,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, SqlSafeStr as _, Sqlite, Transaction,
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteTransactionManager},
};
use sqlx_core::transaction::TransactionManager as _;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use crate::Result;

/// How long somebody waits for the others who write.
const PATIENCE: Duration = Duration::from_secs(30);

/// The connection; nobody meets `SQLITE_BUSY`, because there is no other that writes.
#[derive(Debug, Clone)]
pub struct Writer {
    options: Arc<SqliteConnectOptions>,
    /// `None` when it is closed.
    connection: Arc<Mutex<Option<SqliteConnection>>>,
    /// `None` where nothing is on a disk.
    log: Option<Arc<Log>>,
}

impl Writer {
    /// Opens the database in `file`, or one in memory.
    pub(crate) async fn open(options: SqliteConnectOptions, file: Option<&Path>) -> Result<Self> {
        let connection = Arc::new(Mutex::new(Some(options.connect().await?)));
        Ok(Self { options: Arc::new(options), connection, log: file.map(|file| Arc::new(Log::of(file))) })
    }

    /// Begins a transaction by `statement`, when all who came before have ended theirs.
    pub(crate) async fn begin(&self, statement: &'static str) -> Result<Writing> {
        let mut connection = self.connection().await?;
        if connection.is_in_transaction() {
            // What was dropped is being rolled back. Whether that succeeds is seen from what follows.
            let _ = connection.ping().await;
        }
        // When the disk fails, SQLite rolls back by itself. The driver does not learn of that, takes the connection to be in a
        // transaction for ever, and begins no other.
        if connection.is_in_transaction() {
            close(std::mem::replace(&mut *connection, self.options.connect().await?)).await;
        }
        let mut writing = Writing { connection, log: self.log.clone(), open: true };
        SqliteTransactionManager::begin(&mut writing.connection, Some(statement.into_sql_str())).await?;
        Ok(writing)
    }

    /// The connection by itself, when all who came before have ended their transactions.
    pub(crate) async fn connection(&self) -> Result<Held> {
        let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&self.connection).lock_owned());
        let held = waiting.await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        Ok(OwnedMutexGuard::try_map(held, Option::as_mut).map_err(|_| sqlx::Error::PoolClosed)?)
    }

    pub(crate) async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take() {
            close(connection).await;
        }
    }
}

async fn close(connection: SqliteConnection) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "a connection to the database did not close well");
    }
}

/// The connection, while somebody has it.
type Held = OwnedMappedMutexGuard<Option<SqliteConnection>, SqliteConnection>;

/// A transaction that writes. Dropping it rolls back.
#[derive(Debug)]
pub struct Writing {
    connection: Held,
    log: Option<Arc<Log>>,
    open: bool,
}

impl Writing {
    /// Lets others read what was done, and write. It is permanent when the log has been synced.
    pub(crate) async fn commit(mut self) -> Result<Option<Unsynced>> {
        SqliteTransactionManager::commit(&mut self.connection).await?;
        self.open = false;
        Ok(self.log.take().map(Log::unsynced))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if self.open {
            SqliteTransactionManager::start_rollback(&mut self.connection);
        }
    }
}

/// A transaction on `SQLite`.
#[derive(Debug)]
pub enum SqliteTx {
    /// On a connection of its own, which only reads.
    Reading(Transaction<'static, Sqlite>),
    /// On the one that writes.
    Writing(Writing),
}

impl Deref for SqliteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Reading(tx) => tx,
            Self::Writing(writing) => &writing.connection,
        }
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Reading(tx) => tx,
            Self::Writing(writing) => &mut writing.connection,
        }
    }
}

/// The write-ahead log beside a database.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    /// Opened when something is in it. It stays the same file as long as somebody has the database open.
    file: OnceLock<Arc<File>>,
    /// How many commits there have been.
    committed: AtomicU64,
    synced: Mutex<Synced>,
}

/// What was committed, and may not be on the disk yet.
#[derive(Debug)]
pub(crate) struct Unsynced {
    log: Arc<Log>,
    /// Which commit it was.
    number: u64,
}

impl Unsynced {
    /// Ends when it is on the disk. One sync serves all who had committed when it began.
    pub(crate) async fn sync(self) -> Result<()> {
        self.log.sync(self.number).await
    }
}

#[derive(Debug)]
enum Synced {
    /// So many commits are on the disk.
    Until(u64),
    /// A sync failed: what it was to keep may be lost, and a later one does not tell.
    Failed(String),
}

impl Log {
    fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        let synced = Mutex::new(Synced::Until(0));
        Self { path: path.into(), file: OnceLock::new(), committed: AtomicU64::new(0), synced }
    }

    /// What has been committed before this.
    fn unsynced(self: Arc<Self>) -> Unsynced {
        Unsynced { number: 1 + self.committed.fetch_add(1, SeqCst), log: self }
    }

    /// Ends when the first `wanted` commits are on the disk.
    async fn sync(&self, wanted: u64) -> Result<()> {
        let mut synced = self.synced.lock().await;
        match &*synced {
            Synced::Until(number) if *number >= wanted => return Ok(()),
            Synced::Until(_) => {}
            Synced::Failed(error) => return Err(failed(error)),
        }
        let committed = self.committed.load(SeqCst);
        let file = self.file().map_err(sqlx::Error::Io)?;
        let done = tokio::task::spawn_blocking(move || file.sync_data()).await.map_err(io::Error::from);
        if let Err(error) = done.flatten() {
            *synced = Synced::Failed(error.to_string());
            return Err(failed(&error.to_string()));
        }
        *synced = Synced::Until(committed);
        Ok(())
    }

    fn file(&self) -> io::Result<Arc<File>> {
        if let Some(file) = self.file.get() {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(File::open(&self.path)?);
        // Its name, too, has to survive: it may be new.
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(Arc::clone(self.file.get_or_init(|| file)))
    }
}

fn failed(error: &str) -> crate::Error {
    let sentence = format!("the log was not synced, and nothing more counts as written before a restart: {error}");
    sqlx::Error::Io(io::Error::other(sentence)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Db, Location, Tx, columns::on, testing::member};

    async fn database(folder: &Path) -> Db {
        Db::open(&Location::SqliteFile(folder.join("q.db"))).await.unwrap()
    }

    async fn workspaces(tx: &mut Tx) -> i64 {
        let count: (i64,) = on!(tx, c => sqlx::query_as("SELECT COUNT(*) FROM workspaces").fetch_one(c).await).unwrap();
        count.0
    }

    #[tokio::test]
    async fn what_is_dropped_is_undone_and_the_next_one_writes() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(folder.path()).await;
        for _ in 0..3 {
            let mut tx = db.begin().await.unwrap();
            assert_eq!(workspaces(&mut tx).await, 0);
            member(&mut tx, 1, 2, domain::authorization::Role::Member).await;
            drop(tx);
            // Whoever stops waiting before it has begun leaves nothing behind either.
            let holder = db.begin().await.unwrap();
            assert!(tokio::time::timeout(Duration::from_millis(20), db.begin()).await.is_err());
            drop(holder);
        }
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 2, domain::authorization::Role::Member).await;
        tx.commit().await.unwrap();
        assert_eq!(workspaces(&mut db.read().await.unwrap()).await, 1);
        db.close().await;
        assert!(db.begin().await.is_err());
    }

    #[tokio::test]
    async fn others_see_what_is_committed_early_and_write_before_it_is_durable() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(folder.path()).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 2, domain::authorization::Role::Member).await;
        let committed = tx.commit_early().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(workspaces(&mut tx).await, 1);
        tx.commit().await.unwrap();
        committed.durable().await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_whose_transaction_ended_by_itself_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(folder.path()).await;
        for _ in 0..2 {
            let mut tx = db.begin().await.unwrap();
            // As SQLite does by itself when the disk is full.
            on!(&mut tx, c => sqlx::raw_sql("ROLLBACK").execute(c).await.map(drop)).unwrap();
            assert!(tx.commit().await.is_err());
        }
        db.begin().await.unwrap().commit().await.unwrap();
    }

    #[tokio::test]
    async fn nobody_syncs_again_what_was_synced_after_they_asked() {
        let folder = tempfile::tempdir().unwrap();
        let log = Arc::new(Log::of(&folder.path().join("q.db")));
        *log.synced.lock().await = Synced::Until(2);
        let [first, second, third, fourth] = [(); 4].map(|()| Arc::clone(&log).unsynced());
        assert!(first.sync().await.is_ok() && second.sync().await.is_ok());
        std::fs::write(&log.path, "page").unwrap();
        assert!(third.sync().await.is_ok());
        assert!(matches!(*log.synced.lock().await, Synced::Until(4)));
        std::fs::remove_file(&log.path).unwrap();
        assert!(fourth.sync().await.is_ok());
    }

    #[tokio::test]
    async fn a_sync_that_failed_is_not_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::of(&folder.path().join("q.db"));
        assert!(log.sync(1).await.is_err(), "there is none");
        // What cannot be synced.
        std::os::unix::fs::symlink("/dev/null", &log.path).unwrap();
        for _ in 0..2 {
            let error = log.sync(1).await.unwrap_err().to_string();
            assert!(error.contains("nothing more counts as written"), "{error}");
        }
    }
}
