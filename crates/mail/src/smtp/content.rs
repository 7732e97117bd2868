//! A message's content as `DATA` carries it: CRLF everywhere, dots doubled at the beginning of a line.
//!
//! A bare CR or LF is made whole here: what one server takes for an end of data and another does not would let a
//! message carry a second one.

/// How much is looked at as one.
const BLOCK: usize = 256;

/// Transforms a message piece by piece.
#[derive(Debug)]
pub(super) struct Content {
    at_line_start: bool,
    after_cr: bool,
}

impl Content {
    pub(super) const fn new() -> Self {
        Self { at_line_start: true, after_cr: false }
    }

    /// Writes the next piece of the message to `out`.
    pub(super) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let mut rest = piece;
        while !rest.is_empty() {
            let (unchanged, changed) = rest.split_at(self.unchanged(rest));
            if let Some(last) = unchanged.last() {
                out.extend_from_slice(unchanged);
                self.at_line_start = *last == b'\n';
            }
            rest = self.push_line(changed, out);
        }
    }

    /// How much of `piece` goes as it is, in whole blocks: nearly always all of it, which then is not taken apart line by line.
    fn unchanged(&self, piece: &[u8]) -> usize {
        let Some((first, others)) = piece.split_first() else { return 0 };
        if self.after_cr || *first == b'\n' || self.at_line_start && *first == b'.' {
            return 0;
        }
        // Numbers, not conditions: without a branch a processor compares many bytes at once.
        let is_wrong = |(&a, &b): (&u8, &u8)| {
            u8::from((a == b'\r') != (b == b'\n')) | (u8::from(a == b'\n') & u8::from(b == b'.'))
        };
        let mut blocks = piece.chunks(BLOCK).zip(others.chunks(BLOCK));
        let wrong = blocks
            .position(|(block, shifted)| block.iter().zip(shifted).fold(0, |wrong, pair| wrong | is_wrong(pair)) != 0);
        let good = wrong.map_or(piece.len(), |block| block * BLOCK);
        // A line's ending stays together.
        if piece[..good].ends_with(b"\r") { good - 1 } else { good }
    }

    /// Writes the first line, or the first that has to be changed, of `rest`, and answers what follows.
    fn push_line<'a>(&mut self, rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        let Some(&first) = rest.first() else { return rest };
        if first == b'\n' || self.after_cr {
            out.extend_from_slice(b"\r\n");
            self.at_line_start = true;
        }
        self.after_cr = first == b'\r';
        if matches!(first, b'\n' | b'\r') {
            return &rest[1..];
        }
        if first == b'.' && self.at_line_start {
            out.push(b'.');
        }
        let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        // A line with its ending, as nearly all are.
        let whole = rest[end..].starts_with(b"\r\n");
        let (line, rest) = rest.split_at(if whole { end + 2 } else { end });
        out.extend_from_slice(line);
        self.at_line_start = whole;
        rest
    }

    /// Writes the end: the last line's ending if it has none, and the final dot.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.after_cr || !self.at_line_start {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b".\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn carried(pieces: &[&[u8]]) -> Vec<u8> {
        let mut content = Content::new();
        let mut out = Vec::new();
        for piece in pieces {
            content.push(piece, &mut out);
        }
        content.finish(&mut out);
        out
    }

    /// What a server makes of it: the lines before the final dot.
    fn received(wire: &[u8]) -> Vec<u8> {
        let body = wire.strip_suffix(b".\r\n").unwrap();
        let text = String::from_utf8_lossy(body).into_owned();
        text.split_inclusive("\r\n").map(|line| line.strip_prefix('.').unwrap_or(line)).collect::<String>().into_bytes()
    }

    #[test]
    fn dots_are_doubled_at_the_beginning_of_a_line_only() {
        assert_eq!(carried(&[b".a\r\n..b\r\nc.\r\n"]), b"..a\r\n...b\r\nc.\r\n.\r\n");
    }

    #[test]
    fn the_last_line_is_ended() {
        assert_eq!(carried(&[b"a"]), b"a\r\n.\r\n");
        assert_eq!(carried(&[b"a\r"]), b"a\r\n.\r\n");
        assert_eq!(carried(&[]), b".\r\n");
    }

    #[test]
    fn no_message_can_smuggle_another() {
        for evil in
            ["a\n.\nMAIL FROM:<x>", "a\r.\rMAIL", "a\r\n.\nMAIL", "a\n.\r\nMAIL", "a\r.\r\nMAIL", "\r\r\n.\r\nMAIL"]
        {
            let wire = String::from_utf8(carried(&[evil.as_bytes()])).unwrap();
            assert!(wire.find("\r\n.\r\n").unwrap() + 5 == wire.len(), "{evil:?}: {wire:?}");
            assert!(!wire.replace("\r\n", "").contains(['\r', '\n']), "{evil:?}: {wire:?}");
        }
    }

    proptest! {
        #[test]
        fn the_server_gets_what_was_written(message in "([a.]|a{90}\r\n|\r\n|\n|\r){0,40}", cut in 0usize..1000) {
            let cut = cut.min(message.len());
            let wire = carried(&[&message.as_bytes()[..cut], &message.as_bytes()[cut..]]);
            let mut whole = message.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
            if !whole.is_empty() && !whole.ends_with("\r\n") {
                whole.push_str("\r\n");
            }
            prop_assert_eq!(String::from_utf8(received(&wire)).unwrap(), whole);
        }
    }
}
