//! One message as it goes over the wire: RFC 5322 headers, MIME parts, nothing that a line break could break.
//!
//! Copies in BCC are envelope recipients and nothing else: there is no field for them here.

use domain::Timestamp;
use mail_builder::{
    MessageBuilder,
    encoders::Base64Encoder,
    headers::{HeaderType, address::Address, content_type::ContentType, message_id::MessageId, raw::Raw, text::Text},
    mime::MimePart,
};

use crate::address::{self, Mailbox};

/// The header by which our messages are known, whatever a provider makes of their Message-ID.
pub const MARK_HEADER: &str = "X-Quarterdeck-Email";

/// Headers that belong to the message itself and cannot be given as extra headers, lower case.
const OWN_HEADERS: &[&str] = &[
    "bcc",
    "cc",
    "date",
    "from",
    "in-reply-to",
    "message-id",
    "mime-version",
    "received",
    "references",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
];

/// Everything a message is made of.
#[derive(Debug, Clone)]
pub struct Outgoing<'a> {
    /// The message's id, without angle brackets.
    pub message_id: &'a str,
    /// When it was written.
    pub date: Timestamp,
    /// The identity it is sent as.
    pub from: &'a Mailbox,
    /// The recipient.
    pub to: &'a Mailbox,
    /// Recipients of open copies.
    pub cc: &'a [Mailbox],
    /// The subject.
    pub subject: &'a str,
    /// The whole HTML page.
    pub html: &'a str,
    /// The same in plain text.
    pub text: &'a str,
    /// The id of the message it answers, without angle brackets.
    pub in_reply_to: Option<&'a str>,
    /// The ids of its conversation, oldest first.
    pub references: &'a [String],
    /// Files that come with it.
    pub attachments: &'a [Attachment<'a>],
    /// Images that the HTML shows by `cid:`.
    pub inline_images: &'a [InlineImage<'a>],
    /// Further headers, such as `X-…` and `List-Unsubscribe`.
    pub headers: &'a [(&'a str, &'a str)],
}

/// A file that comes with a message.
#[derive(Debug, Clone)]
pub struct Attachment<'a> {
    /// Its name, as the recipient will save it.
    pub name: &'a str,
    /// Its media type, such as `application/pdf`.
    pub content_type: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// An image inside a message.
#[derive(Debug, Clone)]
pub struct InlineImage<'a> {
    /// What the HTML calls it: `logo@example.org` for `cid:logo@example.org`.
    pub content_id: &'a str,
    /// The image.
    pub file: Attachment<'a>,
}

/// A part that cannot stand in a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An address that would break the header it stands in.
    #[error("{0:?} is not an address")]
    Address(String),
    /// A message id or content id with spaces, brackets, or without `@`.
    #[error("{0:?} is not a message id")]
    Id(String),
    /// A header that is not ours to set, or is no header name.
    #[error("{0:?} is not a header that can be added")]
    Header(String),
}

impl Outgoing<'_> {
    /// Whether its headers can only be sent to a server that offers `SMTPUTF8`.
    pub fn needs_smtputf8(&self) -> bool {
        [self.from, self.to].into_iter().chain(self.cc).any(|mailbox| address::needs_smtputf8(&mailbox.address))
    }

    /// The message's bytes: lines end in CRLF and are at most 998 bytes long, all of it ASCII unless
    /// [`Self::needs_smtputf8`].
    ///
    /// # Errors
    /// [`Error`] for what would break a header. Line breaks in texts are no error: they become spaces.
    pub fn build(&self) -> Result<Vec<u8>, Error> {
        let mut builder = MessageBuilder::new()
            .header("Date", HeaderType::Date((self.date.0.div_euclid(domain::time::SECOND)).into()))
            .from(mailbox(self.from)?)
            .to(mailbox(self.to)?)
            .subject(one_line(self.subject))
            .message_id(id(self.message_id)?)
            .header("MIME-Version", Raw::new("1.0"));
        if !self.cc.is_empty() {
            builder = builder.cc(Address::new_list(self.cc.iter().map(mailbox).collect::<Result<_, _>>()?));
        }
        // Ids that came with somebody else's message are used as far as they are ids.
        if let Some(parent) = self.in_reply_to.filter(|parent| is_id(parent)) {
            builder = builder.in_reply_to(parent);
        }
        let references: Vec<&str> = self.references.iter().map(String::as_str).filter(|id| is_id(id)).collect();
        if !references.is_empty() {
            builder = builder.references(MessageId::from(references));
        }
        for (name, value) in self.headers {
            builder = builder.header(header_name(name)?, header_value(value));
        }
        // The builder makes room for all of it.
        let mut bytes = Vec::new();
        builder.body(self.body()?).serialize(&mut bytes);
        Ok(bytes)
    }

    /// `mixed(alternative(text, related(html, images)), files)`, without the layers that would hold one part.
    fn body(&self) -> Result<MimePart<'_>, Error> {
        let text = MimePart::new("text/plain", body_text(self.text));
        let mut html = MimePart::new("text/html", body_text(self.html));
        if !self.inline_images.is_empty() {
            let mut parts = vec![html];
            for image in self.inline_images {
                parts.push(file(&image.file, "inline").cid(id(image.content_id)?));
            }
            html = self.multipart("related", parts);
        }
        let mut body = self.multipart("alternative", vec![text, html]);
        if !self.attachments.is_empty() {
            let files = self.attachments.iter().map(|attachment| file(attachment, "attachment"));
            body = self.multipart("mixed", std::iter::once(body).chain(files).collect());
        }
        Ok(body)
    }

    /// The boundary comes from the message id, so that the same message has the same bytes, and holds `=_`, which
    /// neither quoted-printable nor base64 can.
    fn multipart<'b>(&self, kind: &str, parts: Vec<MimePart<'b>>) -> MimePart<'b> {
        let unique: String = self.message_id.chars().filter(char::is_ascii_alphanumeric).take(48).collect();
        let content_type =
            ContentType::new(format!("multipart/{kind}")).attribute("boundary", format!("=_{}_{unique}", &kind[..3]));
        MimePart::new(content_type, parts)
    }
}

