//! How a recipient behaves: what their server answers, and what they do with a letter that arrived.

use crate::dice::dice;
use rand::RngExt as _;

/// A moment of the conversation at which the connection can be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Before the greeting.
    Greeting,
    /// Instead of the answer to EHLO.
    Ehlo,
    /// Instead of the answer to AUTH.
    Auth,
    /// Instead of the answer to MAIL.
    Mail,
    /// Instead of the answer to RCPT.
    Rcpt,
    /// Instead of the answer to DATA.
    Data,
    /// In the middle of the message.
    Body,
    /// After the final dot; the message is lost.
    Dot,
    /// After the final dot; the message is kept, only the answer is missing.
    Answer,
}

/// What the recipient's server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Takes the letter.
    Accept,
    /// `550 5.1.1`: no such mailbox.
    NoMailbox,
    /// `550 5.1.2`: no such domain.
    NoDomain,
    /// `552 5.2.2`: the mailbox is full.
    Full,
    /// `452 4.2.2`: the mailbox is over its quota, whenever asked.
    OverQuota,
    /// `421 4.3.2`, and the connection is closed.
    Busy,
    /// `554 5.7.1` after the final dot.
    SpamFilter,
    /// `450 4.7.1` until some time after the first attempt.
    Greylist,
    /// Takes the letter, and takes its time.
    Slow,
    /// The connection is dropped.
    Drop(Stage),
}

/// What happens to a letter once it was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Nothing.
    Silent,
    /// A person opens it.
    Opens,
    /// A person opens it and follows links.
    Clicks,
    /// A mail service loads its images; nobody reads it.
    Prefetch,
    /// A security gateway loads its images and all its links.
    Scanner,
    /// A person opens it and answers.
    Replies,
    /// A program answers that the person is away.
    Away,
    /// The recipient's server takes it back with a bounce.
    BouncesLater,
    /// A person opens it and calls it spam.
    Complains,
    /// A person opens it and asks to be left alone.
    Unsubscribes,
}

/// A recipient's whole character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behaviour {
    /// What their server says.
    pub answer: Answer,
    /// What happens to an accepted letter.
    pub habit: Habit,
    /// Reacts within seconds or a minute, as keyword recipients do.
    pub eager: bool,
}

/// Each keyword with its answer and habit; the README tells them in words.
pub const KEYWORDS: &[(&str, Answer, Habit)] = &[
    ("accept", Answer::Accept, Habit::Silent),
    ("open", Answer::Accept, Habit::Opens),
    ("click", Answer::Accept, Habit::Clicks),
    ("prefetch", Answer::Accept, Habit::Prefetch),
    ("scanner", Answer::Accept, Habit::Scanner),
    ("reply", Answer::Accept, Habit::Replies),
    ("ooo", Answer::Accept, Habit::Away),
    ("bounce-later", Answer::Accept, Habit::BouncesLater),
    ("complain", Answer::Accept, Habit::Complains),
    ("unsubscribe", Answer::Accept, Habit::Unsubscribes),
    ("nobody", Answer::NoMailbox, Habit::Silent),
    ("nodomain", Answer::NoDomain, Habit::Silent),
    ("full", Answer::Full, Habit::Silent),
    ("quota", Answer::OverQuota, Habit::Silent),
    ("busy", Answer::Busy, Habit::Silent),
    ("spamfilter", Answer::SpamFilter, Habit::Silent),
    ("grey", Answer::Greylist, Habit::Opens),
    ("slow", Answer::Slow, Habit::Opens),
    ("drop-mail", Answer::Drop(Stage::Mail), Habit::Silent),
    ("drop-rcpt", Answer::Drop(Stage::Rcpt), Habit::Silent),
    ("drop-data", Answer::Drop(Stage::Data), Habit::Silent),
    ("drop-body", Answer::Drop(Stage::Body), Habit::Silent),
    ("drop-dot", Answer::Drop(Stage::Dot), Habit::Silent),
    ("drop-answer", Answer::Drop(Stage::Answer), Habit::Silent),
];

