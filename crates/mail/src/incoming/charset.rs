//! Text in another charset than its part declares: programs that write reports often say "ASCII" of whatever they quote.

use std::borrow::Cow;

use mail_parser::{
    Encoding, Message, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, charsets::map::charset_decoder, quoted_printable::quoted_printable_decode},
};

/// What begins a word of Japanese in ISO-2022-JP, which has no other bytes than ASCII.
const JAPANESE: [&[u8]; 2] = [b"\x1b$B", b"\x1b$@"];

/// Charsets that are declared of everything, lower case, and the name of none.
const DECLARED_OF_ALL: &[&str] = &["", "us-ascii", "ascii", "utf-8", "utf8", "iso-8859-1", "windows-1252", "latin1"];

/// The text of `part`, as its bytes say rather than its header, if the header says what is said of everything.
pub(super) fn text<'a>(part: &'a MessagePart<'_>, message: &'a Message<'_>) -> Option<Cow<'a, str>> {
    let (PartType::Text(read) | PartType::Html(read)) = &part.body else { return None };
    let declared =
        part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or_default().to_ascii_lowercase();
    let is_plain = read.bytes().all(|byte| byte.is_ascii() && byte != b'\x1b');
    if is_plain || !DECLARED_OF_ALL.contains(&declared.as_str()) {
        return Some(Cow::Borrowed(read));
    }
    Some(bytes(part, message).and_then(|bytes| decoded(&bytes)).map_or(Cow::Borrowed(read.as_ref()), Cow::Owned))
}

/// The bytes of `part`, without the encoding for their way.
fn bytes<'a>(part: &MessagePart<'_>, message: &'a Message<'_>) -> Option<Cow<'a, [u8]>> {
    let raw = message.raw_message.get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        Encoding::None => Some(Cow::Borrowed(raw)),
        Encoding::Base64 => base64_decode(raw).map(Cow::Owned),
        Encoding::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
    }
}

/// What the bytes can only mean, if they show it.
fn decoded(bytes: &[u8]) -> Option<String> {
    if JAPANESE.iter().any(|mark| bytes.windows(mark.len()).any(|part| part == *mark)) {
        return charset_decoder(b"iso-2022-jp").map(|decode| decode(bytes));
    }
    // What is UTF-8 by chance is nothing else in practice; what is not, and is said to be, is mostly of the West.
    str::from_utf8(bytes)
        .map(str::to_owned)
        .ok()
        .or_else(|| charset_decoder(b"windows-1252").map(|decode| decode(bytes)))
}
