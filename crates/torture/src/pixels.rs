//! What a SIGKILL costs of the views that were answered a moment before.
//!
//! A pixel is answered at once and recorded within a tenth of a second. Somebody loads one at a steady rate while the program
//! is killed again and again; afterwards our record is compared with what was answered.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::{
    clock,
    desk::Plan,
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

/// How long the email may take to arrive, and what was recorded to be read.
const PATIENCE: Duration = Duration::from_mins(1);

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Losses {
    /// How often the program was killed.
    pub kills: usize,
    /// Requests that were answered.
    pub answered: u64,
    /// Of these, those that are on no record.
    pub lost: u64,
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
    let (mut programs, desk) = run.start(&place, &recipients, &mut rng)?;
    let reader = format!("accept.reader@{DOMAIN}");
    desk.write(&Plan { to: reader.clone(), cc: Vec::new(), bcc: Vec::new() })?;
    clock::wait_until(PATIENCE, || recipients.pixel(&reader).is_some());
    let pixel = recipients.pixel(&reader).ok_or_else(|| Error::Unexpected("no email with a pixel came".to_owned()))?;

    let mut losses = Losses { kills, ..Losses::default() };
    let mut recorded = desk.pixel_requests()?;
    for _ in 0..kills {
        let wait = Duration::from_millis(rng.random_range(BEFORE_KILL));
        let (answered, killed) = load_until_killed(&mut programs[0], &pixel, wait)?;
        programs[0].start_again()?;
        let now = desk.pixel_requests()?;
        let kept = now - recorded;
        recorded = now;
        losses.take(&answered, kept, killed);
    }
    Ok(losses)
}

impl Losses {
    /// What is lost is the newest.
    fn take(&mut self, answered: &[Instant], kept: u64, killed: Instant) {
        let count = answered.len() as u64;
        // The last request may be on record and not answered.
        let lost = count.saturating_sub(kept);
        self.answered += count;
        self.lost += lost;
        let oldest = usize::try_from(count - lost).ok().and_then(|first| answered.get(first));
        self.ages.push(oldest.map_or(Duration::ZERO, |oldest| killed.saturating_duration_since(*oldest)));
    }
}

/// Loads the pixel again and again; when each request was answered, and when the program was killed.
fn load_until_killed(program: &mut Program, pixel: &str, wait: Duration) -> Result<(Vec<Instant>, Instant)> {
    let address = program.address();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let loading = scope.spawn(|| load(address, pixel, &stop));
        thread::sleep(wait);
        let killed = clock::now();
        let done = program.kill();
        stop.store(true, Ordering::SeqCst);
        let answered = loading.join().map_err(|_| Error::Unexpected("loading the pixel failed".to_owned()))??;
        done.map(|()| (answered, killed))
    })
}

fn load(address: SocketAddr, pixel: &str, stop: &AtomicBool) -> Result<Vec<Instant>> {
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
            Ok(read) if buffer[..read].starts_with(b"HTTP/1.1 200") => answered.push(clock::now()),
            _ => break,
        }
        thread::sleep(STEP);
    }
    Ok(answered)
}
