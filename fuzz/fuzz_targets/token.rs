//! What stands in our links and return addresses, as strangers bend it, and as if they had our keys.

#![no_main]

use std::sync::LazyLock;

use engine::{Keys, Random};

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::generate(&Random::new([7; 32])));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    engine::tracking::fuzzing::read(&KEYS, bytes);
    engine::unsubscribe::fuzzing::read(&KEYS, bytes);
    engine::feedback::fuzzing::read(&KEYS, bytes);
});
