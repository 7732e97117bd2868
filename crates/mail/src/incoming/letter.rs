//! The bytes of a message as the rest of this room wants them: headers, the text that people read, and the reports that
//! machines read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::{Timestamp, time::SECOND};
use jiff::civil::Date;
use mail_parser::{ContentType, DateTime, HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{addresses, fields::Fields};

/// How much of a message is read. Reports stand at its beginning; what follows is the mail that came back.
const MOST_BYTES: usize = 1024 * 1024;
/// How much readable text is looked at.
const MOST_TEXT: usize = 128 * 1024;
/// How much HTML is turned into text, where there is no text: that is slow, and what was newly written stands first.
const MOST_HTML: usize = 32 * 1024;
/// How many messages may lie within each other: the parser's result is as deep as the message, and is freed recursively.
const MOST_NESTED: usize = 24;
/// What begins a message within a message.
const NESTING: [&[u8]; 3] = [b"message/rfc822", b"message/global", b"multipart/digest"];

/// Why a message could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    /// There is no header.
    #[error("the message has no header")]
    NoHeader,
    /// The parser gave up in a way that it should not.
    #[error("the message could not be taken apart")]
    Broken,
}

/// A message, taken apart.
#[derive(Debug, Default)]
pub(super) struct Letter {
    /// Its headers.
    pub(super) fields: Fields,
    /// The subject, decoded.
    pub(super) subject: String,
    /// The address in `From`, lower case; empty when there is none.
    pub(super) from: String,
    /// The name in `From`.
    pub(super) from_name: String,
    /// The addresses in `To`, lower case.
    pub(super) to: Vec<String>,
    /// The day of the `Date` header, as its author's clock had it.
    pub(super) date: Option<Date>,
    /// The text that people read, in `\n` lines.
    pub(super) text: String,
    /// The contents of its `message/delivery-status` parts (RFC 3464) and their international form (RFC 6533).
    pub(super) delivery_status: Vec<String>,
    /// The content of its `message/feedback-report` part (RFC 5965).
    pub(super) feedback: Option<String>,
    /// The content of its `message/disposition-notification` part (RFC 8098).
    pub(super) disposition: Option<String>,
    /// When it was written, by its author's clock.
    pub(super) written_at: Option<Timestamp>,
    /// The headers of the mail that came back with it.
    pub(super) original: Option<Fields>,
    /// The headers of mail that lies within that.
    pub(super) deeper: Vec<Fields>,
    /// The report that a gateway wrapped, to write below it, into a letter of the same sender and subject.
    pub(super) wrapped: Option<Box<Letter>>,
}

impl Letter {
    /// Takes `raw` apart.
    ///
    /// This is the one place where a foreign parser meets hostile bytes. It is known to panic on crafted mail, so a panic
    /// ends here.
    pub(super) fn read(raw: &[u8]) -> Result<Self, Unreadable> {
        let raw = bounded(raw);
        catch_unwind(AssertUnwindSafe(|| {
            parser().parse(raw).map(|message| Self::of(&message)).ok_or(Unreadable::NoHeader)
        }))
        .unwrap_or(Err(Unreadable::Broken))
    }

    fn of(message: &Message<'_>) -> Self {
        let fields = header(message);
        // Read apart from the rest: within a header, the parser takes what follows `UT` for a part of the date.
        let date = fields.get("date").and_then(DateTime::parse_rfc822);
        let mut letter = Self {
            subject: message.subject().unwrap_or_default().trim().to_owned(),
            date: date.as_ref().and_then(day),
            written_at: date.map(|date| Timestamp(date.to_timestamp().saturating_mul(SECOND))),
            fields,
            ..Self::default()
        };
        if let Some(from) = message.from().and_then(|from| from.first()) {
            letter.from = from.address().unwrap_or_default().to_lowercase();
            letter.from_name.push_str(from.name().unwrap_or_default());
        }
        letter.to = letter.fields.all("to").flat_map(addresses::in_text).map(str::to_lowercase).collect();
        let mut others = Others::default();
        for part in &message.parts {
            letter.take(part, &mut others);
        }
        if letter.text.trim().is_empty() {
            letter.text = match others {
                Others { html, .. } if !html.is_empty() => crate::html::to_text(&html),
                Others { attached, .. } => attached,
            };
        }
        letter
    }

