//! What came of each step of trying a server out.

use engine::mailboxes::ProbeStep;
use serde::Serialize;
use utoipa::ToSchema;

use super::emails::LineView;

/// What came of a step of a test.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StepOutcome {
    ok: bool,
    /// How long it took, in milliseconds.
    ms: u64,
    lines: Vec<LineView>,
    /// A stable code for what went wrong.
    #[schema(required)]
    problem: Option<&'static str>,
    /// What went wrong, in the server's words where it said something.
    #[schema(required)]
    detail: Option<String>,
}

impl<S> From<ProbeStep<S>> for StepOutcome {
    fn from(step: ProbeStep<S>) -> Self {
        Self {
            ok: step.problem.is_none(),
            ms: u64::try_from(step.took.as_millis()).unwrap_or(u64::MAX),
            lines: step.lines.into_iter().map(LineView::from).collect(),
            problem: step.problem.as_ref().map(|problem| problem.code),
            detail: step.problem.map(|problem| problem.detail),
        }
    }
}
