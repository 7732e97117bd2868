//! A text as the difference from another: places of pieces that both have, and between them what only the one has.
//!
//! ```text
//! difference = operation*
//! operation  = number, then bytes or place      the number's lowest bit says which, the others how many bytes
//! bytes      = what stands here                 lowest bit 0
//! place      = number                           lowest bit 1: where the piece begins in the other text
//! number     = LEB128, unsigned
//! ```
//! A long difference is compressed: [`PACKED`], then a frame of zstd.
//!
//! The differences of two texts, one behind the other, are the difference of the two texts, one behind the other: what
//! differs from person to person is put between what was compared once.

use std::collections::HashMap;

use super::{compress_bytes, decompress_bytes};

/// Shorter pieces that both texts have are not looked for.
const BLOCK: usize = 16;

/// Shorter differences are not compressed, in bytes: it takes longer than all else about them.
const LONG: usize = 1024;

/// What a compressed difference begins with: none begins with no bytes.
const PACKED: u8 = 0;

/// A text that others are compared with.
pub struct Original<'a> {
    text: &'a [u8],
    /// Where blocks of it begin: the first of those that are alike.
    blocks: HashMap<&'a [u8], usize>,
}

impl<'a> Original<'a> {
    /// Of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let text = text.as_bytes();
        let mut blocks = HashMap::with_capacity(text.len() / BLOCK);
        for (number, block) in text.chunks_exact(BLOCK).enumerate() {
            blocks.entry(block).or_insert(number * BLOCK);
        }
        Self { text, blocks }
    }

    /// How `text` differs from this one.
    #[must_use]
    pub fn difference(&self, text: &str) -> Difference {
        let text = text.as_bytes();
        let mut difference = Difference::default();
        // What stands before `written` is in the difference.
        let (mut written, mut at) = (0, 0);
        while let Some(block) = text.get(at..at + BLOCK) {
            let Some(&place) = self.blocks.get(block) else {
                at += 1;
                continue;
            };
            let before = common(text[written..at].iter().rev(), self.text[..place].iter().rev());
            let after = common(text[at..].iter(), self.text[place..].iter());
            difference.add_bytes(&text[written..at - before]);
            difference.add_piece(place - before, before + after);
            at += after;
            written = at;
        }
        difference.add_bytes(&text[written..]);
        difference
    }
}

/// How many bytes the two have in common, from their beginnings.
fn common<'a>(one: impl Iterator<Item = &'a u8>, other: impl Iterator<Item = &'a u8>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

/// How a text differs from another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference(Vec<u8>);

impl Difference {
    /// Adds text that the other has not.
    pub fn add_text(&mut self, text: &str) {
        self.add_bytes(text.as_bytes());
    }

    /// Adds the difference of a text that stands behind.
    pub fn add(&mut self, behind: &Self) {
        self.0.extend_from_slice(&behind.0);
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.add_number(bytes.len() << 1);
            self.0.extend_from_slice(bytes);
        }
    }

    fn add_piece(&mut self, place: usize, length: usize) {
        self.add_number(length << 1 | 1);
        self.add_number(place);
    }

    fn add_number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    /// The whole difference, compressed if it is long: a signature, which is not written with each letter, may be.
    #[must_use]
    pub fn packed(self) -> Self {
        match if self.0.len() < LONG { None } else { compress_bytes(&self.0).ok() } {
            Some(frame) => Self([&[PACKED], frame.as_slice()].concat()),
            None => self,
        }
    }

    /// The bytes by which it is kept.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The text that differs from `original` by the difference that `kept` keeps; `None` when it keeps none, or one from
/// another text.
pub(super) fn apply(kept: &[u8], original: &str) -> Option<String> {
    let unpacked = kept.strip_prefix(&[PACKED]).map(|frame| decompress_bytes(frame, "")).transpose().ok()?;
    let mut rest = unpacked.as_deref().unwrap_or(kept);
    let mut text = Vec::with_capacity(original.len());
    while !rest.is_empty() {
        let number = take_number(&mut rest)?;
        let length = number >> 1;
        let piece = if number & 1 == 1 {
            let place = take_number(&mut rest)?;
            original.as_bytes().get(place..place.checked_add(length)?)?
        } else {
            rest.split_off(..length)?
        };
        text.extend_from_slice(piece);
    }
    String::from_utf8(text).ok()
}

fn take_number(rest: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = *rest.split_off_first()?;
        number |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LETTER: &str = "<p>Hello {{first_name}}, this is what was written, at some length.</p>";

    fn difference(text: &str, original: &str) -> Difference {
        Original::new(original).difference(text)
    }

    #[test]
    fn any_text_comes_back_with_any_original() {
        for original in ["", "x", LETTER, "\u{1F600}"] {
            for text in ["", "x", LETTER, "<p>Hello Bob, this is what was written, at some length.</p>"] {
                let kept = difference(text, original);
                assert_eq!(apply(kept.as_bytes(), original).unwrap(), text, "{original:?}");
            }
        }
    }

    #[test]
    fn a_letter_is_kept_as_little_more_than_its_values() {
        let words = (0..600).map(|n| (n * n).to_string()).collect::<Vec<_>>().join(" ");
        let kept = difference(&format!("<p>Hello Bob, {words}</p>"), &format!("<p>Hello {{{{name}}}}, {words}</p>"));
        assert!(kept.as_bytes().len() < 24, "{kept:?}");
    }

    #[test]
    fn a_long_difference_is_compressed() {
        let text = format!("{LETTER}{}", "<p>The same again and again.</p>".repeat(100));
        let kept = difference(&text, LETTER).packed();
        assert!(kept.as_bytes().len() < 100, "{}", kept.as_bytes().len());
        assert_eq!(apply(kept.as_bytes(), LETTER).unwrap(), text);
        assert_eq!(difference(LETTER, "").packed(), difference(LETTER, ""));
    }

    #[test]
    fn the_longest_piece_around_a_block_is_taken() {
        let original = "0123456789abcdefghijklmnopqrstuv0123456789";
        assert_eq!(difference("cdefghijklmnopqrstuv01", original).as_bytes(), [22 << 1 | 1, 12]);
        assert_eq!(difference("?cdefghijklmnopqrstuv01!", original).as_bytes(), b"\x02?\x2d\x0c\x02!");
    }

    #[test]
    fn what_is_no_difference_or_one_from_another_text_is_not_understood() {
        let kept = difference(LETTER, LETTER);
        assert_eq!(apply(kept.as_bytes(), "<p>Something else.</p>"), None);
        for broken in [&[0x80][..], &[0x80; 12], &[2], &[3, 200, 1], &[2, 0xff], &[0xff; 9], &[0, 1, 2]] {
            assert_eq!(apply(broken, LETTER), None, "{broken:?}");
        }
    }

    proptest! {
        #[test]
        fn differences_one_behind_the_other_are_one(
            original in "[a-c]{0,60}(é[ab]{20}){0,3}", texts in prop::collection::vec("[a-c]{0,40}(é[ab]{20}){0,2}", 0..4)
        ) {
            let mut whole = Difference::default();
            for (number, text) in texts.iter().enumerate() {
                match number % 2 {
                    0 => whole.add(&difference(text, &original)),
                    _ => whole.add_text(text),
                }
            }
            prop_assert_eq!(apply(whole.as_bytes(), &original).unwrap(), texts.concat());
        }

        #[test]
        fn anything_may_be_kept(kept in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = apply(&kept, LETTER);
        }
    }
}