    fn take(&mut self, part: &MessagePart<'_>, others: &mut Others) {
        match (&part.body, content_type(part).as_str()) {
            (PartType::Message(inner), _) => {
                self.original.get_or_insert_with(|| header(inner));
                look_deeper(inner, &mut self.deeper);
                if self.wrapped.is_none() && self.wraps(inner) {
                    self.wrapped = Some(Box::new(Self::of(inner)));
                }
            }
            (body, "message/delivery-status" | "message/global-delivery-status") => {
                self.delivery_status.push(content(body));
            }
            (body, "message/feedback-report") => self.feedback = Some(content(body)),
            (body, "message/disposition-notification" | "message/global-disposition-notification") => {
                self.disposition = Some(content(body));
            }
            (body, kind) if is_header_alone(kind) => {
                self.original.get_or_insert_with(|| Fields::parse(&content(body)));
            }
            (PartType::Html(text), _) => append(&mut others.html, text, MOST_HTML),
            (PartType::Text(text), _) if is_attached(part) => append(&mut others.attached, text, MOST_TEXT),
            (PartType::Text(text), _) if self.original.is_none() || self.text.is_empty() => {
                append(&mut self.text, text, MOST_TEXT);
            }
            // A multipart without a boundary that can be read: its text stands between lines of MIME.
            (PartType::Binary(bytes), kind) if kind.starts_with("multipart/") && self.original.is_none() => {
                append(&mut self.text, &String::from_utf8_lossy(bytes), MOST_TEXT);
            }
            _ => {}
        }
    }

    /// Whether the letter is a wrapping around the report `inner`.
    fn wraps(&self, inner: &Message<'_>) -> bool {
        let within = header(inner);
        let same = |name| within.get(name).is_some_and(|value| self.fields.get(name) == Some(value));
        let kind = within.get("content-type").unwrap_or_default().to_ascii_lowercase();
        kind.starts_with("multipart/report") && same("from") && same("subject")
    }
}

/// What is read where a message has no text.
#[derive(Default)]
struct Others {
    /// Its HTML.
    html: String,
    /// The text of its attachments, which nobody wrote into the message.
    attached: String,
}

fn is_attached(part: &MessagePart<'_>) -> bool {
    part.content_disposition().is_some_and(ContentType::is_attachment)
}

/// Takes the headers of the mail that lies within `message`: a report that was passed on has ours there.
fn look_deeper(message: &Message<'_>, found: &mut Vec<Fields>) {
    for part in &message.parts {
        if found.len() >= MOST_NESTED {
            return;
        }
        match (&part.body, content_type(part).as_str()) {
            (PartType::Message(inner), _) => {
                found.push(header(inner));
                look_deeper(inner, found);
            }
            (body, kind) if is_header_alone(kind) => found.push(Fields::parse(&content(body))),
            _ => {}
        }
    }
}

fn parser() -> MessageParser {
    MessageParser::new()
        .with_mime_headers()
        .header_text(HeaderName::Subject)
        .header_address(HeaderName::From)
        .default_header_ignore()
}

/// The beginning of `raw`, without the separator line of a mailbox file, and without more nesting than we can free.
pub(super) fn bounded(raw: &[u8]) -> &[u8] {
    let mut raw = &raw[..raw.len().min(MOST_BYTES)];
    while let Some(line) = raw.split(|&byte| byte == b'\n').next()
        && (line.starts_with(b"From ") || line.starts_with(b">From "))
    {
        raw = &raw[(line.len() + 1).min(raw.len())..];
    }
    let lower = raw.to_ascii_lowercase();
    let mut begins =
        (0..lower.len()).filter(|&at| lower[at] == b'm' && NESTING.iter().any(|name| lower[at..].starts_with(name)));
    begins.nth(MOST_NESTED).map_or(raw, |end| &raw[..end])
}

fn header(message: &Message<'_>) -> Fields {
    let Some(root) = message.parts.first() else {
        return Fields::default();
    };
    let bytes = message.raw_message.get(root.offset_header as usize..root.offset_body as usize).unwrap_or_default();
    Fields::parse(&String::from_utf8_lossy(bytes))
}

fn content_type(part: &MessagePart<'_>) -> String {
    let Some(content_type) = part.content_type() else {
        return String::new();
    };
    format!("{}/{}", content_type.ctype(), content_type.subtype().unwrap_or_default()).to_ascii_lowercase()
}

/// Whether a part holds the header of a message and nothing else (RFC 6522 §4, RFC 6533 §5).
fn is_header_alone(content_type: &str) -> bool {
    matches!(content_type, "text/rfc822-headers" | "text/rfc822-header" | "text/rfc822" | "message/global-headers")
}

fn content(body: &PartType<'_>) -> String {
    match body {
        PartType::Text(text) | PartType::Html(text) => text.replace('\r', ""),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).replace('\r', ""),
        PartType::Message(_) | PartType::Multipart(_) => String::new(),
    }
}

/// Adds a part below what is there, as far as there is room.
fn append(text: &mut String, part: &str, most: usize) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let room = most.saturating_sub(text.len());
    text.extend(part[..part.floor_char_boundary(room)].chars().filter(|&c| c != '\r'));
}

fn day(date: &DateTime) -> Option<Date> {
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}
