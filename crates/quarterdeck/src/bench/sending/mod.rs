//! How fast mail leaves, into the same sink: by us, by Postfix's `smtp-source`, by a Postfix relay.

mod campaign;
pub(super) mod depth;
mod ours;
pub(super) mod punctuality;
mod relay;
mod sink;
mod source;

pub(super) use sink::free_port;

use std::time::Duration;

use domain::Timestamp;
use engine::{Clock as _, SystemClock};
use ours::Queue;
use relay::Relay;
use sink::Sink;
use source::Source;

use super::{
    cluster::Cluster,
    figures::{Figures, Goal},
};
use crate::error::Result;

/// The message that `smtp-source` sends, without its headers.
const MESSAGE_BYTES: usize = 10_240;
/// Our letter as it is written. On the wire it is as long as the message above: there are a text part, quoted-printable and
/// tracked links.
const LETTER_BYTES: usize = 4_400;
/// Kept connections, of each sender.
pub(super) const CONNECTIONS: u32 = 20;
const MEGABYTE: f64 = 1e6;

/// One sending by us.
struct Run {
    /// Emails a second.
    rate: f64,
    /// Our processor time for each email, in microseconds.
    processor: f64,
    /// That of `PostgreSQL`, in microseconds.
    postgres: f64,
    /// Bytes.
    peak_memory: u64,
}

/// What was measured, round by round: neighbours on the machine disturb all senders of a round alike.
#[derive(Default)]
struct Rounds {
    ceiling: Vec<f64>,
    relay: Vec<f64>,
    sqlite: Vec<Run>,
    postgres: Vec<Run>,
}

/// Measures `runs` times with so many emails each.
pub(super) async fn measure(figures: &mut Figures, emails: u32, runs: u32) -> Result<()> {
    let Some(mut sink) = sink()? else { return Ok(()) };
    let relay = tokio::task::block_in_place(|| Relay::start(sink.port))?;
    if relay.is_none() {
        eprintln!(
            "The Postfix relay is not measured: Postfix starts as root only, so run this as root, or sudo -v before."
        );
    }
    let mut rounds = Rounds::default();
    for run in 1..=runs {
        rounds.ceiling.push(send_ready_messages(&mut sink, None, emails).await?);
        let queue = Queue::fill(None, sink.port, emails, at_once).await?;
        rounds.sqlite.push(ours::send_all(&queue, &mut sink).await?);
        if let Some(relay) = &relay {
            rounds.relay.push(send_ready_messages(&mut sink, Some(relay), emails).await?);
        }
        if let Some(cluster) = tokio::task::block_in_place(Cluster::start)? {
            let queue = Queue::fill(Some(cluster), sink.port, emails, at_once).await?;
            rounds.postgres.push(ours::send_all(&queue, &mut sink).await?);
        }
        rounds.tell_last(run);
    }
    rounds.report(figures)
}

/// The sink; a sentence where there can be none.
fn sink() -> Result<Option<Sink>> {
    let sink = tokio::task::block_in_place(Sink::start)?;
    if sink.is_none() {
        eprintln!("Sending is not measured: Debian's package postfix is not installed.");
    }
    Ok(sink)
}

/// How fast `smtp-source` fills the sink, directly or through `relay`.
async fn send_ready_messages(sink: &mut Sink, relay: Option<&Relay>, emails: u32) -> Result<f64> {
    let before = sink.count()?;
    let source = Source::start(relay.map_or(sink.port, |relay| relay.port), emails)?;
    let arrived = sink.until(before + almost_all(emails)).await?;
    sink.until(before + u64::from(emails)).await?;
    Ok(rate(almost_all(emails), arrived - source.began))
}

/// Each email is due when it is queued: everything may go as soon as the program is started.
fn at_once(_: u32) -> Timestamp {
    SystemClock.now()
}

/// The clock stops when 99.9 % have arrived.
fn almost_all(emails: u32) -> u64 {
    (u64::from(emails) * 999).div_ceil(1000)
}

