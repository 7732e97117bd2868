//! What was said, line by line, without secrets.

use domain::{
    events::{Line, Speaker},
    smtp::Stage,
};
use tokio::time::Instant;

/// The conversation so far, and where each stage of it began.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) lines: Vec<Line>,
    pub(super) marks: Vec<Mark>,
}

/// The beginning of a stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) stage: Stage,
    pub(super) at: Instant,
    pub(super) first_line: usize,
}

impl Log {
    pub(super) fn new() -> Self {
        Self { lines: Vec::with_capacity(12), marks: Vec::new() }
    }

    pub(super) fn enter(&mut self, stage: Stage) {
        self.marks.push(Mark { stage, at: Instant::now(), first_line: self.lines.len() });
    }

    /// The stage we are in.
    pub(super) fn stage(&self) -> Stage {
        self.marks.last().map_or(Stage::Resolve, |mark| mark.stage)
    }

    pub(super) fn us(&mut self, text: impl Into<String>) {
        self.lines.push(Line { from: Speaker::Us, text: text.into() });
    }

    pub(super) fn server(&mut self, text: impl Into<String>) {
        self.lines.push(Line { from: Speaker::Server, text: text.into() });
    }

    /// Puts `***` where a server has repeated one of `secrets`.
    pub(super) fn conceal(&mut self, secrets: &[String]) {
        for line in &mut self.lines {
            conceal(&mut line.text, secrets);
        }
    }
}

/// Puts `***` where `text` contains one of `secrets`.
pub(super) fn conceal(text: &mut String, secrets: &[String]) {
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        if text.contains(secret.as_str()) {
            *text = text.replace(secret.as_str(), "***");
        }
    }
}
