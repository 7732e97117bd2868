//! Randomness, seeded once at the start of the program.

use std::sync::Mutex;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};

/// A source of random bytes that nobody can guess, if its seed cannot be guessed.
pub struct Random(Mutex<StdRng>);

/// A secret that is shown once and kept only as its hash.
pub struct OneTimeSecret {
    /// What is shown: 43 characters, URL-safe.
    pub shown: String,
    /// What is kept: SHA-256.
    pub hash: Vec<u8>,
}

impl Random {
    /// From a seed; take it from the operating system, except in tests.
    pub fn new(seed: [u8; 32]) -> Self {
        Self(Mutex::new(StdRng::from_seed(seed)))
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let mut source = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        source.fill_bytes(&mut bytes);
        bytes
    }

    /// A number in `0.0..1.0`.
    pub fn fraction(&self) -> f64 {
        f64::from(u32::from_le_bytes(self.bytes())) / (f64::from(u32::MAX) + 1.0)
    }

    /// A secret of 256 bits.
    pub fn secret(&self) -> OneTimeSecret {
        let shown = URL_SAFE_NO_PAD.encode(self.bytes::<32>());
        OneTimeSecret { hash: hash(&shown), shown }
    }
}

/// What is kept of a secret. It has 256 bits of its own, so a fast hash without salt is enough.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
