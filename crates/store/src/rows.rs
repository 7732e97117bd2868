//! Statements about many rows at once: `INSERT … VALUES (…), (…)` and `WITH … AS MATERIALIZED (VALUES (…), (…)) UPDATE`.
//!
//! Materialised, and with the workspace in every row: otherwise `SQLite`, which has no statistics, may take "all of this
//! workspace" or "all in progress" for a handful of rows, and read them all instead of looking each row up.
//!
//! Rows go in runs of up to 64, each in a statement with room for 1, 2, 4, 8, or a multiple of 16, so that a database sees
//! few different statements and keeps them prepared. Rooms that stay empty hold NULL: an update finds no row for it, and an
//! insert leaves it out.
//!
//! Their placeholders are `?`, bound in the order in which they stand, as `SQLite` takes them: were they numbered, it would
//! look each number up among all the others, which takes longer than the statement when there are a thousand.

use std::fmt::Write as _;

use sqlx::SqlSafeStr;

use crate::{Tx, db::built};

/// The longest run. With the most columns that one of our statements has it stays below the bound values that either
/// database takes (32,766 on `SQLite`).
const LONGEST: usize = 64;

/// Rows that go together.
pub(crate) struct Run<'a, T> {
    rows: &'a [T],
    places: usize,
}

impl<'a, T> Run<'a, T> {
    /// For how many rows the statement has room.
    pub(crate) fn places(&self) -> usize {
        self.places
    }

    /// The rows, and `None` for every place that stays empty.
    pub(crate) fn padded(&self) -> impl Iterator<Item = Option<&'a T>> + use<'a, T> {
        let rows = self.rows;
        (0..self.places).map(move |place| rows.get(place))
    }
}

/// `rows` in runs.
pub(crate) fn runs<T>(rows: &[T]) -> impl Iterator<Item = Run<'_, T>> {
    roomy_runs(rows, 1)
}

/// `rows` in runs with room for as many rows as a run of `least` of them has, or more.
pub(crate) fn roomy_runs<T>(rows: &[T], least: usize) -> impl Iterator<Item = Run<'_, T>> {
    rows.chunks(LONGEST).map(move |rows| Run { rows, places: places(rows.len().max(least.min(LONGEST))) })
}

fn places(rows: usize) -> usize {
    match rows {
        few @ 0..=8 => few.next_power_of_two(),
        many => many.next_multiple_of(16),
    }
}

/// `(?,?),(?,?)`: placeholders for `places` rows of `columns` columns.
pub(crate) fn values(places: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    vec![row; places].join(",")
}

/// An insert of up to `places` rows `into` a table with its `columns` columns in brackets; `conflict` is its end.
pub(crate) fn insert(into: &str, places: usize, columns: usize, conflict: &str) -> String {
    let values = values(places, columns);
    // Both databases call the columns of VALUES so.
    format!("INSERT INTO {into} SELECT * FROM (VALUES {values}) AS listed WHERE column1 IS NOT NULL {conflict}")
}

/// `text`, whose placeholders are `?`, for the database that `tx` is on.
pub(crate) fn in_order(tx: &Tx, text: String) -> impl SqlSafeStr + use<> {
    built(match tx {
        Tx::Sqlite(_) => text,
        Tx::Postgres(_) => numbered_from(1, &text),
    })
}

/// `text` with its placeholders numbered from `first`, as `PostgreSQL` takes them.
pub(crate) fn numbered_from(first: usize, text: &str) -> String {
    let mut numbered = String::with_capacity(2 * text.len());
    for (number, part) in text.split('?').enumerate() {
        if number > 0 {
            // Writing to a String cannot fail.
            let _ = write!(numbered, "${}", first + number - 1);
        }
        numbered.push_str(part);
    }
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_run_with_little_more_room_than_it_needs() {
        let rows: Vec<usize> = (0..183).collect();
        assert_eq!(runs(&rows).map(|run| run.places()).collect::<Vec<_>>(), [64, 64, 64]);
        for (rows, places) in [(3, 4), (9, 16), (33, 48)] {
            assert_eq!(runs(&[0; 64][..rows]).map(|run| run.places()).collect::<Vec<_>>(), [places]);
        }
        let padded: Vec<_> = runs(&rows).flat_map(|run| run.padded()).collect();
        assert_eq!(padded.iter().flatten().copied().copied().collect::<Vec<_>>(), rows);
        assert_eq!(padded.len(), 3 * 64);
        assert_eq!(runs::<u8>(&[]).count(), 0);
        assert_eq!(roomy_runs(&rows[..66], 20).map(|run| run.places()).collect::<Vec<_>>(), [64, 32]);
        assert_eq!(roomy_runs(&rows[..3], 99).map(|run| run.places()).collect::<Vec<_>>(), [64]);
    }

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(values(2, 2), "(?,?),(?,?)");
        assert_eq!(numbered_from(1, &values(2, 1)), "($1),($2)");
        assert_eq!(numbered_from(10, "(VALUES (?,?)) WHERE a = ? AND b"), "(VALUES ($10,$11)) WHERE a = $12 AND b");
    }
}
