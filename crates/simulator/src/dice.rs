//! Chance that depends on nothing but the seed and what it is asked about.

use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// A generator for one question: the same seed and the same words always give the same throws.
pub(crate) fn dice(seed: u64, words: &[&str]) -> StdRng {
    StdRng::seed_from_u64(hash(seed, words))
}

/// FNV-1a: stable between releases of the compiler, which the standard library's hasher is not.
pub(crate) fn hash(seed: u64, words: &[&str]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;

    let seed = seed.to_le_bytes();
    // 0xff stands in no UTF-8 text, so that ("ab", "c") and ("a", "bc") differ.
    let bytes = seed.iter().copied().chain(words.iter().flat_map(|word| word.bytes().chain([0xff])));
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt as _;

    #[test]
    fn the_same_question_gets_the_same_throws() {
        let throws = |seed, words: &[&str]| dice(seed, words).random::<u64>();
        assert_eq!(throws(1, &["a", "b"]), throws(1, &["a", "b"]));
        assert_ne!(throws(1, &["a", "b"]), throws(2, &["a", "b"]));
        assert_ne!(throws(1, &["ab", "c"]), throws(1, &["a", "bc"]));
    }
}
