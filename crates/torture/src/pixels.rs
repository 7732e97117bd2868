//! What a SIGKILL costs of the views that were answered a moment before.
//!
//! A pixel is answered at once, written to a file within a moment, and recorded when the database has time. Somebody loads one
//! at a steady rate while the program is killed again and again, on PostgreSQL every second time with the database stopped
//! before; afterwards our record is compared with what was answered.

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use testbed::postgres::Cluster;

use crate::{
    clock,
    desk::{Desk, Plan},
    error::{Error, Result},
    misfortune::Misfortune,
    program::Program,
    recipients::{DOMAIN, Recipients},
    run::{Database, Place, Run},
};

/// Between two requests.
const STEP: Duration = Duration::from_millis(2);

/// How long the pixel is loaded before a kill.
const BEFORE_KILL: std::ops::Range<u64> = 300..1200;

/// How many views are answered before a kill at least: a busy machine takes longer for them.
const ENOUGH: usize = 41;

/// How long the email may take to arrive, and what was recorded to be read.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long what was written to files may take to be recorded after the next start.
const CATCHING_UP: Duration = Duration::from_secs(3);

/// The longest before a kill that a view which is on no record may have been answered. It is promised, whatever else the
/// machine and the database do.
pub const OLDEST: Duration = Duration::from_millis(100);

const HEAD: &str = "\
| database | kills | views answered | on no record | counted twice | the oldest on no record, before a kill: at most | usually |
|---|---:|---:|---:|---:|---:|---:|";

/// What came of it.
#[derive(Debug, Clone)]
pub struct Losses {
    /// Where the data was.
    pub database: Database,
    /// How often the program was killed.
    pub kills: usize,
    /// Requests that were answered.
    pub answered: u64,
    /// Of these, those that are on no record.
    pub lost: u64,
    /// Requests on record that nobody made.
    pub twice: u64,
    /// For each kill, how long before it the oldest request that was lost had been answered.
    pub ages: Vec<Duration>,
}

/// Kills the program so many times.
///
/// # Errors
/// When the program cannot be started or asked. What the record shows is no error.
pub fn run(program: &Path, database: Database, kills: usize, seed: u64) -> Result<Losses> {
    let mut rng = StdRng::seed_from_u64(seed);
    let run = Run {
        program: program.to_owned(),
        database,
        misfortune: Misfortune::Killed,
        times: 0,
        at_most: PATIENCE,
        seed,
    };
    let place = Place::new(&run)?;
    let recipients = Recipients::start(rng.random(), SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let (mut programs, desk) = run.start(&place, &recipients)?;
    let reader = format!("accept.reader@{DOMAIN}");
    desk.write(&Plan { to: reader.clone(), cc: Vec::new(), bcc: Vec::new() })?;
    clock::wait_until(PATIENCE, || recipients.pixel(&reader).is_some());
    let pixel = recipients.pixel(&reader).ok_or_else(|| Error::Unexpected("no email with a pixel came".to_owned()))?;

    let mut losses = Losses { database, kills, answered: 0, lost: 0, twice: 0, ages: Vec::new() };
    let mut recorded = desk.pixel_requests()?;
    for kill in 0..kills {
        let wait = Duration::from_millis(rng.random_range(BEFORE_KILL));
        let cluster = place.cluster.as_ref().filter(|_| kill % 2 == 1);
        let (answered, killed) = load_until_killed(&mut programs[0], &pixel, wait, cluster)?;
        if let Some(cluster) = cluster {
            cluster.start_again();
        }
        programs[0].start_again()?;
        let now = recorded_now(&desk, recorded + answered.len() as u64)?;
        losses.take(&answered, now - recorded, killed);
        recorded = now;
    }
    Ok(losses)
}

/// How many requests are on record when there are as many as `expected`, or no more come.
fn recorded_now(desk: &Desk, expected: u64) -> Result<u64> {
    let mut now = desk.pixel_requests()?;
    clock::wait_until(CATCHING_UP, || {
        now = desk.pixel_requests().unwrap_or(now);
        now >= expected
    });
    Ok(now)
}

/// The losses as a Markdown table.
pub fn table(losses: &[Losses]) -> String {
    let mut text = format!("{HEAD}\n");
    for it in losses {
        let (name, oldest, usual) = (it.database.name(), it.oldest().as_millis(), it.usual().as_millis());
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {oldest} ms | {usual} ms |",
            it.kills, it.answered, it.lost, it.twice
        );
    }
    text
}

