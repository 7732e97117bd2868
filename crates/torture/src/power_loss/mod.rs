//! Power loss, which SIGKILL does not show: the page cache survives a process, not a power cut.
//!
//! The program runs under `strace`, on `SQLite`. On the trace two things are shown:
//!
//! - No `MAIL FROM` begins to leave before a sync of the write-ahead log that covers the row which says *attempting*.
//! - The power may go at any moment. What each file held at its last sync, alone or with any part of what was written
//!   since, is laid into a fresh folder, the program starts on it, and at the end nobody was missed or mailed twice.

mod disk;
mod order;
mod trace;
mod wire;

use std::{ffi::OsString, fs, net::SocketAddr, path::Path, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use testbed::free_address;

use crate::{
    api::Api,
    clock,
    compare::{Tally, compare},
    desk::{Desk, Plan, Promise},
    error::{Error, Result},
    program::{Program, Recipe},
    recipients::{Letter, Recipients},
    run::{Database, Finding},
};
use disk::Disk;
use trace::{Call, What};
use wire::Transaction;

/// How long a program under `strace` may take to send what it has, and one after a power cut.
const PATIENCE: Duration = Duration::from_mins(1);

/// Its name in the table.
pub const NAME: &str = "power cut";

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// A few cuts, within half a minute.
    Short,
    /// As many as are worth waiting for.
    Long,
}

impl Extent {
    fn emails_and_cuts(self) -> (usize, u32) {
        match self {
            Self::Short => (24, 8),
            Self::Long => (120, 60),
        }
    }
}

/// A run that was recorded.
struct Recording {
    calls: Vec<Call>,
    transactions: Vec<Transaction>,
    letters: Vec<Letter>,
    promised: Vec<Promise>,
}

/// Records a run and cuts the power at many moments of it.
///
/// # Errors
/// When a `MAIL FROM` left too early, and when the harness cannot do its work.
pub fn run(binary: &Path, seed: u64, extent: Extent) -> Result<Finding> {
    let mut rng = StdRng::seed_from_u64(seed);
    let (emails, cuts) = extent.emails_and_cuts();
    let folder = tempfile::tempdir()?;
    let recipe = Recipe {
        binary: binary.to_owned(),
        wrapper: Vec::new(),
        data_dir: folder.path().join("data"),
        database_url: None,
        listen: free_address().map_err(Error::Unexpected)?,
    };
    let smtp = free_address().map_err(Error::Unexpected)?;
    let (desk, recording) = record(&recipe, smtp, emails, &mut rng)?;
    let mut notes = order::too_early(&recording.calls, &recording.transactions);
    let mut tally = Tally::default();
    for n in 0..cuts {
        let cut = moment(&recording, &mut rng)?;
        let keeps_some = n % 2 == 1;
        let place = folder.path().join(format!("cut-{n}"));
        let held = Disk::play(&recording.calls, &recipe.data_dir, cut);
        held.write_to(&place, || keeps_some && rng.random())?;
        tally.add(after(
            &Recipe { data_dir: place.clone(), ..recipe.clone() },
            smtp,
            &desk,
            &recording,
            cut,
            &mut notes,
        )?);
        fs::remove_dir_all(place)?;
    }
    Ok(Finding { database: Database::Sqlite, misfortune: NAME, times: cuts, tally, settled_in: Duration::ZERO, notes })
}

