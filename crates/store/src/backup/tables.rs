//! Which tables and columns there are: asked of the database, never listed by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::Kind;
use crate::{Error, Result, Tx};

/// A table as the database describes it.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A column and what stands in it.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// Table, column and declared type, in the order of their declaration.
const SQLITE_COLUMNS: &str = "
    SELECT t.name, c.name, LOWER(c.type) FROM sqlite_master t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY t.name, c.cid";
const POSTGRES_COLUMNS: &str = "
    SELECT c.table_name::text, c.column_name::text, c.data_type::text
    FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
    ORDER BY c.table_name, c.ordinal_position";

/// Which table refers to which.
const SQLITE_REFERENCES: &str = "
    SELECT t.name, f.\"table\" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
const POSTGRES_REFERENCES: &str = "
    SELECT child.relname::text, parent.relname::text
    FROM pg_constraint f
    JOIN pg_class child ON child.oid = f.conrelid
    JOIN pg_class parent ON parent.oid = f.confrelid
    WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace";

/// Every table of the product, parents before children. None when nothing was made yet.
pub(super) async fn list(tx: &mut Tx) -> Result<Vec<Table>> {
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    let declared: Vec<(String, String, String)> = match tx {
        Tx::Sqlite(tx) => sqlx::query_as(SQLITE_COLUMNS).fetch_all(&mut **tx).await?,
        Tx::Postgres(tx) => sqlx::query_as(POSTGRES_COLUMNS).fetch_all(&mut **tx).await?,
    };
    for (table, name, declared) in declared {
        // What the migrator keeps for itself is made anew by migrating.
        if table != "_sqlx_migrations" {
            let kind = Kind::of(&declared)
                .ok_or_else(|| Error::Corrupt(format!("{table}.{name} is of a type no backup knows: {declared}")))?;
            tables.entry(table).or_default().push(Column { name, kind });
        }
    }
    let references: Vec<(String, String)> = match tx {
        Tx::Sqlite(tx) => sqlx::query_as(SQLITE_REFERENCES).fetch_all(&mut **tx).await?,
        Tx::Postgres(tx) => sqlx::query_as(POSTGRES_REFERENCES).fetch_all(&mut **tx).await?,
    };
    parents_first(tables, &references)
}

/// The newest migration that was applied; zero for an empty database.
pub(super) async fn schema(tx: &mut Tx) -> Result<i64> {
    let is_there: Vec<(String,)> = match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_as("SELECT name FROM sqlite_master WHERE name = '_sqlx_migrations'")
                .fetch_all(&mut **tx)
                .await?
        }
        Tx::Postgres(tx) => {
            sqlx::query_as(
                "SELECT table_name::text FROM information_schema.tables
                 WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'",
            )
            .fetch_all(&mut **tx)
            .await?
        }
    };
    if is_there.is_empty() {
        return Ok(0);
    }
    let (newest,): (i64,) = crate::columns::on!(tx, c => sqlx::query_as(crate::columns::sql!("
        SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations
    ")).fetch_one(c).await)?;
    Ok(newest)
}

/// So that no row is written before the row it refers to.
fn parents_first(mut tables: BTreeMap<String, Vec<Column>>, references: &[(String, String)]) -> Result<Vec<Table>> {
    let mut ordered = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waiting: BTreeSet<&str> = references
            .iter()
            .filter(|(child, parent)| child != parent && tables.contains_key(parent))
            .map(|(child, _)| child.as_str())
            .collect();
        let ready: Vec<String> = tables.keys().filter(|name| !waiting.contains(name.as_str())).cloned().collect();
        if ready.is_empty() {
            return Err(Error::Corrupt("tables refer to each other in a circle".to_owned()));
        }
        for name in ready {
            let columns = tables.remove(&name).unwrap_or_default();
            ordered.push(Table { name, columns });
        }
    }
    Ok(ordered)
}
