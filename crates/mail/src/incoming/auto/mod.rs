//! Automatic replies: out of office, left the company, "we have received your mail" (RFC 3834).
//!
//! Headers come first, then the *beginning* of the subject, in the languages of the programs that write it; the text
//! decides where a header half says so, or where it has the words of a program or of a form ([`declared`]). People write "out of
//! office" in replies of their own.

mod dates;
mod declared;
mod subjects;

use super::{Incoming, Kind, Recipient, letter::Letter, reply, sender};

/// Headers that only automatic replies have, lower case.
const MARKS: &[&str] = &[
    "x-autoreply",
    "x-autoreply-from",
    "x-auto-reply-from",
    "x-autorespond",
    "x-autoresponder",
    "x-mail-autoreply",
    "x-vacation",
    "x-autoreply-domain",
];

/// How programs that do nothing else name themselves in `X-Mailer`, lower case.
const ANSWERING: &[&str] = &["gnarwl", "vacation", "autorespon"];

/// The rules of `CommuniGate` that pass mail on, lower case.
const PASSES_ON: &[&str] = &["mirror", "forward", "redirect"];

/// What people say who are away, lower case. Only asked where a header half says that the reply is automatic.
const AWAY: &[&str] = &[
    "out of the office",
    "out of office",
    "on vacation",
    "on holiday",
    "on leave",
    "nicht im büro",
    "abwesend",
    "im urlaub",
    "absent",
    "en congé",
    "fuera de la oficina",
    "de vacaciones",
    "fuori ufficio",
    "in ferie",
    "fora do escritório",
    "de férias",
    "niet op kantoor",
    "afwezig",
    "不在",
    "休暇",
    "外出",
    "休假",
    "в отпуске",
    "부재",
];

/// What is said of somebody who will not come back, lower case.
const GONE: &[&str] = &[
    "no longer with",
    "no longer works",
    "no longer working",
    "no longer work ",
    "no longer employed",
    "no longer at ",
    "no longer part of",
    "has left the organi",
    "has left our",
    "have left the organi",
    "i have left",
    "left the company",
    "is not with the company",
    "nicht mehr im unternehmen",
    "nicht mehr bei",
    "nicht mehr für",
    "nicht mehr tätig",
    "unternehmen verlassen",
    "ne travaille plus",
    "ne fait plus partie",
    "ne fais plus partie",
    "a quitté l",
    "ai quitté",
    "ya no trabaja",
    "ya no trabajo",
    "ya no forma parte",
    "ha dejado la empresa",
    "non lavora più",
    "non fa più parte",
    "não trabalha mais",
    "não faz mais parte",
    "niet meer werkzaam",
    "werkt niet meer",
    "arbetar inte längre",
    "har slutat",
    "arbejder ikke længere",
    "jobber ikke lenger",
    "nie pracuje już",
    "już nie pracuje",
    "больше не работает",
    "退職",
    "退社いたしました",
    "已离职",
    "已離職",
    "퇴사",
];

/// What the automatic reply says, if the letter is one.
pub(super) fn reply(letter: &Letter) -> Option<Incoming> {
    let text = reply::newly_written(&letter.text);
    let why = sign(letter).or_else(|| unanswerable(letter)).or_else(|| declared::sign(&text))?;
    let about = Recipient::who(&letter.from, Kind::AutoReply);
    let mut incoming = Incoming::new(Kind::AutoReply, why).about(vec![about]);
    let said = format!("{}\n{text}", letter.subject).to_lowercase().replace('’', "'");
    if let Some(words) = GONE.iter().find(|words| said.contains(**words)) {
        incoming.has_left = true;
        incoming = incoming.because(format!("the person has left: \"{}\"", words.trim()));
    } else {
        incoming.return_date = dates::of_return(&said, letter.date);
    }
    Some(incoming)
}

/// How we know it of what is no report, and not to be answered (RFC 3834 §3.3). Newsletters are bulk, too, but want their bounces.
fn unanswerable(letter: &Letter) -> Option<String> {
    let precedence = letter.fields.get("precedence")?.trim().to_ascii_lowercase();
    let bulk = matches!(precedence.as_str(), "bulk" | "junk") && !sender::has_list(&letter.fields);
    (bulk && sender::is_from_nobody(letter)).then(|| format!("Precedence: {precedence}, and nobody to answer to"))
}

/// How we know that a program answered.
pub(super) fn sign(letter: &Letter) -> Option<String> {
    let value = |name| letter.fields.get(name).map(|value| value.trim().to_ascii_lowercase());
    let submitted = value("auto-submitted").unwrap_or_default();
    if submitted.starts_with("auto-replied") {
        return Some(format!("Auto-Submitted: {submitted} (RFC 3834)"));
    }
    let answers = letter.fields.has("in-reply-to");
    if submitted.starts_with("auto-") && answers {
        return Some(format!("Auto-Submitted: {submitted}, in answer to a message"));
    }
    if value("x-apple-action").is_some_and(|action| action.contains("vacation")) {
        return Some("the header X-Apple-Action".to_owned());
    }
    if let Some(mark) = MARKS.iter().find(|mark| letter.fields.has(mark)) {
        return Some(format!("the header {mark}"));
    }
    // CommuniGate names the rule that wrote: one that passes mail on answers nothing.
    if let Some(rule) = value("x-autogenerated").filter(|rule| !PASSES_ON.contains(&rule.as_str())) {
        return Some(format!("X-Autogenerated: {rule}"));
    }
    let precedence = value("precedence").unwrap_or_default();
    if matches!(precedence.as_str(), "auto_reply" | "auto-reply" | "autoreply") {
        return Some(format!("Precedence: {precedence}"));
    }
    if letter.fields.has("x-ms-exchange-inbox-rules-loop") && letter.fields.has("x-auto-response-suppress") {
        return Some("a rule of the recipient's inbox answered".to_owned());
    }
    if value("x-post-messageclass").is_some_and(|class| class.contains("autoresponder")) {
        return Some("the header X-POST-MessageClass".to_owned());
    }
    if let Some(mailer) = value("x-mailer").filter(|mailer| ANSWERING.iter().any(|known| mailer.contains(known))) {
        return Some(format!("X-Mailer: {mailer}"));
    }
    if let Some(words) = subjects::of_its_author(letter) {
        return Some(format!("the subject says of its author \"{words}\""));
    }
    if let Some(prefix) = subjects::prefix(letter) {
        return Some(format!("the subject begins with \"{prefix}\""));
    }
    let half_said = submitted.starts_with("auto-")
        || matches!(precedence.as_str(), "bulk" | "junk")
        || value("x-auto-response-suppress").is_some_and(|value| value != "none");
    let text = reply::newly_written(&letter.text).to_lowercase();
    let away = half_said.then(|| AWAY.iter().find(|words| text.contains(**words))).flatten()?;
    Some(format!("headers of a program, and the words \"{away}\""))
}
