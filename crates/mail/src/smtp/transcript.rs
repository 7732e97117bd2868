//! The log of an SMTP conversation.

use domain::smtp::Stage;

pub(super) use crate::transcript::conceal;

/// What was said, and at which stage.
pub(super) type Log = crate::transcript::Log<Stage>;

impl Log {
    /// The stage we are in.
    pub(super) fn stage(&self) -> Stage {
        self.current().unwrap_or(Stage::Resolve)
    }
}
