//! The one answer whose nesting a general parser would follow to any depth is read here: what was asked of a message.
//!
//! What we ask for is flat (`UID`, `RFC822.SIZE`, `INTERNALDATE`, `BODY[…]`). Everything else a server may put beside it
//! is passed over without being understood, and to no great depth.

use imap_proto::{AttributeValue, Response};

/// How deep a value that nobody asked for may be nested.
const MAX_DEPTH: usize = 8;

/// Why an answer was not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// More of it has to come.
    Incomplete,
    /// It is none.
    Nonsense,
}

type Read<T> = Result<T, Stop>;

/// Whether `bytes` begin with such an answer: `* 12 FETCH `.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"* ") else { return false };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && rest[digits..].get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b" FETCH "))
}

/// The answer that `bytes` begin with, and how many bytes it takes.
pub(super) fn read(bytes: &[u8]) -> Read<(Response<'static>, usize)> {
    let mut reader = Reader { bytes, at: 2 };
    let number = reader.number()?;
    reader.at += b" FETCH ".len();
    let values = reader.values()?;
    reader.expect(b'\r')?;
    reader.expect(b'\n')?;
    Ok((Response::Fetch(u32::try_from(number).map_err(|_| Stop::Nonsense)?, values), reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn values(&mut self) -> Read<Vec<AttributeValue<'static>>> {
        let mut values = Vec::new();
        self.expect(b'(')?;
        loop {
            match self.peek()? {
                b')' => break,
                b' ' => self.at += 1,
                _ => values.extend(self.value()?),
            }
        }
        self.at += 1;
        Ok(values)
    }

    /// A name and what it has; `None` for what nobody asked for.
    fn value(&mut self) -> Read<Option<AttributeValue<'static>>> {
        let name = self.until(|byte| matches!(byte, b' ' | b'[' | b'(' | b')'))?.to_ascii_uppercase();
        if name == b"BODY" && self.peek()? == b'[' {
            return self.section().map(Some);
        }
        self.expect(b' ')?;
        Ok(match name.as_slice() {
            b"UID" => Some(AttributeValue::Uid(u32::try_from(self.number()?).map_err(|_| Stop::Nonsense)?)),
            // Larger than any message that is fetched whole: the exact figure does not matter.
            b"RFC822.SIZE" => Some(AttributeValue::Rfc822Size(u32::try_from(self.number()?).unwrap_or(u32::MAX))),
            b"INTERNALDATE" => {
                let date = self.string()?.unwrap_or_default();
                Some(AttributeValue::InternalDate(String::from_utf8_lossy(date).into_owned().into()))
            }
            _ => {
                self.pass_over()?;
                None
            }
        })
    }

    /// `[section]`, perhaps `<offset>`, and the bytes.
    fn section(&mut self) -> Read<AttributeValue<'static>> {
        self.until(|byte| byte == b']')?;
        self.at += 1;
        if self.peek()? == b'<' {
            self.at += 1;
            self.number()?;
            self.expect(b'>')?;
        }
        self.expect(b' ')?;
        let data = self.string()?.map(|bytes| bytes.to_vec().into());
        Ok(AttributeValue::BodySection { section: None, index: None, data })
    }

    /// A literal, a quoted string, or `NIL`. The escapes of a quoted string stay.
    fn string(&mut self) -> Read<Option<&'a [u8]>> {
        match self.peek()? {
            b'{' => self.literal().map(Some),
            b'"' => self.quoted().map(Some),
            _ => match self.until(|byte| matches!(byte, b' ' | b')'))? {
                nil if nil.eq_ignore_ascii_case(b"NIL") => Ok(None),
                _ => Err(Stop::Nonsense),
            },
        }
    }

    fn literal(&mut self) -> Read<&'a [u8]> {
        self.expect(b'{')?;
        let length = usize::try_from(self.number()?).map_err(|_| Stop::Nonsense)?;
        for byte in *b"}\r\n" {
            self.expect(byte)?;
        }
        let end = self.at.checked_add(length).ok_or(Stop::Nonsense)?;
        let content = self.bytes.get(self.at..end).ok_or(Stop::Incomplete)?;
        self.at = end;
        Ok(content)
    }

    fn quoted(&mut self) -> Read<&'a [u8]> {
        self.expect(b'"')?;
        let begins = self.at;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                b'\r' | b'\n' => return Err(Stop::Nonsense),
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Ok(&self.bytes[begins..self.at - 1])
    }

    /// Passes over one value of any kind.
    fn pass_over(&mut self) -> Read<()> {
        let mut depth = 0;
        loop {
            match self.peek()? {
                b'(' => {
                    depth += 1;
                    self.at += 1;
                }
                b')' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b' ' if depth > 0 => self.at += 1,
                b'"' => drop(self.quoted()?),
                b'{' => drop(self.literal()?),
                _ => drop(self.until(|byte| matches!(byte, b' ' | b'(' | b')'))?),
            }
            if depth > MAX_DEPTH {
                return Err(Stop::Nonsense);
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn number(&mut self) -> Read<u64> {
        let digits = self.until(|byte| !byte.is_ascii_digit())?;
        let digits = std::str::from_utf8(digits).map_err(|_| Stop::Nonsense)?;
        digits.parse().map_err(|_| Stop::Nonsense)
    }

    /// What stands before the next byte that `ends` it, within the line; never nothing.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Read<&'a [u8]> {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let length =
            rest.iter().position(|byte| ends(*byte) || matches!(byte, b'\r' | b'\n')).ok_or(Stop::Incomplete)?;
        if length == 0 {
            return Err(Stop::Nonsense);
        }
        self.at += length;
        Ok(&rest[..length])
    }

    fn peek(&self) -> Read<u8> {
        self.bytes.get(self.at).copied().ok_or(Stop::Incomplete)
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.peek()? != byte {
            return Err(Stop::Nonsense);
        }
        self.at += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(text: &str) -> Vec<AttributeValue<'static>> {
        match read(text.as_bytes()) {
            Ok((Response::Fetch(_, values), length)) if length == text.len() => values,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_asked_of_a_message_is_read_in_any_order_and_spelling() {
        let expected = [
            AttributeValue::Uid(7),
            AttributeValue::Rfc822Size(12),
            AttributeValue::InternalDate("17-Jul-1996 02:44:25 -0700".into()),
            AttributeValue::BodySection { section: None, index: None, data: Some(b"a)b\r\n"[..].into()) },
        ];
        let date = "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\"";
        assert_eq!(
            values(&format!("* 1 FETCH (UID 7 RFC822.SIZE 12 {date} BODY[]<0> {{5}}\r\na)b\r\n)\r\n")),
            expected
        );
        let lower = date.to_lowercase().replace("jul", "Jul");
        assert_eq!(values(&format!("* 1 fetch (uid 7 rfc822.size 12 {lower} body[] {{5}}\r\na)b\r\n)\r\n")), expected);
    }

    #[test]
    fn what_nobody_asked_for_is_passed_over() {
        let beside = [
            "FLAGS (\\Seen \"x)y\")",
            "MODSEQ (12345)",
            "X-GM-LABELS (\"\\\\Inbox\" {3}\r\n(((  )",
            "ENVELOPE (NIL ((NIL NIL \"a\" \"b\")) NIL)",
            "EMAILID (M6d99ac3275bb4e)",
            "SAVEDATE NIL",
        ];
        for beside in beside {
            assert_eq!(values(&format!("* 3 FETCH ({beside} UID 9)\r\n")), [AttributeValue::Uid(9)], "{beside}");
        }
        assert_eq!(
            values("* 3 FETCH (BODY[HEADER.FIELDS (X)] NIL)\r\n"),
            [AttributeValue::BodySection { section: None, index: None, data: None }]
        );
    }

    #[test]
    fn an_answer_is_waited_for_until_its_end_and_no_longer() {
        let whole = b"* 1 FETCH (UID 7 FLAGS (\\Seen) BODY[] {5}\r\nhello)\r\n";
        for end in 10..whole.len() {
            assert_eq!(read(&whole[..end]).err(), Some(Stop::Incomplete), "{end}");
        }
        assert!(read(whole).is_ok());
        for nonsense in [
            "* 1 FETCH UID 7\r\n",
            "* 1 FETCH (UID 99999999999)\r\n",
            "* 1 FETCH (BODY[] {5000000000000000000000}\r\n",
            "* 1 FETCH (BODY[] \"a\r\nb\")\r\n",
            "* 1 FETCH (INTERNALDATE soon)\r\n",
            "* 1 FETCH (UID 7) \r\n",
        ] {
            assert_eq!(read(nonsense.as_bytes()).err(), Some(Stop::Nonsense), "{nonsense}");
        }
    }

    #[test]
    fn nesting_without_end_is_refused_and_not_followed() {
        let bomb = [b"* 1 FETCH (BODYSTRUCTURE ".as_slice(), &b"(".repeat(500_000)].concat();
        assert_eq!(read(&bomb).err(), Some(Stop::Nonsense));
    }

    #[test]
    fn other_answers_are_left_to_others() {
        for other in ["* 12 EXISTS\r\n", "* FETCH (UID 1)\r\n", "q1 OK FETCH done\r\n", "* 1 FETC", ""] {
            assert!(!begins(other.as_bytes()), "{other}");
        }
        assert!(begins(b"* 1 fetch ("));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(rest in prop::collection::vec(prop_oneof![
            4 => prop::sample::select(b"()[]{}<>\" \\\r\n0179UIDBODYNIL".to_vec()), 1 => any::<u8>()
        ], 0..80)) {
            let bytes = [b"* 1 FETCH (".as_slice(), &rest].concat();
            if let Ok((_, length)) = read(&bytes) {
                prop_assert!(length <= bytes.len());
            }
        }
    }
}
