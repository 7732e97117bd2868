//! Checks all fields before it refuses, so that a person hears of every mistake at once.

use domain::input::Invalid;

use crate::{Error, Result};

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Invalid>);

impl Faults {
    /// The checked value, or its type's default and a mistake noted: call [`Faults::refuse`] before using it.
    pub(crate) fn check<T: Default>(&mut self, checked: std::result::Result<T, Invalid>) -> T {
        checked.unwrap_or_else(|invalid| {
            self.0.push(invalid);
            T::default()
        })
    }

    /// Notes a mistake that no single check finds.
    pub(crate) fn add(&mut self, fault: Invalid) {
        self.0.push(fault);
    }

    /// Refuses if there was any mistake.
    pub(crate) fn refuse(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
