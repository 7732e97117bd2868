//! `make torture`: the long form.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::Duration,
};

use clap::{Parser, ValueEnum};
use torture::{Database, Finding, Misfortune, Run, pixels, power_loss};

/// For each of so many kills in the middle of sending, one in the middle of reading.
const KILLS_PER_KILL_OF_VIEWS: u32 = 20;

/// Kills, cuts off and starves a real quarterdeck, and compares what its recipients received with what it says
#[derive(Debug, Parser)]
struct Arguments {
    /// The program [default: the one built beside this one]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,

    /// On which database; both run at the same time
    #[arg(long, value_enum, default_value = "both")]
    database: Databases,

    /// How often the program is killed on all databases together; other misfortunes happen in proportion
    #[arg(long, value_name = "N", default_value_t = 1000)]
    kills: u32,

    /// How long misfortunes go on in all; what settles after each kind comes on top
    #[arg(long, value_name = "M", default_value_t = 30)]
    minutes: u32,

    /// One misfortune only, for as long as all of them would take
    #[arg(long, value_enum)]
    only: Option<Misfortune>,

    /// Where all chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

impl Databases {
    fn list(self) -> &'static [Database] {
        match self {
            Self::Sqlite => &[Database::Sqlite],
            Self::Postgres => &[Database::Postgres],
            Self::Both => &[Database::Sqlite, Database::Postgres],
        }
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("torture: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs everything and prints the table; answers whether the records agree.
fn run(arguments: &Arguments) -> torture::Result<bool> {
    println!("Seed {}.\n", arguments.seed);
    let program = arguments.program.clone().map_or_else(torture::beside_us, Ok)?;
    let databases = arguments.database.list();
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let started: Vec<_> = databases
            .iter()
            .map(|&database| {
                scope.spawn({
                    let program = program.clone();
                    move || on(arguments, &program, database)
                })
            })
            .collect();
        started.into_iter().map(|run| run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let (findings, losses): (Vec<_>, Vec<_>) = outcomes.into_iter().map(|it| (it.findings, it.losses)).unzip();
    let findings = findings.concat();
    println!("{}", torture::table(&findings));
    let losses = losses.into_iter().flatten().collect::<torture::Result<Vec<_>>>()?;
    if !losses.is_empty() {
        println!("{}", pixels::table(&losses));
    }
    Ok(torture::is_clean(&findings) && losses.iter().all(pixels::Losses::is_small))
}

/// What came of the misfortunes of one database.
struct Outcome {
    findings: Vec<Finding>,
    /// What kills cost of the views that were just answered, if that was to be seen.
    losses: Option<torture::Result<pixels::Losses>>,
}

/// Every misfortune of one database, one after the other. Half of the time is for SIGKILL.
fn on(arguments: &Arguments, program: &Path, database: Database) -> Outcome {
    let misfortunes: &[Misfortune] = match database {
        Database::Sqlite => &Misfortune::SQLITE,
        Database::Postgres => &Misfortune::POSTGRES,
    };
    let kills = arguments.kills.div_ceil(u32::try_from(arguments.database.list().len()).unwrap_or(1));
    let minutes = Duration::from_mins(arguments.minutes.into());
    let others = u32::try_from(misfortunes.len()).unwrap_or(1);
    let mut findings = Vec::new();
    for (n, &misfortune) in (0..).zip(misfortunes) {
        let (times, at_most) = match misfortune {
            one if arguments.only.is_some_and(|only| only != one) => continue,
            one if arguments.only == Some(one) => (kills, minutes),
            Misfortune::Killed => (kills, minutes / 2),
            Misfortune::Dropped | Misfortune::Stalled | Misfortune::Everything => (kills, minutes / 2 / others),
            _ => (kills.div_ceil(10), minutes / 2 / others),
        };
        let run = Run { program: program.to_owned(), database, misfortune, times, at_most, seed: arguments.seed + n };
        findings.push(run.go().unwrap_or_else(|error| Finding::none(database, misfortune.name(), &error)));
    }
    if database == Database::Sqlite && arguments.only.is_none() {
        let cuts = power_loss::run(program, arguments.seed, power_loss::Extent::Long);
        findings.push(cuts.unwrap_or_else(|error| Finding::none(database, power_loss::NAME, &error)));
    }
    let losses = arguments.only.is_none().then(|| {
        let kills = usize::try_from(kills.div_ceil(KILLS_PER_KILL_OF_VIEWS)).unwrap_or(1);
        pixels::run(program, database, kills, arguments.seed)
    });
    Outcome { findings, losses }
}
