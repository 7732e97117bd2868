//! Statements about many rows at once: `INSERT … VALUES (…), (…)` and `WITH … AS MATERIALIZED (VALUES (…), (…)) UPDATE`.
//!
//! Materialised, and with the workspace in every row: otherwise `SQLite`, which has no statistics, may take "all of this
//! workspace" or "all in progress" for a handful of rows, and read them all instead of looking each row up.
//!
//! Rows go in runs of 64, 32, 16 … 1, so that a database sees few different statements and keeps them prepared.

/// The longest run. With the most columns that one of our statements has it stays below the bound values that either
/// database takes (32,766 on `SQLite`).
const LONGEST: usize = 64;

/// `rows` in runs whose lengths are powers of two.
pub(crate) fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let fits = LONGEST.min(rows.len());
        let length = if fits == 0 { return None } else { 1 << fits.ilog2() };
        let (run, rest) = rows.split_at(length);
        rows = rest;
        Some(run)
    })
}

/// `($3,$4),($5,$6)`: placeholders for `rows` rows of `columns` columns, numbered from `first`.
pub(crate) fn values(rows: usize, columns: usize, first: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = write!(text, "{comma}${}", first + row * columns + column);
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_run() {
        let rows: Vec<usize> = (0..183).collect();
        let lengths: Vec<usize> = runs(&rows).map(<[usize]>::len).collect();
        assert_eq!(lengths, [64, 64, 32, 16, 4, 2, 1]);
        assert_eq!(runs(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(runs::<u8>(&[]).count(), 0);
    }

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(values(2, 2, 3), "($3,$4),($5,$6)");
    }
}