fn mailbox(mailbox: &Mailbox) -> Result<Address<'_>, Error> {
    let address = address::with_ascii_domain(&mailbox.address);
    if !address::is_safe(&address) {
        return Err(Error::Address(mailbox.address.clone()));
    }
    let name = one_line(&mailbox.name);
    Ok(Address::new_address((!name.is_empty()).then_some(name), address))
}

/// `text` without control characters and line breaks, without spaces around it.
fn one_line(text: &str) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    line.trim().to_owned()
}

fn id(id: &str) -> Result<&str, Error> {
    is_id(id).then_some(id).ok_or_else(|| Error::Id(id.to_owned()))
}

fn is_id(id: &str) -> bool {
    id.len() <= 250
        && id.contains('@')
        && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
}

fn header_name(name: &str) -> Result<String, Error> {
    let lower = name.to_ascii_lowercase();
    let is_name =
        !name.is_empty() && name.len() <= 70 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_name && !lower.starts_with("content-") && !OWN_HEADERS.contains(&lower.as_str()) {
        Ok(name.to_owned())
    } else {
        Err(Error::Header(name.to_owned()))
    }
}

/// Structured headers (`List-Unsubscribe: <https://…>`) must not be encoded; text in other letters must be.
fn header_value(value: &str) -> HeaderType<'static> {
    let value = one_line(value);
    if value.is_ascii() { Raw::new(value).into() } else { Text::new(value).into() }
}

/// `text` with CRLF at the end of its lines and without other control characters, which mail cannot carry.
fn body_text(text: &str) -> String {
    let mut body = String::with_capacity(text.len() + text.len() / 32);
    let mut rest = text;
    while let Some(at) = next_control(rest.as_bytes()) {
        body.push_str(&rest[..at]);
        let mut chars = rest[at..].chars();
        let control = chars.next();
        rest = chars.as_str();
        match control {
            Some('\r') if rest.starts_with('\n') => {}
            Some('\r' | '\n') => body.push_str("\r\n"),
            Some(letter) if !letter.is_control() => body.push(letter),
            _ => {}
        }
    }
    body.push_str(rest);
    body
}

/// Where a control character other than a tab stands, or a letter that begins with the same byte as some of them. Looks at
/// blocks without a branch inside, which a processor does at once.
fn next_control(text: &[u8]) -> Option<usize> {
    let looks_so = |byte: &u8| *byte < b' ' && *byte != b'\t' || matches!(*byte, 0x7f | 0xc2);
    let block = text.chunks(64).position(|block| block.iter().fold(false, |found, byte| found | looks_so(byte)))?;
    text[block * 64..].iter().position(looks_so).map(|at| block * 64 + at)
}

/// A file in base64, whatever its type: its bytes must arrive as they are.
fn file<'b>(file: &Attachment<'_>, disposition: &'static str) -> MimePart<'b> {
    let name: String = one_line(file.name).chars().map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).collect();
    let mut encoded = Vec::new();
    Base64Encoder::new().wrap_lines().encode_into(file.bytes, &mut encoded);
    MimePart::new(media_type(file.content_type), encoded)
        .header("Content-Disposition", ContentType::new(disposition).attribute("filename", name))
        .transfer_encoding("base64")
}

/// The media type, if it is one that a file can have: containers and messages would be read as part of ours.
fn media_type(content_type: &str) -> String {
    let lower = content_type.trim().to_ascii_lowercase();
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    match lower.split_once('/') {
        Some((kind, subtype))
            if token(kind) && token(subtype) && !matches!(kind, "multipart" | "message") && lower.len() <= 127 =>
        {
            lower
        }
        _ => "application/octet-stream".to_owned(),
    }
}
