//! The short form of `make torture`: the real binary, both databases, a little of every misfortune.

#![expect(clippy::unwrap_used, reason = "a run that cannot be made fails the test")]

use std::time::Duration;

use rstest::rstest;
use torture::{
    Database, Finding, Misfortune, Run, pixels,
    power_loss::{self, Extent},
};

/// Printed with the table; another one is another run.
const SEED: u64 = 20;

/// A run that was slowed down by others ends early rather than late.
const AT_MOST: Duration = Duration::from_secs(25);

#[rstest]
fn on_sqlite_nobody_is_missed_or_mailed_twice(
    #[values(Misfortune::Killed, Misfortune::FileLimit, Misfortune::Everything)] misfortune: Misfortune,
) {
    suffer(Database::Sqlite, misfortune);
}

#[test]
fn on_postgresql_with_three_nodes_nobody_is_missed_or_mailed_twice() {
    suffer(Database::Postgres, Misfortune::Everything);
}

/// The others would wait for a minute.
#[test]
fn on_postgresql_a_node_that_was_killed_and_is_started_again_goes_on_at_once() {
    let finding = suffer(Database::Postgres, Misfortune::Killed);
    assert!(finding.settled_in < Duration::from_secs(40), "{:?}", finding.settled_in);
}

#[test]
fn what_a_disk_holds_after_a_power_cut_loses_nothing_and_repeats_nothing() {
    let finding = power_loss::run(&torture::beside_us().unwrap(), SEED, Extent::Short).unwrap();
    assert_clean(finding);
}

#[rstest]
fn a_kill_costs_the_views_of_a_moment(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let losses = pixels::run(&torture::beside_us().unwrap(), database, 5, SEED).unwrap();
    println!("{losses:?}");
    assert!(losses.answered > 200, "too few views were answered to show anything");
    assert!(losses.is_small(), "{losses:?}");
}

fn suffer(database: Database, misfortune: Misfortune) -> Finding {
    let times = match misfortune {
        Misfortune::Killed => 15,
        Misfortune::Everything => 25,
        _ => 4,
    };
    let run = Run { program: torture::beside_us().unwrap(), database, misfortune, times, at_most: AT_MOST, seed: SEED };
    assert_clean(run.go().unwrap())
}

fn assert_clean(finding: Finding) -> Finding {
    let findings = [finding];
    let table = torture::table(&findings);
    println!("Seed {SEED}.\n\n{table}");
    assert!(findings[0].tally.delivered > 0, "nothing was delivered, so nothing was shown");
    assert!(torture::is_clean(&findings), "Seed {SEED}.\n\n{table}");
    let [finding] = findings;
    finding
}
