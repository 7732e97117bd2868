//! Reading a backup, line by line, and believing none of it before the sum has been checked.

use std::io::{BufRead, BufReader, Read};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Error, FORMAT, Manifest, Mark, Rows, write::hex};
use crate::db;

/// The first bytes of everything that zstd compressed.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Longer than any manifest, in bytes.
const LONGEST_MANIFEST: u64 = 10_000;

/// Reads a whole backup, and answers what it says of itself when nothing of it is missing or changed.
///
/// # Errors
/// [`Error::NotABackup`], [`Error::Newer`], [`Error::Damaged`], [`Error::File`].
pub fn check(input: impl Read) -> Result<(Manifest, Rows), Error> {
    let mut lines = Lines::open(input)?;
    let manifest = lines.manifest.clone();
    let (mut counted, mut table) = (Rows::new(), None);
    while let Some(line) = lines.next()? {
        match line {
            Line::Table { name, .. } => {
                counted.insert(name.clone(), 0);
                table = Some(name);
            }
            Line::Row(_) => {
                let count = table.as_ref().and_then(|name| counted.get_mut(name));
                *count.ok_or_else(|| Error::Damaged("a row stands before any table".to_owned()))? += 1;
            }
        }
    }
    if lines.said.as_ref() != Some(&counted) {
        return Err(Error::Damaged("rows are missing".to_owned()));
    }
    Ok((manifest, counted))
}

/// What a line between the first and the last holds.
pub(super) enum Line {
    Table { name: String, columns: Vec<String> },
    Row(Vec<Value>),
}

/// The lines of a backup.
pub(super) struct Lines<R: Read> {
    input: BufReader<zstd::Decoder<'static, BufReader<R>>>,
    sum: Sha256,
    pub(super) manifest: Manifest,
    /// What the last line says, once it has been read.
    said: Option<Rows>,
}

impl<R: Read> Lines<R> {
    pub(super) fn open(input: R) -> Result<Self, Error> {
        let mut input = BufReader::new(input);
        if !input.fill_buf()?.starts_with(&ZSTD) {
            return Err(Error::NotABackup);
        }
        let mut input = BufReader::new(zstd::Decoder::with_buffer(input)?);
        let mut first = Vec::new();
        let read = input.by_ref().take(LONGEST_MANIFEST).read_until(b'\n', &mut first);
        read.map_err(|error| Error::Damaged(error.to_string()))?;
        let Ok(Mark::Quarterdeck(manifest)) = mark(&first) else {
            return Err(Error::NotABackup);
        };
        if manifest.format > FORMAT || manifest.schema > db::newest_schema() {
            return Err(Error::Newer { version: manifest.version });
        }
        Ok(Self { input, sum: Sha256::new_with_prefix(&first), manifest, said: None })
    }

    /// The next line; `None` after the last one, whose sum is right.
    pub(super) fn next(&mut self) -> Result<Option<Line>, Error> {
        let mut line = Vec::new();
        self.input.read_until(b'\n', &mut line).map_err(|error| Error::Damaged(error.to_string()))?;
        if line.is_empty() {
            return Err(Error::Damaged("it ends before its end".to_owned()));
        }
        if line.starts_with(b"[") {
            self.sum.update(&line);
            return serde_json::from_slice(&line).map(|row| Some(Line::Row(row))).map_err(damaged);
        }
        match mark(&line)? {
            Mark::Table { name, columns } => {
                self.sum.update(&line);
                Ok(Some(Line::Table { name, columns }))
            }
            Mark::End { rows, sha256 } if sha256 == hex(&self.sum.clone().finalize()) => {
                self.said = Some(rows);
                // zstd's own sum stands behind the last line.
                match self.input.read(&mut [0]) {
                    Ok(0) => Ok(None),
                    Ok(_) => Err(Error::Damaged("it goes on after its end".to_owned())),
                    Err(error) => Err(Error::Damaged(error.to_string())),
                }
            }
            Mark::End { .. } => Err(Error::Damaged("its sum is wrong".to_owned())),
            Mark::Quarterdeck(_) => Err(Error::Damaged("it begins twice".to_owned())),
        }
    }
}

fn mark(line: &[u8]) -> Result<Mark, Error> {
    serde_json::from_slice(line).map_err(damaged)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn damaged(error: serde_json::Error) -> Error {
    Error::Damaged(error.to_string())
}
