//! Loading a backup into an empty database, in one transaction.

use std::io::Read;

use sea_query::{PostgresQueryBuilder, Query, SqliteQueryBuilder, Value as Bound};
use sea_query_sqlx::SqlxBinder as _;

use super::{
    Error,
    read::{Line, Lines},
    tables::{self, Column, Table},
};
use crate::{Db, Tx, db};

/// Values in one statement; `SQLite` takes 32,766.
const VALUES: usize = 30_000;
/// Bytes in one statement, so that attachments do not pile up.
const BYTES: usize = 4_000_000;

/// Makes the tables as they were when the backup was written, fills them, and brings them up to date. Nothing stays unless
/// the transaction that is answered is committed. Read the backup with [`super::check`] before.
///
/// # Errors
/// [`Error::NotEmpty`]; the same as [`super::check`]; [`Error::Store`].
pub async fn load(db: &Db, input: impl Read, mut progress: impl FnMut(&str, u64)) -> Result<Tx, Error> {
    let mut lines = Lines::open(input)?;
    let mut tx = db.begin().await?;
    if tables::schema(&mut tx).await? != 0 || !tables::list(&mut tx).await?.is_empty() {
        return Err(Error::NotEmpty);
    }
    db::migrate_to(&mut tx, lines.manifest.schema).await?;
    let tables = tables::list(&mut tx).await?;
    let mut filling: Option<Filling> = None;
    while let Some(line) = lines.next()? {
        match (line, &mut filling) {
            (Line::Table { name, columns }, before) => {
                if let Some(full) = before {
                    full.write(&mut tx).await?;
                }
                filling = Some(Filling::new(&tables, &name, &columns)?);
            }
            (Line::Row(row), Some(filling)) => {
                filling.take(&row)?;
                progress(&filling.table.name, filling.count);
                if filling.is_full() {
                    filling.write(&mut tx).await?;
                }
            }
            (Line::Row(_), None) => return Err(Error::Damaged("a row stands before any table".to_owned())),
        }
    }
    if let Some(mut last) = filling {
        last.write(&mut tx).await?;
    }
    db::migrate_to(&mut tx, db::newest_schema()).await?;
    Ok(tx)
}

/// The table that is being filled, and rows that are not written yet.
struct Filling {
    table: Table,
    rows: Vec<Vec<Bound>>,
    bytes: usize,
    count: u64,
}

impl Filling {
    /// The table of this name, with its columns in the order in which the backup has them.
    fn new(tables: &[Table], name: &str, columns: &[String]) -> Result<Self, Error> {
        let unknown = |what: &str| Error::Damaged(format!("this version knows no {what}"));
        let table = tables.iter().find(|table| table.name == name).ok_or_else(|| unknown(name))?;
        let columns: Vec<Column> = columns
            .iter()
            .map(|name| table.columns.iter().find(|column| column.name == *name).cloned().ok_or_else(|| unknown(name)))
            .collect::<Result<_, _>>()?;
        Ok(Self { table: Table { name: name.to_owned(), columns }, rows: Vec::new(), bytes: 0, count: 0 })
    }

    fn take(&mut self, row: &[serde_json::Value]) -> Result<(), Error> {
        if row.len() != self.table.columns.len() {
            return Err(Error::Damaged(format!("a row of {} has a wrong length", self.table.name)));
        }
        self.bytes += row.iter().filter_map(|value| value.as_str().map(str::len)).sum::<usize>();
        self.count += 1;
        let values = row.iter().zip(&self.table.columns).map(|(value, column)| column.kind.bind(value));
        self.rows.push(values.collect::<Result<_, _>>()?);
        Ok(())
    }

    fn is_full(&self) -> bool {
        (self.rows.len() + 1) * self.table.columns.len() > VALUES || self.bytes > BYTES
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<(), Error> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut insert = Query::insert();
        insert.into_table(self.table.name.clone()).columns(self.table.columns.iter().map(|column| column.name.clone()));
        for row in self.rows.drain(..) {
            insert.values_panic(row.into_iter().map(Into::into));
        }
        self.bytes = 0;
        match tx {
            Tx::Sqlite(tx) => {
                let (text, values) = insert.build_sqlx(SqliteQueryBuilder);
                sqlx::query_with(db::built(text), values).execute(&mut **tx).await?;
            }
            Tx::Postgres(tx) => {
                let (text, values) = insert.build_sqlx(PostgresQueryBuilder);
                sqlx::query_with(db::built(text), values).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }
}
