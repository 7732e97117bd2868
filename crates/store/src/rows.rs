//! Statements about many rows at once: `INSERT … VALUES (…), (…)` and `WITH … AS MATERIALIZED (VALUES (…), (…)) UPDATE`.
//!
//! Materialised, and with the workspace in every row: otherwise `SQLite`, which has no statistics, may take "all of this
//! workspace" or "all in progress" for a handful of rows, and read them all instead of looking each row up.
//!
//! Rows go in runs of up to 64, each in a statement with room for 1, 2, 4, 8, or a multiple of 16, so that a database sees
//! few different statements and keeps them prepared. Rooms that stay empty hold NULL: an update finds no row for it, and an
//! insert leaves it out.

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

/// `($1,$2),($3,$4)`: placeholders for `places` rows of `columns` columns.
pub(crate) fn values(places: usize, columns: usize) -> String {
    let mut text = String::with_capacity(places * columns * 5);
    for row in 0..places {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = write!(text, "{comma}${}", 1 + row * columns + column);
        }
        text.push(')');
    }
    text
}

/// An insert of up to `places` rows `into` a table with its `columns` columns in brackets; `conflict` is its end.
pub(crate) fn insert(into: &str, places: usize, columns: usize, conflict: &str) -> String {
    let values = values(places, columns);
    // Both databases call the columns of VALUES so.
    format!("INSERT INTO {into} SELECT * FROM (VALUES {values}) AS listed WHERE column1 IS NOT NULL {conflict}")
}

/// A statement whose placeholders are numbered in the order in which they stand. `SQLite` gets them without numbers: it
/// looks each number up among all the others, which takes longer than the statement when there are a thousand.
pub(crate) fn in_order(tx: &Tx, text: String) -> impl SqlSafeStr + use<> {
    built(match tx {
        Tx::Sqlite(_) => unnumbered(&text),
        Tx::Postgres(_) => text,
    })
}

pub(crate) fn unnumbered(text: &str) -> String {
    with_placeholders(text, |all, _| all.push('?'))
}

/// A statement whose placeholders are numbered in the order in which they stand, numbered from `first`.
pub(crate) fn numbered_from(first: usize, text: &str) -> String {
    with_placeholders(text, |all, number| {
        // Writing to a String cannot fail.
        let _ = write!(all, "${}", first + number);
    })
}

fn with_placeholders(text: &str, placeholder: impl Fn(&mut String, usize)) -> String {
    let mut parts = text.split('$');
    let mut all = String::with_capacity(text.len());
    all.push_str(parts.next().unwrap_or_default());
    for (number, part) in parts.enumerate() {
        placeholder(&mut all, number);
        all.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    all
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
        assert_eq!(values(2, 2), "($1,$2),($3,$4)");
        assert_eq!(unnumbered("(VALUES ($1,$2)) WHERE a = $13 AND b"), "(VALUES (?,?)) WHERE a = ? AND b");
        assert_eq!(numbered_from(10, "(VALUES ($1,$2)) WHERE a = $3"), "(VALUES ($10,$11)) WHERE a = $12");
    }
}
