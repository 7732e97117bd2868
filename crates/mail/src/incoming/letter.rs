//! The bytes of a message as the rest of this room wants them: headers, the text that people read, and the reports that
//! machines read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::{Timestamp, time::SECOND};
use jiff::civil::Date;
use mail_parser::{ContentType, DateTime, HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{addresses, charset, fields::Fields, gateway, mime};

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

/// How a report about delivery begins (RFC 3464 §2.2.2), lower case.
const STATUS: &[u8] = b"reporting-mta:";
/// Marks before the first word of a subject.
const DECORATION: [char; 5] = ['*', '[', '(', '"', ' '];
/// Between what tags stand.
const TAGS: [(char, char); 4] = [('[', ']'), ('{', '}'), ('(', ')'), ('【', '】')];
/// How many tags a subject has.
const MOST_TAGS: usize = 4;

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
    /// The subject in lower case: as it stands there, and without the tags, one after the other, that gateways and ticket
    /// systems put before it: `[External] Undeliverable: …`.
    pub(super) titles: Vec<String>,
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
        let mended = mime::mended(raw);
        let raw = mended.as_deref().unwrap_or(raw);
        catch_unwind(AssertUnwindSafe(|| {
            parser().parse(raw).map(|message| Self::of(&message)).ok_or(Unreadable::NoHeader)
        }))
        .unwrap_or(Err(Unreadable::Broken))
    }

    fn of(message: &Message<'_>) -> Self {
        let fields = header(message);
        // Read apart from the rest: within a header, the parser takes what follows `UT` for a part of the date.
        let date = fields.get("date").and_then(DateTime::parse_rfc822);
        let subject = message.subject().unwrap_or_default().trim();
        let mut letter = Self {
            subject: subject.to_owned(),
            titles: titles(subject),
            date: date.as_ref().and_then(day),
            written_at: date.map(|date| Timestamp(date.to_timestamp().saturating_mul(SECOND))),
            fields,
            ..Self::default()
        };
        if let Some(from) = message.from().and_then(|from| from.first()) {
            letter.from = from.address().filter(|from| *from != "@").unwrap_or_default().to_lowercase();
            letter.from_name.push_str(from.name().unwrap_or_default());
        }
        letter.to = letter.fields.all("to").flat_map(addresses::in_text).map(str::to_lowercase).collect();
        let mut others = Others::default();
        for part in &message.parts {
            letter.take(part, message, &mut others);
        }
        if letter.text.trim().is_empty() {
            letter.text = match others {
                Others { html, .. } if !html.is_empty() => crate::html::to_text(&html),
                Others { attached, .. } => attached,
            };
        }
        letter.text = tidy(&letter.text);
        letter
    }

    /// The one of `known` with which the subject begins, behind its tags and marks.
    pub(super) fn title_among(&self, known: &[&'static str]) -> Option<&'static str> {
        let begins = |known: &str| {
            self.titles
                .iter()
                .any(|title| title.starts_with(known) || title.trim_start_matches(DECORATION).starts_with(known))
        };
        known.iter().find(|known| begins(known)).copied()
    }

    fn take(&mut self, part: &MessagePart<'_>, message: &Message<'_>, others: &mut Others) {
        let text = charset::text(part, message);
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
            (body, _) if is_status(body) => self.delivery_status.push(content(body)),
            (PartType::Html(_), _) => append(&mut others.html, &text.unwrap_or_default(), MOST_HTML),
            (PartType::Text(_), _) if is_attached(part) => {
                append(&mut others.attached, &text.unwrap_or_default(), MOST_TEXT);
            }
            (PartType::Text(_), _) if self.original.is_none() || self.text.is_empty() => {
                append(&mut self.text, &text.unwrap_or_default(), MOST_TEXT);
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
        let kind = header(inner).get("content-type").unwrap_or_default().to_ascii_lowercase();
        let from = inner.from().and_then(|from| from.first()).and_then(|from| from.address()).unwrap_or_default();
        // It may have put a tag before the subject.
        let subject = inner.subject().unwrap_or_default().trim();
        kind.starts_with("multipart/report")
            && from.eq_ignore_ascii_case(&self.from)
            && !subject.is_empty()
            && self.subject.ends_with(subject)
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

/// `subject` in lower case, with and without its tags.
fn titles(subject: &str) -> Vec<String> {
    let mut titles = vec![subject.replace('’', "'").to_lowercase()];
    let untagged = |title: &String| {
        let behind = |(start, end)| Some(title.strip_prefix(start)?.split_once(end)?.1.trim_start().to_owned());
        TAGS.into_iter().find_map(behind)
    };
    while let Some(title) = titles.last().and_then(untagged).filter(|_| titles.len() <= MOST_TAGS) {
        titles.push(title);
    }
    titles
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

/// Whether a part is a report about delivery (RFC 3464), though a gateway has given it another type: it begins as such.
fn is_status(body: &PartType<'_>) -> bool {
    let bytes = match body {
        PartType::Text(text) => text.as_bytes(),
        PartType::Binary(bytes) => bytes,
        _ => return false,
    };
    let bytes = bytes.trim_ascii_start();
    bytes.get(..STATUS.len()).is_some_and(|start| start.eq_ignore_ascii_case(STATUS))
}

fn content(body: &PartType<'_>) -> String {
    match body {
        PartType::Text(text) | PartType::Html(text) => text.replace('\r', ""),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).replace('\r', ""),
        PartType::Message(_) | PartType::Multipart(_) => String::new(),
    }
}

/// The text without what only its way has put into it: a warning above, a margin, and spaces that are no space.
fn tidy(text: &str) -> String {
    let text = text.replace('\u{a0}', " ");
    let text = gateway::without_warning(&text);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let margin = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let mut tidy = String::with_capacity(text.len());
    for line in text.lines() {
        tidy.push_str(if line.trim().is_empty() { "" } else { &line[margin..] });
        tidy.push('\n');
    }
    tidy
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