/// Sends some emails under `strace`.
fn record(recipe: &Recipe, smtp: SocketAddr, emails: usize, rng: &mut StdRng) -> Result<(Desk, Recording)> {
    let file = recipe.data_dir.with_extension("trace");
    let strace =
        ["strace", "-D", "-f", "--seccomp-bpf", "-ttt", "-yy", "-xx", "-s", "4000000", "-e", trace::CALLS, "-o"];
    let mut wrapper: Vec<OsString> = strace.map(OsString::from).to_vec();
    wrapper.push(file.clone().into());
    let recipients = Recipients::start(rng.random(), smtp)?;
    let mut program = Program::new(Recipe { wrapper, ..recipe.clone() })?;
    let token = program.start()?.ok_or_else(|| Error::DidNotStart("it printed no setup link".to_owned()))?;
    let desk = Desk::set_up(Api::new(vec![recipe.listen]), &token, &recipients)?;
    // They leave together, so that one commit stands for several.
    desk.pause()?;
    for n in 0..emails {
        desk.write(&Plan::new(rng, n))?;
    }
    desk.resume()?;
    if !desk.settle(PATIENCE) {
        return Err(Error::Unexpected("the program under strace did not send what it had".to_owned()));
    }
    let pid = program.pid().unwrap_or_default();
    program.kill()?;
    // The tracer writes its last line when the program is gone.
    let last = format!("\n{pid} ");
    let whole = |text: &str| text.rfind(&last).is_some_and(|at| text[at..].contains("+++ killed by SIGKILL +++"));
    clock::wait_until(PATIENCE, || fs::read_to_string(&file).is_ok_and(|text| whole(&text)));
    let calls = trace::parse(&fs::read(&file)?)?;
    let transactions = wire::transactions(&calls, &smtp.to_string());
    if transactions.len() < emails {
        return Err(Error::Unexpected(format!("the trace shows {} transactions only", transactions.len())));
    }
    let recording = Recording { calls, transactions, letters: recipients.letters(), promised: desk.promised() };
    Ok((desk, recording))
}

/// A moment of the recording at which the power goes: often the worst, just after something left.
fn moment(recording: &Recording, rng: &mut StdRng) -> Result<usize> {
    let first = recording.promised.first().map_or(0, |promise| promise.at);
    let later: Vec<&Call> = recording.calls.iter().filter(|call| call.at > first).collect();
    let beginning = later.first().map_or(0, |call| call.ended);
    let mut moments: Vec<usize> = match rng.random_range(0..4) {
        0 => recording.transactions.iter().map(|transaction| transaction.mail_from).collect(),
        1 | 2 => recording.transactions.iter().filter_map(|transaction| transaction.final_dot).collect(),
        _ => {
            let synced = later.iter().filter(|call| matches!(call.what, What::Synced { .. }));
            synced.map(|call| call.ended).collect()
        }
    };
    moments.retain(|&moment| moment >= beginning);
    if moments.is_empty() {
        return Err(Error::Unexpected("the trace has no moment to cut at".to_owned()));
    }
    Ok(moments[rng.random_range(0..moments.len())])
}

/// Starts the program on what the disk held, lets it finish, and compares.
fn after(
    recipe: &Recipe,
    smtp: SocketAddr,
    desk: &Desk,
    recording: &Recording,
    cut: usize,
    notes: &mut Vec<String>,
) -> Result<Tally> {
    let recipients = Recipients::start(0, smtp)?;
    let mut program = Program::new(recipe.clone())?;
    program.start_again()?;
    desk.resume()?;
    if !desk.settle(PATIENCE) {
        notes.push(format!("not settled after a cut at line {cut}:\n{}", program.last_words()));
    }
    let record = desk.record()?;
    let mut letters = recipients.letters();
    letters.extend(received_before(recording, cut));
    let at = recording.calls.iter().rev().find(|call| call.ended <= cut).map_or(0, |call| call.at);
    let promised = recording.promised.iter().filter(|promise| promise.at < at);
    Ok(compare(&record, &letters, promised.map(|promise| promise.email.as_str())))
}

/// The letters whose final dot had begun to leave: nothing calls them back.
fn received_before(recording: &Recording, cut: usize) -> impl Iterator<Item = Letter> {
    let left = recording.transactions.iter().filter(move |it| it.final_dot.is_some_and(|dot| dot <= cut));
    let letters = left.filter_map(|it| Letter::new(&it.message_id, &it.recipient));
    letters.filter(|letter| recording.letters.contains(letter))
}
