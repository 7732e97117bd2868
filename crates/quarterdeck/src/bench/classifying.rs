//! How fast incoming mail is understood, on one core: labelled real mail where it is at hand, else the repository's own.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    failed,
    figures::{Figures, Goal},
};
use crate::error::Result;

/// Messages a second on one core that we promise.
const GOAL: f64 = 5_000.0;
/// For how long messages are understood.
const LONG_ENOUGH: Duration = Duration::from_secs(5);

/// Real mail beside the repository.
const SAMPLE: &str = "../shared/corpora";
/// Mail of our own writing in it.
const OWN: &str = "crates/mail/tests/fixtures";

/// Measures it.
pub(super) fn measure(figures: &mut Figures) -> Result<()> {
    let sample = env::var_os("QUARTERDECK_CORPORA").map_or_else(|| PathBuf::from(SAMPLE), PathBuf::from);
    let mut messages = read(&sample.join("bounces"));
    if messages.is_empty() {
        eprintln!("the labelled mail is not at hand: the repository's own is understood instead");
        for folder in ["bounces", "complaints", "replies"] {
            messages.extend(read(&Path::new(OWN).join(folder)));
        }
    }
    if messages.is_empty() {
        return Err(failed("there is no mail to be understood: the bench looks for it from the repository's folder"));
    }
    let bytes: usize = messages.iter().map(Vec::len).sum();
    let started = Instant::now();
    let mut understood = 0_u32;
    while started.elapsed() < LONG_ENOUGH {
        for message in &messages {
            std::hint::black_box(engine::incoming::classify(message));
            understood += 1;
        }
    }
    let rate = f64::from(understood) / started.elapsed().as_secs_f64();
    figures.promised("classification_rate", rate, "messages/s", Goal::AtLeast(GOAL))?;
    #[expect(clippy::cast_precision_loss, reason = "an average size")]
    let size = bytes as f64 / messages.len() as f64 / 1024.0;
    Figures::plain("classification_average_message", size, "KB")
}

/// The messages in `folder`; none if it is not there.
fn read(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_message = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "eml");
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_message)
        .filter_map(|path| fs::read(path).ok())
        .collect()
}
