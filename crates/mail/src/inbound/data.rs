//! The content of a message. Only `CRLF . CRLF` ends it: a line feed or a carriage return alone is content, however a dot
//! stands beside it, so that nobody smuggles a second message through a server that sees it otherwise.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::BLOCK;

/// What came, as far as it was kept.
#[derive(Debug)]
pub(super) enum Content {
    /// All of it, and the memory it was given.
    Whole(Vec<u8>, Option<OwnedSemaphorePermit>),
    /// More than a message may have.
    TooLarge,
    /// There is no memory for it now.
    NoRoom,
}

/// Collects the content; what is too much is read and forgotten.
pub(super) struct Collector {
    place: Place,
    kept: Vec<u8>,
    most: usize,
    memory: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    /// Bytes that the permit stands for.
    room: usize,
    trouble: Option<Trouble>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    TooLarge,
    NoRoom,
}

/// Where the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    /// After a dot at the start of a line.
    Dot,
    /// After a dot at the start of a line and a carriage return.
    DotReturn,
    Text,
    /// After a carriage return.
    Return,
}

impl Collector {
    /// A collector that keeps up to `most` bytes, `first` among them, as far as `memory` has blocks.
    pub(super) fn new(first: Vec<u8>, most: usize, memory: Arc<Semaphore>) -> Self {
        Self { place: Place::LineStart, kept: first, most, memory, permit: None, room: 0, trouble: None }
    }

    /// Takes what is read up to the end of the content: how many bytes were taken, and whether that is the end.
    pub(super) fn take(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.step(byte) {
                return (at + 1, true);
            }
        }
        (bytes.len(), false)
    }

    pub(super) fn finish(self) -> Content {
        match self.trouble {
            None => Content::Whole(self.kept, self.permit),
            Some(Trouble::TooLarge) => Content::TooLarge,
            Some(Trouble::NoRoom) => Content::NoRoom,
        }
    }

    /// Whether the content has ended.
    fn step(&mut self, byte: u8) -> bool {
        self.place = match (self.place, byte) {
            (Place::DotReturn, b'\n') => return true,
            (Place::LineStart, b'.') => Place::Dot,
            (Place::Dot, b'\r') => Place::DotReturn,
            (Place::DotReturn, _) => {
                // The dot was stuffing, the return is content.
                self.keep(b'\r');
                self.keep_text(byte)
            }
            (Place::Return, b'\n') => {
                self.keep(byte);
                Place::LineStart
            }
            _ => self.keep_text(byte),
        };
        false
    }

    fn keep_text(&mut self, byte: u8) -> Place {
        self.keep(byte);
        if byte == b'\r' { Place::Return } else { Place::Text }
    }

    fn keep(&mut self, byte: u8) {
        if self.trouble.is_some() {
            return;
        }
        if self.kept.len() >= self.most {
            return self.give_up(Trouble::TooLarge);
        }
        if self.kept.len() >= self.room && !self.make_room() {
            return self.give_up(Trouble::NoRoom);
        }
        self.kept.push(byte);
    }

    fn make_room(&mut self) -> bool {
        let Ok(permit) = Arc::clone(&self.memory).try_acquire_owned() else { return false };
        match &mut self.permit {
            Some(held) => held.merge(permit),
            None => self.permit = Some(permit),
        }
        self.room += BLOCK;
        self.kept.reserve_exact(self.room.saturating_sub(self.kept.len()));
        true
    }

    fn give_up(&mut self, trouble: Trouble) {
        self.trouble = Some(trouble);
        self.kept = Vec::new();
        self.permit = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collector(most: usize, blocks: usize) -> Collector {
        Collector::new(Vec::new(), most, Arc::new(Semaphore::new(blocks)))
    }

    /// The content of `bytes`, and what is left after its end.
    fn read(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
        let mut collector = collector(1000, 10);
        let (taken, ended) = collector.take(bytes);
        match collector.finish() {
            Content::Whole(kept, _) if ended => Some((kept, &bytes[taken..])),
            _ => None,
        }
    }

    #[test]
    fn stuffed_dots_are_taken_out_and_what_follows_the_end_stays() {
        let (kept, rest) = read(b"a\r\n..b\r\n.c\r\n.\r\nQUIT\r\n").unwrap();
        assert_eq!((kept.as_slice(), rest), (&b"a\r\n.b\r\nc\r\n"[..], &b"QUIT\r\n"[..]));
        assert_eq!(read(b".\r\n").unwrap().0, b"");
    }

    #[test]
    fn nothing_but_a_dot_between_two_line_ends_ends_the_content() {
        for smuggled in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\n\n.\r\n", "\r\n\u{0}.\r\n"] {
            let bytes = format!("a{smuggled}MAIL FROM:<evil@x.example>\r\n");
            assert_eq!(read(bytes.as_bytes()), None, "{smuggled:?}");
            let whole = format!("{bytes}.\r\n");
            let (kept, rest) = read(whole.as_bytes()).unwrap();
            assert!(kept.ends_with(b"MAIL FROM:<evil@x.example>\r\n") && rest.is_empty(), "{smuggled:?}");
        }
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_are_cut() {
        let bytes = b"a\r\n..\r\r\n.\r.\r\n.\r\n";
        let whole = read(bytes).unwrap().0;
        let mut collector = collector(1000, 10);
        let ended = bytes.iter().map(|byte| collector.take(&[*byte]).1).collect::<Vec<_>>();
        assert_eq!(ended.iter().position(|ended| *ended), Some(bytes.len() - 1));
        assert!(matches!(collector.finish(), Content::Whole(kept, _) if kept == whole));
    }

    #[test]
    fn what_is_too_much_is_read_to_its_end_and_not_kept() {
        let mut small = collector(10, 10);
        assert_eq!(small.take(&[b'x'; 5000]), (5000, false));
        assert_eq!(small.kept.capacity(), 0);
        assert!(small.take(b"\r\n.\r\n").1);
        assert!(matches!(small.finish(), Content::TooLarge));
    }

    #[test]
    fn without_memory_nothing_is_kept_and_what_was_held_is_given_back() {
        let memory = Arc::new(Semaphore::new(2));
        let mut greedy = Collector::new(Vec::new(), usize::MAX, Arc::clone(&memory));
        greedy.take(&vec![b'x'; 2 * BLOCK]);
        assert_eq!(memory.available_permits(), 0);
        greedy.take(b"x");
        assert_eq!(memory.available_permits(), 2);
        assert!(matches!(greedy.finish(), Content::NoRoom));
    }
}
