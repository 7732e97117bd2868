//! Understanding what comes back: bounces, complaints, automatic replies, unsubscribe requests, and what people write.
//!
//! | room | what happens there |
//! |---|---|
//! | [`letter`] | the bytes become headers, readable text and machine-readable reports, with a bound on the work |
//! | [`mime`], [`charset`], [`gateway`] | what its way has done to a message is undone |
//! | [`sender`] | whether a mail system wrote, or a person: words alone make no bounce |
//! | [`dsn`], [`arf`] | the reports that standards describe (RFC 3464, 6533, 5965) |
//! | [`notification`] | the reports that a provider sends as JSON |
//! | [`prose`] | bounces that a mail system describes in words of its own, one file a family |
//! | [`reason`] | what a server's sentence says, in many languages |
//! | [`passed_on`] | what a provider says of a refusal, judged by the same rules |
//! | [`verdict`] | whether an address is gone, a server is in the way, or time will help |
//! | [`traces`] | by what a message is matched to one of ours |
//! | [`bodies`] | what people read of it, cleaned |
//! | [`auto`], [`unsubscribe`], [`reply`] | what people, and programs in their name, send back |
//!
//! Standards come first, prose second, and a letter is a person's unless its sender shows to be a machine. Nothing here
//! panics or takes the process down, whatever arrives.

mod addresses;
mod arf;
mod auto;
mod bodies;
mod charset;
mod codes;
mod dsn;
mod fields;
mod gateway;
mod letter;
mod mime;
mod notification;
mod passed_on;
mod prose;
mod reason;
mod refusal;
pub(crate) mod reply;
mod sender;
mod traces;
mod unsubscribe;
mod verdict;

use domain::incoming::{Kind, Obstacle};
use jiff::civil::Date;
use letter::Letter;

pub use bodies::{Bodies, bodies};
pub(crate) use passed_on::judge as judge_passed_on;
pub use traces::Traces;

/// Whom the message is about, and what happened there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address, as the report writes it.
    pub address: String,
    /// What happened to mail for this address.
    pub kind: Kind,
    /// The enhanced status (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The SMTP code, 400 to 599, or 200 to 299 of a receipt.
    pub code: Option<u16>,
    /// What the server said, on one line.
    pub reason: Option<String>,
    /// What that means.
    pub obstacle: Option<Obstacle>,
    /// What else the report calls the recipient: the address before it was forwarded or rewritten.
    pub aliases: Vec<String>,
}

impl Recipient {
    /// Somebody of whom no server said anything.
    fn who(address: impl Into<String>, kind: Kind) -> Self {
        Self {
            address: address.into(),
            kind,
            status: None,
            code: None,
            reason: None,
            obstacle: None,
            aliases: Vec::new(),
        }
    }
}

/// What an incoming message means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The gravest thing that it says.
    pub kind: Kind,
    /// Whom it is about: the addresses that failed, who complained, who is away.
    pub recipients: Vec<Recipient>,
    /// An automatic reply says that the person does not work there any more.
    pub has_left: bool,
    /// The day on which the author of an automatic reply is back, in the author's calendar.
    pub return_date: Option<Date>,
    /// What a person newly wrote, without quotes and signature.
    pub reply_text: Option<String>,
    /// Why we think so, one sentence a fact.
    pub evidence: Vec<String>,
    /// By what it is matched to a message of ours.
    pub traces: Traces,
}

impl Incoming {
    fn new(kind: Kind, evidence: impl Into<String>) -> Self {
        Self {
            kind,
            recipients: Vec::new(),
            has_left: false,
            return_date: None,
            reply_text: None,
            evidence: vec![evidence.into()],
            traces: Traces::default(),
        }
    }

    /// What became of `recipients`: the gravest of it, and how we know.
    fn of_recipients(recipients: Vec<Recipient>, evidence: Vec<String>) -> Self {
        let kind = recipients.iter().map(|recipient| recipient.kind).min().unwrap_or(Kind::SoftBounce);
        Self { recipients, evidence, ..Self::new(kind, "") }
    }

    fn because(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    fn about(mut self, recipients: Vec<Recipient>) -> Self {
        self.recipients = recipients;
        self
    }
}

/// Understands a message as it came over the wire (RFC 5322).
///
/// Of a very long message only the beginning is read. What cannot be read at all is [`Kind::Other`], with the reason as
/// evidence.
pub fn understand(raw: &[u8]) -> Incoming {
    let mut letter = match Letter::read(raw) {
        Ok(letter) => letter,
        Err(unreadable) => return Incoming::new(Kind::Other, unreadable.to_string()),
    };
    // A person who quotes a report is a person; of a mail system, it is the report.
    if sender::is_of_a_machine(&letter)
        && let Some(text) = gateway::unquoted(&letter.text)
    {
        letter.text = text;
    }
    let incoming = arf::complaint(&letter)
        .or_else(|| unsubscribe::request_by_program(&letter))
        .or_else(|| notification::event(&letter))
        .or_else(|| bounce(&letter))
        .or_else(|| dsn::read_receipt(&letter))
        .or_else(|| auto::reply(&letter))
        .unwrap_or_else(|| written(&letter));
    Incoming { traces: Traces::of(&letter, notification::ids(&letter)), ..incoming }
}

/// What a server's sentence says kept the mail from arriving.
pub fn obstacle(sentence: &str) -> Option<Obstacle> {
    reason::in_answer(sentence).map(|(obstacle, _)| obstacle)
}

/// A report about mail that was not delivered, was late, or arrived.
fn bounce(letter: &Letter) -> Option<Incoming> {
    if let Some(report) = letter.wrapped.as_deref() {
        return bounce(report);
    }
    let passed_on = sender::is_passed_on(letter);
    let (mut refusals, mut evidence) = if passed_on { (Vec::new(), Vec::new()) } else { dsn::refusals(letter) };
    if refusals.is_empty() {
        let (prose, because) = prose::refusals(letter)?;
        if let Some(inner) = prose::within(letter, &prose) {
            return Some(inner);
        }
        refusals = prose;
        evidence.extend(because);
    } else {
        prose::complete(&mut refusals, letter);
    }
    if refusals.is_empty() {
        return Some(prose::of_nobody(letter, evidence));
    }
    let recipients: Vec<Recipient> = refusals.iter().map(|refusal| verdict::judge(refusal, &mut evidence)).collect();
    Some(Incoming::of_recipients(recipients, evidence))
}

/// What a person sends: a wish to be left alone, a reply, or something that nobody asked for.
fn written(letter: &Letter) -> Incoming {
    if let Some(program) = letter.fields.get("auto-submitted").filter(|by| !by.trim().eq_ignore_ascii_case("no")) {
        return Incoming::new(Kind::Other, format!("a program wrote it (Auto-Submitted: {program})"));
    }
    let text = reply::newly_written(&letter.text);
    let mut written = if let Some(request) = unsubscribe::request_by_person(letter, &text) {
        request
    } else if let Some(why) = reply::answers(letter) {
        Incoming::new(Kind::Reply, why)
    } else {
        return Incoming::new(Kind::Other, "neither a report nor an answer to anything");
    };
    written.reply_text = Some(text);
    written
}
