//! Writing a backup: everything as of one moment, table by table.

use std::io::Write;

use domain::Timestamp;
use futures::TryStreamExt as _;
use sea_query::{PostgresQueryBuilder, Query};
use sha2::{Digest, Sha256};
use sqlx::Row as _;

use super::{
    Error, FORMAT, Manifest, Mark, Rows,
    cells::{Kind, cell, encoded},
    tables::{self, Table},
};
use crate::{Db, Tx, columns::on, db};

/// How hard zstd tries: its default, which a disk cannot follow much faster.
const LEVEL: i32 = 3;

/// Writes everything that `db` holds at this moment, while others go on writing. `progress` hears the name of the table and
/// the rows so far, often.
///
/// # Errors
/// [`Error::NothingThere`]; [`Error::File`]; [`Error::Store`], [`crate::Error::Newer`] among them.
pub async fn write<W: Write>(
    db: &Db,
    version: &str,
    now: Timestamp,
    out: W,
    mut progress: impl FnMut(&str, u64),
) -> Result<Rows, Error> {
    let mut tx = db.snapshot().await?;
    let schema = tables::schema(&mut tx).await?;
    if schema == 0 {
        return Err(Error::NothingThere);
    }
    if schema > db::newest_schema() {
        return Err(crate::Error::Newer.into());
    }
    let mut encoder = zstd::Encoder::new(out, LEVEL)?;
    encoder.include_checksum(true)?;
    let mut lines = Lines { out: encoder, sum: Sha256::new() };
    lines.mark(&Mark::Quarterdeck(Manifest { format: FORMAT, version: version.to_owned(), schema, taken_at: now }))?;
    let mut rows = Rows::new();
    for table in tables::list(&mut tx).await? {
        let columns = table.columns.iter().map(|column| column.name.clone()).collect();
        lines.mark(&Mark::Table { name: table.name.clone(), columns })?;
        let count = write_rows(&mut tx, &table, &mut lines, &mut progress).await?;
        rows.insert(table.name, count);
    }
    let sha256 = hex(&lines.sum.clone().finalize());
    lines.mark(&Mark::End { rows: rows.clone(), sha256 })?;
    lines.out.finish()?.flush()?;
    Ok(rows)
}

async fn write_rows<W: Write>(
    tx: &mut Tx,
    table: &Table,
    lines: &mut Lines<'_, W>,
    progress: &mut impl FnMut(&str, u64),
) -> Result<u64, Error> {
    let mut select = Query::select();
    select.columns(table.columns.iter().map(|column| column.name.clone())).from(table.name.clone());
    // Quoted names are all there is in it, and both databases quote alike.
    let text = select.to_string(PostgresQueryBuilder);
    let mut count = 0;
    on!(tx, c => {
        let mut rows = sqlx::query(db::built(text)).fetch(c);
        while let Some(row) = rows.try_next().await? {
            let cells = table.columns.iter().enumerate().map(|(index, column)| cell!(row, index, column.kind));
            lines.line(&serde_json::Value::Array(cells.collect::<Result<_, _>>()?))?;
            count += 1;
            progress(&table.name, count);
        }
    });
    Ok(count)
}

/// The lines of a backup, and the sum of them all.
struct Lines<'a, W: Write> {
    out: zstd::Encoder<'a, W>,
    sum: Sha256,
}

impl<W: Write> Lines<'_, W> {
    fn mark(&mut self, mark: &Mark) -> Result<(), Error> {
        self.line(&serde_json::to_value(mark).map_err(crate::Error::from)?)
    }

    fn line(&mut self, value: &serde_json::Value) -> Result<(), Error> {
        let mut line = value.to_string();
        line.push('\n');
        self.sum.update(&line);
        Ok(self.out.write_all(line.as_bytes())?)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
