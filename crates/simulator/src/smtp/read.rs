//! Reading lines and messages, bounded.

use std::io;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// The longest line of a message, with its line end (RFC 5321, 4.5.3.1.6).
const LONGEST_TEXT_LINE: usize = 1000;

/// How much of a line is held in memory; the rest is read and forgotten.
const LONGEST_HELD: usize = 16 * 1024;

/// A line as read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is complete, with its line end.
    Whole,
    /// It was longer than what is held.
    Cut,
    /// The client is gone.
    End,
}

/// Reads up to and with the next line feed into `line`.
pub(crate) async fn read_line(input: &mut (impl AsyncBufRead + Unpin), line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let mut kind = Line::Whole;
    loop {
        let buffer = input.fill_buf().await?;
        if buffer.is_empty() {
            return Ok(Line::End);
        }
        let feed = buffer.iter().position(|&byte| byte == b'\n');
        let part = &buffer[..feed.map_or(buffer.len(), |at| at + 1)];
        let room = LONGEST_HELD - line.len();
        if part.len() > room {
            kind = Line::Cut;
        }
        line.extend_from_slice(&part[..part.len().min(room)]);
        let taken = part.len();
        input.consume(taken);
        if feed.is_some() {
            return Ok(kind);
        }
    }
}

/// A message as read up to its final dot, and what is wrong with its lines.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) bytes: Vec<u8>,
    pub(crate) too_large: bool,
    pub(crate) has_bare_feed: bool,
    pub(crate) has_long_line: bool,
}

/// Reads a message; `None` when the client is gone before the final dot.
pub(crate) async fn read_text(input: &mut (impl AsyncBufRead + Unpin), largest: usize) -> io::Result<Option<Text>> {
    let mut text = Text::default();
    let mut line = Vec::new();
    // A dot after a bare line feed is text: taking it for the end is how mail is smuggled.
    let mut after_line_end = true;
    loop {
        match read_line(input, &mut line).await? {
            Line::End => return Ok(None),
            Line::Cut => {
                text.has_long_line = true;
                after_line_end = true;
                continue;
            }
            Line::Whole => {}
        }
        if after_line_end && line == b".\r\n" {
            return Ok(Some(text));
        }
        let unstuffed = match line.strip_prefix(b".") {
            Some(rest) if after_line_end => rest,
            _ => &line,
        };
        text.has_long_line |= unstuffed.len() > LONGEST_TEXT_LINE;
        after_line_end = line.ends_with(b"\r\n");
        text.has_bare_feed |= !after_line_end;
        if text.bytes.len() + unstuffed.len() > largest {
            text.too_large = true;
        } else {
            text.bytes.extend_from_slice(unstuffed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn text(mut input: &[u8]) -> Option<Text> {
        read_text(&mut input, 20_000).await.unwrap()
    }

    #[tokio::test]
    async fn a_message_ends_with_a_dot_on_its_own_line() {
        let read = text(b"a\r\n..b\r\n\r\n.\r\nrest").await.unwrap();
        assert_eq!(read.bytes, b"a\r\n.b\r\n\r\n");
        assert_eq!(text(b".\r\n").await, Some(Text::default()));
        assert_eq!(text(b"a\r\n.").await, None);
    }

    #[tokio::test]
    async fn a_dot_between_bare_line_feeds_is_no_end() {
        let read = text(b"a\n.\r\nb\r\n.\r\n").await.unwrap();
        assert_eq!(read.bytes, b"a\n.\r\nb\r\n");
        assert!(read.has_bare_feed);
    }

    #[tokio::test]
    async fn long_lines_and_large_messages_are_noticed() {
        let line = |length: usize| [vec![b'x'; length], b"\r\n.\r\n".to_vec()].concat();
        assert!(!text(&line(998)).await.unwrap().has_long_line);
        assert!(text(&line(999)).await.unwrap().has_long_line);
        assert!(text(&line(100_000)).await.unwrap().has_long_line);
        let many = [b"12345678\r\n".repeat(2_001), b".\r\n".to_vec()].concat();
        assert!(text(&many).await.unwrap().too_large);
    }

    proptest! {
        #[test]
        fn what_was_dot_stuffed_arrives_as_it_was(lines in proptest::collection::vec("[.a-z ]{0,20}", 0..20)) {
            let mut message = String::new();
            let mut stuffed = String::new();
            for line in &lines {
                let dot = if line.starts_with('.') { "." } else { "" };
                message += &[line, "\r\n"].concat();
                stuffed += &[dot, line, "\r\n"].concat();
            }
            let wire = format!("{stuffed}.\r\n");
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let read = runtime.block_on(text(wire.as_bytes())).unwrap();
            prop_assert_eq!(read.bytes, message.into_bytes());
        }
    }
}
