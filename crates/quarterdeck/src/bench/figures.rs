//! Figures and their goals, one JSON object a line.

use std::time::Duration;

use serde::Serialize;

use crate::error::{Error, Result};

/// What a figure must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal {
    /// Less than this.
    Below(f64),
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Goal {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::Below(limit) => value < limit,
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Below(limit) => format!("< {limit}"),
            Self::AtMost(limit) => format!("<= {limit}"),
            Self::AtLeast(limit) => format!(">= {limit}"),
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    value: f64,
    unit: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
}

/// What has been measured so far.
#[derive(Debug, Default)]
pub(super) struct Figures {
    missed: Vec<String>,
}

impl Figures {
    /// Prints a figure that was promised.
    pub(super) fn promised(&mut self, name: &str, value: f64, unit: &str, goal: Goal) -> Result<()> {
        let met = goal.is_met(value);
        if !met {
            self.missed.push(name.to_owned());
        }
        print(&Line { name, value: rounded(value), unit, goal: Some(goal.text()), met: Some(met) })
    }

    /// Prints a figure that nobody promised.
    pub(super) fn plain(name: &str, value: f64, unit: &str) -> Result<()> {
        print(&Line { name, value: rounded(value), unit, goal: None, met: None })
    }

    /// Whether everything is as promised.
    pub(super) fn verdict(self) -> Result<()> {
        if self.missed.is_empty() { Ok(()) } else { Err(Error::GoalsMissed(self.missed)) }
    }
}

fn print(line: &Line<'_>) -> Result<()> {
    println!("{}", serde_json::to_string(line)?);
    Ok(())
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The time that `percent` of all do not exceed; `sorted` is not empty.
pub(super) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() * percent).div_ceil(100) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_that_is_missed_is_named_at_the_end() {
        let mut figures = Figures::default();
        figures.promised("idle_memory", 59.9, "MB", Goal::Below(60.0)).unwrap();
        figures.promised("first_load", 300.0, "KB", Goal::AtMost(300.0)).unwrap();
        figures.promised("rate", 7.0, "times", Goal::AtLeast(7.0)).unwrap();
        figures.promised("start_to_ready", 0.5, "s", Goal::Below(0.5)).unwrap();
        let said = figures.verdict().unwrap_err().to_string();
        assert!(said.ends_with(": start_to_ready"), "{said}");
    }

    #[test]
    fn one_time_in_a_hundred_may_be_longer_than_the_99th_percentile() {
        let times: Vec<_> = (1..=500).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 99), Duration::from_millis(495));
        assert_eq!(percentile(&times, 50), Duration::from_millis(250));
        assert_eq!(percentile(&times[..1], 99), Duration::from_millis(1));
    }
}