#[expect(clippy::cast_precision_loss, reason = "nobody sends so many")]
fn rate(emails: u64, took: Duration) -> f64 {
    emails as f64 / took.as_secs_f64()
}

fn per_email(time: Duration, emails: u32) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(emails)
}

fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

impl Rounds {
    /// Says what the last round gave, for whoever waits.
    fn tell_last(&self, run: u32) {
        let said = [
            ("ceiling", self.ceiling.last().copied()),
            ("sqlite", self.sqlite.last().map(|run| run.rate)),
            ("relay", self.relay.last().copied()),
            ("postgres", self.postgres.last().map(|run| run.rate)),
        ];
        let said = said.iter().filter_map(|(name, rate)| rate.map(|rate| format!("{name} {rate:.0}/s")));
        eprintln!("round {run}: {}", said.collect::<Vec<_>>().join(", "));
    }

    fn report(&self, figures: &mut Figures) -> Result<()> {
        let sqlite = || self.sqlite.iter().map(|run| run.rate);
        let postgres = || self.postgres.iter().map(|run| run.rate);
        plain("sending_ceiling_rate", self.ceiling.iter().copied(), "emails/s")?;
        plain("sending_relay_rate", self.relay.iter().copied(), "emails/s")?;
        plain("sqlite_sending_rate", sqlite(), "emails/s")?;
        let at_least = |share| Goal::AtLeast(share);
        promised(figures, "sqlite_sending_of_ceiling", ratios(sqlite(), &self.ceiling), "times", at_least(0.6))?;
        promised(figures, "sqlite_sending_of_relay", ratios(sqlite(), &self.relay), "times", at_least(7.0))?;
        let processor = self.sqlite.iter().map(|run| run.processor);
        promised(figures, "sqlite_sending_processor_time", processor, "us/email", Goal::AtMost(250.0))?;
        promised(figures, "sqlite_sending_peak_memory", peaks(&self.sqlite), "MB", Goal::Below(80.0))?;

        plain("postgres_sending_rate", postgres(), "emails/s")?;
        let sqlite: Vec<f64> = sqlite().collect();
        promised(figures, "postgres_sending_of_sqlite", ratios(postgres(), &sqlite), "times", at_least(0.7))?;
        plain("postgres_sending_processor_time", self.postgres.iter().map(|run| run.processor), "us/email")?;
        plain("postgres_sending_processor_time_of_postgres", self.postgres.iter().map(|run| run.postgres), "us/email")?;
        plain("postgres_sending_peak_memory", peaks(&self.postgres), "MB")
    }
}

/// How often each is its neighbour in the other list; nothing when the other was not measured.
fn ratios<'a>(ours: impl Iterator<Item = f64> + 'a, theirs: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    ours.zip(theirs).map(|(ours, theirs)| ours / theirs)
}

#[expect(clippy::cast_precision_loss, reason = "no memory is so large")]
fn peaks(runs: &[Run]) -> impl Iterator<Item = f64> {
    runs.iter().map(|run| run.peak_memory as f64 / MEGABYTE)
}

/// Prints the median, if there is one.
fn plain(name: &str, values: impl IntoIterator<Item = f64>, unit: &str) -> Result<()> {
    median(values).map_or(Ok(()), |value| Figures::plain(name, value, unit))
}

fn promised(
    figures: &mut Figures,
    name: &str,
    values: impl IntoIterator<Item = f64>,
    unit: &str,
    goal: Goal,
) -> Result<()> {
    median(values).map_or(Ok(()), |value| figures.promised(name, value, unit, goal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_five_is_the_third() {
        assert_eq!(median([5.0, 1.0, 4.0, 2.0, 3.0]), Some(3.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn all_but_one_in_a_thousand_are_almost_all() {
        assert_eq!((almost_all(10_000), almost_all(300)), (9990, 300));
    }
}
