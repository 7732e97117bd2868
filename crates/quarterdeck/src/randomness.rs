//! The one place that asks the operating system for randomness.

use engine::Random;
use rand::{TryRng, rngs::SysRng};

use crate::error::{Error, Result};

/// A source seeded by the operating system.
pub(crate) fn from_system() -> Result<Random> {
    let mut seed = [0; 32];
    SysRng.try_fill_bytes(&mut seed).map_err(|error| Error::Randomness(error.to_string()))?;
    Ok(Random::new(seed))
}
