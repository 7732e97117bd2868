//! What people, their mail programs and their servers write back about a letter.

use crate::behaviour::Habit;
use crate::courier::Mail;
use crate::dice::{dice, hash};
use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use std::fmt::Write as _;

const DAY: i64 = 86_400_000_000;

/// Answers of people, from the short to the busy.
const REPLIES: &[&str] = &[
    "Thank you, this comes at the right moment. Could you send the price for ten units, and for forty?",
    "Interesting. I have put Petra in copy of my calendar for this; does Tuesday at ten work for you?",
    "We looked at it last year and the battery was too short. Has that changed?",
    "Not before the summer, I am afraid. Please write again in September.",
    "Yes please. A short call is best. My number is in the signature of my last mail.",
    "I do not look after this any more. I have passed your mail on to our head of quality.",
    "Good timing: the auditor was here on Monday. What do you need from me to begin?",
];

/// Wishes to be left alone.
const FAREWELLS: &[&str] = &[
    "Please take me off your list.",
    "Please unsubscribe me and do not write to me again.",
    "I am not interested. Remove me from your mailing list, please.",
];

/// Sentences with which servers take back what they had accepted.
const REFUSALS: &[(&str, &str)] = &[
    ("5.1.1", "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table"),
    ("5.2.2", "552 5.2.2 <{}>: The mailbox is over its quota"),
    ("5.7.1", "554 5.7.1 <{}>: Message refused by the rules of this organisation"),
];

/// A letter as whoever answers it has it.
pub(crate) struct Letter<'a> {
    pub(crate) seed: u64,
    /// Who got it.
    pub(crate) recipient: &'a str,
    /// How many letters they got before.
    pub(crate) earlier: u32,
    /// Where bounces go, as the envelope said.
    pub(crate) return_path: &'a str,
    /// When it came, in microseconds since 1970.
    pub(crate) at: i64,
    pub(crate) raw: &'a [u8],
}

/// What somebody of this habit writes, and to whom; nothing for those who only read, or when a letter has no return path.
/// `complaints` is the address to which providers report.
pub(crate) fn write(letter: &Letter<'_>, habit: Habit, complaints: Option<&str>) -> Option<Mail> {
    if letter.return_path.is_empty() {
        return None;
    }
    let mut throws = dice(letter.seed, &["writing", letter.recipient, &letter.earlier.to_string()]);
    let by_recipient = |raw| Some(mail(letter.recipient, letter.return_path, raw));
    match habit {
        Habit::Replies => by_recipient(reply(letter, REPLIES.choose(&mut throws)?)),
        Habit::Unsubscribes => by_recipient(reply(letter, FAREWELLS.choose(&mut throws)?)),
        Habit::Away => by_recipient(automatic_reply(letter, throws.random_range(2..15))),
        Habit::BouncesLater => Some(mail("", letter.return_path, bounce(letter, *REFUSALS.choose(&mut throws)?))),
        Habit::Complains => Some(mail("feedback@provider.example", complaints?, complaint(letter, complaints?))),
        Habit::Silent | Habit::Opens | Habit::Clicks | Habit::Prefetch | Habit::Scanner => None,
    }
}

fn mail(from: &str, to: &str, raw: String) -> Mail {
    Mail { from: from.to_owned(), to: to.to_owned(), raw }
}