/// How many of a thousand recipients without a keyword behave as which keyword.
const BY_CHANCE: &[(u32, Answer, Habit)] = &[
    (312, Answer::Accept, Habit::Opens),
    (208, Answer::Accept, Habit::Clicks),
    (150, Answer::Accept, Habit::Silent),
    (40, Answer::Accept, Habit::Prefetch),
    (20, Answer::Accept, Habit::Scanner),
    (40, Answer::NoMailbox, Habit::Silent),
    (20, Answer::Full, Habit::Silent),
    (20, Answer::SpamFilter, Habit::Silent),
    (40, Answer::Greylist, Habit::Opens),
    (20, Answer::Slow, Habit::Opens),
    (60, Answer::Accept, Habit::Replies),
    (25, Answer::Accept, Habit::Away),
    (20, Answer::Accept, Habit::BouncesLater),
    (10, Answer::Accept, Habit::Complains),
    (15, Answer::Accept, Habit::Unsubscribes),
];

impl Behaviour {
    /// The behaviour of an address in the world of this seed.
    pub fn of(seed: u64, address: &str) -> Self {
        Self::by_keyword(address).unwrap_or_else(|| Self::by_chance(seed, address))
    }

    /// The behaviour the local part asks for, if it begins with a keyword.
    pub(crate) fn by_keyword(address: &str) -> Option<Self> {
        let word = address.split(['.', '+', '@']).next()?;
        KEYWORDS.iter().find(|(keyword, ..)| keyword.eq_ignore_ascii_case(word)).map(|&(_, answer, habit)| Self {
            answer,
            habit,
            eager: true,
        })
    }

    fn by_chance(seed: u64, address: &str) -> Self {
        let mut throw = dice(seed, &["behaviour", &address.to_lowercase()]).random_range(0..1000);
        for &(share, answer, habit) in BY_CHANCE {
            if throw < share {
                return Self { answer, habit, eager: false };
            }
            throw -= share;
        }
        Self { answer: Answer::Accept, habit: Habit::Silent, eager: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_make_a_thousand() {
        assert_eq!(BY_CHANCE.iter().map(|(share, ..)| share).sum::<u32>(), 1000);
    }

    #[test]
    fn a_keyword_is_the_whole_word_before_the_first_dot_or_plus() {
        assert_eq!(Behaviour::of(1, "nobody@x.example").answer, Answer::NoMailbox);
        assert_eq!(Behaviour::of(1, "Drop-Dot.maria+1@x.example").answer, Answer::Drop(Stage::Dot));
        assert_eq!(Behaviour::of(1, "click+7@x.example").habit, Habit::Clicks);
        assert_eq!(Behaviour::by_keyword("openshaw.tom@x.example"), None);
    }

    #[test]
    fn chance_follows_the_published_shares() {
        let cast: Vec<_> = (0..20_000).map(|n| Behaviour::of(7, &format!("person{n}@x.example"))).collect();
        for &(share, answer, habit) in BY_CHANCE {
            let found = cast.iter().filter(|b| (b.answer, b.habit) == (answer, habit)).count();
            let expected = share as usize * 20;
            assert!(
                found.abs_diff(expected) < 60 + expected / 10,
                "{answer:?}/{habit:?}: {found}, expected {expected}"
            );
        }
    }

    #[test]
    fn the_same_seed_and_address_behave_alike() {
        let of = |seed| -> Vec<_> { (0..100).map(|n| Behaviour::of(seed, &format!("p{n}@x.example"))).collect() };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert_eq!(Behaviour::of(1, "Ana@X.example"), Behaviour::of(1, "ana@x.example"));
    }

    #[test]
    fn the_readme_tells_every_keyword_and_share() {
        let readme = include_str!("../README.md");
        for (keyword, ..) in KEYWORDS {
            assert!(readme.contains(&format!("\n| `{keyword}` |")), "{keyword}");
        }
        for &(share, answer, habit) in BY_CHANCE {
            let keyword =
                KEYWORDS.iter().find(|&&(_, a, h)| (a, h) == (answer, habit)).map(|(keyword, ..)| keyword).unwrap();
            assert!(readme.contains(&format!("\n| {share} | `{keyword}` |")), "{keyword}");
        }
    }
}
