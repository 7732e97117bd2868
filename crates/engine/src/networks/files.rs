//! The operator's files: where they are, and reading them within bounds.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use maxminddb::Reader;

use super::{
    Networks,
    ranges::{Range, Ranges},
    scanners::Scanners,
};

/// The largest list that is read, in bytes: five times Apple's.
const MAX_LIST: u64 = 64 * 1024 * 1024;

/// The largest file of `MaxMind`'s format that is read, in bytes: all of it is kept in memory.
const MAX_DATABASE: u64 = 512 * 1024 * 1024;

/// Where the files are. All of them may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The folder of `scanners.txt` and of Apple's `egress-ip-ranges.csv`.
    pub folder: PathBuf,
    /// Autonomous systems by address, in `MaxMind`'s format.
    pub numbers: Option<PathBuf>,
    /// Places by address, in `MaxMind`'s format.
    pub places: Option<PathBuf>,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// It is there and cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It holds something else, or too much.
    #[error("{path}: {reason}")]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

type Result<T> = std::result::Result<T, NetworkError>;

impl Files {
    /// Reads what is there. Blocks for a moment: Apple's list takes a fifth of a second.
    ///
    /// # Errors
    /// [`NetworkError`]: nothing is known then, rather than half of it.
    pub fn load(&self) -> Result<Networks> {
        let scanners = match opened(&self.scanners(), MAX_LIST)? {
            Some(mut file) => {
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(|source| failed(&self.scanners(), source))?;
                Scanners::parse(&text).map_err(|reason| unusable(&self.scanners(), reason))?
            }
            None => Scanners::shipped(),
        };
        let database = |path: &Option<PathBuf>| path.as_deref().map(database).transpose();
        Ok(Networks {
            scanners,
            apple: self.read_apple()?,
            numbers: database(&self.numbers)?,
            places: database(&self.places)?,
        })
    }

    /// What changes when one of the files does.
    pub(super) fn stamps(&self) -> Vec<Option<(SystemTime, u64)>> {
        let stamp = |path: &Path| {
            let known = path.metadata().ok()?;
            Some((known.modified().ok()?, known.len()))
        };
        let named = [self.numbers.as_deref(), self.places.as_deref()];
        let mut stamps = vec![stamp(&self.scanners()), stamp(&self.apple())];
        stamps.extend(named.into_iter().map(|path| path.and_then(stamp)));
        stamps
    }

    fn scanners(&self) -> PathBuf {
        self.folder.join("scanners.txt")
    }

    fn apple(&self) -> PathBuf {
        self.folder.join("egress-ip-ranges.csv")
    }

    /// Apple's list as it is published: range, country, region, city.
    fn read_apple(&self) -> Result<Option<Ranges>> {
        let path = self.apple();
        let Some(file) = opened(&path, MAX_LIST)? else { return Ok(None) };
        let mut ranges = Vec::new();
        for (n, line) in BufReader::new(file).lines().enumerate() {
            let line = line.map_err(|source| failed(&path, source))?;
            let network = line.split(',').next().unwrap_or_default().trim();
            if network.is_empty() {
                continue;
            }
            let range =
                Range::parse(network).ok_or_else(|| unusable(&path, format!("line {} begins with no range", n + 1)))?;
            ranges.push(range);
        }
        if ranges.is_empty() {
            return Err(unusable(&path, "it is empty".to_owned()));
        }
        Ok(Some(ranges.into_iter().collect()))
    }
}

/// The file, if it is there and not too large.
fn opened(path: &Path, limit: u64) -> Result<Option<std::fs::File>> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, error)),
    };
    let size = file.metadata().map_err(|source| failed(path, source))?.len();
    if size > limit {
        return Err(unusable(path, format!("it is larger than {} MB", limit / 1024 / 1024)));
    }
    Ok(Some(file))
}

/// A file that was named has to be there.
fn database(path: &Path) -> Result<Reader<Vec<u8>>> {
    let missing = || failed(path, std::io::ErrorKind::NotFound.into());
    let mut file = opened(path, MAX_DATABASE)?.ok_or_else(missing)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|source| failed(path, source))?;
    Reader::from_source(bytes).map_err(|error| unusable(path, error.to_string()))
}

fn failed(path: &Path, source: std::io::Error) -> NetworkError {
    NetworkError::File { path: path.to_owned(), source }
}

fn unusable(path: &Path, reason: String) -> NetworkError {
    NetworkError::Unusable { path: path.to_owned(), reason }
}