impl Losses {
    /// How long before a kill the oldest view had been answered that is on no record.
    pub fn oldest(&self) -> Duration {
        self.ages.iter().copied().max().unwrap_or_default()
    }

    /// The same, for the kill in the middle.
    pub fn usual(&self) -> Duration {
        let mut ages = self.ages.clone();
        ages.sort_unstable();
        ages.get(ages.len() / 2).copied().unwrap_or_default()
    }

    /// Whether no more was lost than may be, and nothing was counted twice.
    pub fn is_small(&self) -> bool {
        self.oldest() < OLDEST && self.twice == 0
    }

    /// What is lost is the newest.
    fn take(&mut self, answered: &[Instant], kept: u64, killed: Instant) {
        let count = answered.len() as u64;
        let lost = count.saturating_sub(kept);
        self.answered += count;
        self.lost += lost;
        // The last request may be on record and not answered.
        self.twice += kept.saturating_sub(count + 1);
        let oldest = usize::try_from(count - lost).ok().and_then(|first| answered.get(first));
        self.ages.push(oldest.map_or(Duration::ZERO, |oldest| killed.saturating_duration_since(*oldest)));
    }
}

/// Loads the pixel again and again; when each request was answered, and when the program was killed. In the middle `cluster`
/// is stopped.
fn load_until_killed(
    program: &mut Program,
    pixel: &str,
    wait: Duration,
    cluster: Option<&Cluster>,
) -> Result<(Vec<Instant>, Instant)> {
    let address = program.address();
    let (stop, seen) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let loading = scope.spawn(|| load(address, pixel, &stop, &seen));
        thread::sleep(wait / 2);
        if let Some(cluster) = cluster {
            cluster.stop();
        }
        thread::sleep(wait / 2);
        clock::wait_until(PATIENCE, || seen.load(Ordering::SeqCst) >= ENOUGH);
        let killed = clock::now();
        let done = program.kill();
        stop.store(true, Ordering::SeqCst);
        let answered = loading.join().map_err(|_| Error::Unexpected("loading the pixel failed".to_owned()))??;
        done.map(|()| (answered, killed))
    })
}

/// Loads the pixel until it is told to stop or nobody answers; how many were answered so far stands in `seen`.
fn load(address: SocketAddr, pixel: &str, stop: &AtomicBool, seen: &AtomicUsize) -> Result<Vec<Instant>> {
    let request = format!("GET {pixel} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: Thunderbird/140.4.0\r\n\r\n");
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answered = Vec::new();
    let mut buffer = [0; 4096];
    while !stop.load(Ordering::SeqCst) {
        // A killed server answers nothing.
        if stream.write_all(request.as_bytes()).is_err() {
            break;
        }
        match stream.read(&mut buffer) {
            Ok(read) if buffer[..read].starts_with(b"HTTP/1.1 200") => {
                answered.push(clock::now());
                seen.store(answered.len(), Ordering::SeqCst);
            }
            _ => break,
        }
        thread::sleep(STEP);
    }
    Ok(answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_the_newest_and_its_age_is_that_at_the_kill() {
        let killed = clock::now();
        let answered: Vec<Instant> =
            [90, 70, 50, 10].map(|ms| killed.checked_sub(Duration::from_millis(ms)).unwrap()).to_vec();
        let mut losses =
            Losses { database: Database::Sqlite, kills: 3, answered: 0, lost: 0, twice: 0, ages: Vec::new() };
        losses.take(&answered, 2, killed);
        losses.take(&answered, 5, killed);
        losses.take(&answered, 3, killed);
        assert_eq!((losses.answered, losses.lost, losses.oldest()), (12, 3, Duration::from_millis(50)));
        assert!(losses.is_small());
        assert!(table(&[losses.clone()]).ends_with("| SQLite | 3 | 12 | 3 | 0 | 50 ms | 10 ms |\n"));
        losses.take(&answered, 0, killed);
        assert!(losses.is_small(), "90 ms");
        losses.take(&[killed.checked_sub(OLDEST).unwrap()], 0, killed);
        assert!(!losses.is_small());
    }

    #[test]
    fn more_on_record_than_was_asked_is_a_fault() {
        let killed = clock::now();
        let mut losses =
            Losses { database: Database::Sqlite, kills: 1, answered: 0, lost: 0, twice: 0, ages: Vec::new() };
        losses.take(&[killed], 2, killed);
        assert!(losses.is_small(), "recorded, and killed before the answer");
        losses.take(&[killed], 3, killed);
        assert_eq!(losses.twice, 1);
        assert!(!losses.is_small());
    }
}
