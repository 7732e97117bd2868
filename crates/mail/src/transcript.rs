//! What was said, line by line, without secrets, and how long each stage of it took.

use std::time::Duration;

use domain::events::{Line, Speaker};
use tokio::time::Instant;

/// The conversation so far, and where each stage of it began.
#[derive(Debug)]
pub(crate) struct Log<S> {
    pub(crate) lines: Vec<Line>,
    marks: Vec<Mark<S>>,
}

/// The beginning of a stage.
#[derive(Debug, Clone, Copy)]
struct Mark<S> {
    stage: S,
    at: Instant,
    first_line: usize,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeStep<S> {
    /// Which.
    pub step: S,
    /// How long it took.
    pub took: Duration,
    /// What was said.
    pub lines: Vec<Line>,
    /// What went wrong.
    pub problem: Option<Problem>,
}

/// What went wrong in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name of the case: that of the fault, or `refused`, or `credentials_refused`.
    pub code: &'static str,
    /// The server's words or the fault's.
    pub detail: String,
}

impl<S: Copy> Log<S> {
    pub(crate) fn new() -> Self {
        Self { lines: Vec::with_capacity(12), marks: Vec::new() }
    }

    pub(crate) fn enter(&mut self, stage: S) {
        self.marks.push(Mark { stage, at: Instant::now(), first_line: self.lines.len() });
    }

    /// The stage we are in, once one has begun.
    pub(crate) fn current(&self) -> Option<S> {
        self.marks.last().map(|mark| mark.stage)
    }

    pub(crate) fn us(&mut self, text: impl Into<String>) {
        self.lines.push(Line { from: Speaker::Us, text: text.into() });
    }

    pub(crate) fn server(&mut self, text: impl Into<String>) {
        self.lines.push(Line { from: Speaker::Server, text: text.into() });
    }

    /// Puts `***` where a server has repeated one of `secrets`.
    pub(crate) fn conceal(&mut self, secrets: &[String]) {
        for line in &mut self.lines {
            conceal(&mut line.text, secrets);
        }
    }

    /// Every stage with what was said in it; the last has ended now.
    pub(crate) fn into_steps<T: From<S>>(mut self) -> Vec<ProbeStep<T>> {
        let mut ends = Instant::now();
        let mut steps = Vec::with_capacity(self.marks.len() + 1);
        for mark in self.marks.iter().rev() {
            steps.push(ProbeStep {
                step: mark.stage.into(),
                took: ends - mark.at,
                lines: self.lines.split_off(mark.first_line),
                problem: None,
            });
            ends = mark.at;
        }
        steps.reverse();
        steps
    }
}

/// Puts `***` where `text` contains one of `secrets`.
pub(crate) fn conceal(text: &mut String, secrets: &[String]) {
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        if text.contains(secret.as_str()) {
            *text = text.replace(secret.as_str(), "***");
        }
    }
}