fn reply(letter: &Letter<'_>, text: &str) -> String {
    let subject = letter.field("subject");
    let subject = if subject.to_lowercase().starts_with("re:") { subject } else { format!("Re: {subject}") };
    let mut raw = letter.answering(&subject);
    raw.push_str("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
    let (written, author) = (letter.field("date"), letter.field("from"));
    let _ = write!(raw, "{text}\r\n\r\nOn {written}, {author} wrote:\r\n> ...\r\n");
    raw
}

fn automatic_reply(letter: &Letter<'_>, days: i64) -> String {
    let mut raw = letter.answering(&format!("Automatic reply: {}", letter.field("subject")));
    let back = date(letter.at + days * DAY);
    raw.push_str("Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n\r\n");
    let _ =
        write!(raw, "Thank you for your message. I am out of the office until {back} and answer when I am back.\r\n");
    raw
}

/// A delivery status notification (RFC 3464) from the recipient's own server, with the headers of the letter.
fn bounce(letter: &Letter<'_>, (status, sentence): (&str, &str)) -> String {
    let Letter { recipient, return_path, .. } = letter;
    let server = format!("mx.{}", recipient.rsplit('@').next().unwrap_or_default());
    let sentence = sentence.replace("{}", recipient);
    let boundary = letter.token("boundary");
    format!(
        "From: Mail Delivery System <MAILER-DAEMON@{server}>\r\nTo: <{return_path}>\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{}@{server}>\r\nDate: {}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         This is the mail system at {server}.\r\n\r\nYour message could not be delivered:\r\n\r\n<{recipient}>: {sentence}\r\n\
         --{boundary}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {server}\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {sentence}\r\n\
         --{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n{}\r\n--{boundary}--\r\n",
        letter.token("bounce"),
        letter.rfc_date(),
        letter.header(),
    )
}

/// A feedback report (RFC 5965) from the recipient's provider, with the letter's headers.
fn complaint(letter: &Letter<'_>, to: &str) -> String {
    let Letter { recipient, return_path, .. } = letter;
    let boundary = letter.token("boundary");
    format!(
        "From: Feedback loop <feedback@provider.example>\r\nTo: <{to}>\r\nSubject: Abuse report\r\n\
         Message-ID: <{}@provider.example>\r\nDate: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report for a message that a user called spam.\r\n\
         --{boundary}\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: Provider-Feedback/1\r\n\
         Version: 1\r\nOriginal-Mail-From: <{return_path}>\r\nOriginal-Rcpt-To: <{recipient}>\r\n\
         --{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n{}\r\n--{boundary}--\r\n",
        letter.token("complaint"),
        letter.rfc_date(),
        letter.header(),
    )
}

impl Letter<'_> {
    /// The header of an answer to the letter, up to where its kind says more.
    fn answering(&self, subject: &str) -> String {
        let id = self.field("message-id");
        let domain = self.recipient.rsplit('@').next().unwrap_or_default();
        format!(
            "From: <{}>\r\nTo: {}\r\nSubject: {subject}\r\nMessage-ID: <{}@{domain}>\r\nDate: {}\r\n\
             In-Reply-To: {id}\r\nReferences: {id}\r\n",
            self.recipient,
            self.field("from"),
            self.token("answer"),
            self.rfc_date(),
        )
    }

    /// The letter's header, as it came.
    fn header(&self) -> String {
        let end = self.raw.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(self.raw.len());
        String::from_utf8_lossy(&self.raw[..end]).into_owned()
    }

    /// A field of the header, unfolded and otherwise as it came.
    fn field(&self, name: &str) -> String {
        let header = self.header().replace("\r\n ", " ").replace("\r\n\t", " ");
        let value = header.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        value.unwrap_or_default()
    }

    /// A word that nobody else writes.
    fn token(&self, what: &str) -> String {
        format!("{:016x}", hash(self.seed, &[what, self.recipient, &self.earlier.to_string(), &self.at.to_string()]))
    }

    fn rfc_date(&self) -> String {
        let seconds = self.at.div_euclid(1_000_000).rem_euclid(86_400);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let (year, month, day) = civil(self.at.div_euclid(DAY));
        format!("{day} {} {year} {hour:02}:{minute:02}:{second:02} +0000", &MONTHS[month][..3])
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day as people write it.
fn date(at: i64) -> String {
    let (year, month, day) = civil(at.div_euclid(DAY));
    format!("{day} {} {year}", MONTHS[month])
}

/// Year, month from 0 and day of the month of a day since 1970 in the Gregorian calendar, years beginning in March.
fn civil(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = usize::try_from((shifted + 2) % 12).unwrap_or(0);
    (era * 400 + year_of_era + i64::from(shifted >= 10), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &[u8] =
        b"From: Ada <ada@sender.example>\r\nSubject: A\r\n pilot\r\nMessage-ID: <1@sender.example>\r\n\r\nHello\r\n";

    fn letter() -> Letter<'static> {
        Letter {
            seed: 7,
            recipient: "ana@x.example",
            earlier: 0,
            return_path: "r+abc@bounces.example",
            at: 1_775_000_000_000_000,
            raw: RAW,
        }
    }

    #[test]
    fn people_answer_to_the_return_path_and_name_the_letter() {
        for habit in [Habit::Replies, Habit::Unsubscribes, Habit::Away] {
            let mail = write(&letter(), habit, None).unwrap();
            assert_eq!((mail.from.as_str(), mail.to.as_str()), ("ana@x.example", "r+abc@bounces.example"));
            assert!(
                mail.raw.contains("In-Reply-To: <1@sender.example>") && mail.raw.contains("A pilot"),
                "{}",
                mail.raw
            );
        }
    }

    #[test]
    fn a_late_bounce_comes_from_nobody_and_a_complaint_goes_where_complaints_go() {
        let bounce = write(&letter(), Habit::BouncesLater, None).unwrap();
        assert!(bounce.from.is_empty() && bounce.raw.contains("Action: failed"));
        assert_eq!(write(&letter(), Habit::Complains, None), None);
        let complaint = write(&letter(), Habit::Complains, Some("f+x@bounces.example")).unwrap();
        assert_eq!(complaint.to, "f+x@bounces.example");
        assert!(
            complaint.raw.contains("Feedback-Type: abuse") && complaint.raw.contains("Message-ID: <1@sender.example>")
        );
    }

    #[test]
    fn nobody_answers_a_letter_from_nobody() {
        let from_nobody = Letter { return_path: "", ..letter() };
        assert_eq!(write(&from_nobody, Habit::Away, None), None);
    }

    #[test]
    fn days_have_their_names() {
        assert_eq!(date(0), "1 January 1970");
        assert_eq!(date(951_782_400_000_000), "29 February 2000");
        assert_eq!(date(1_775_000_000_000_000), "31 March 2026");
        assert_eq!(letter().rfc_date(), "31 Mar 2026 23:33:20 +0000");
    }
}
