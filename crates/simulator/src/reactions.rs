//! What people and machines do with a letter that arrived, and when.

use crate::behaviour::{Behaviour, Habit};
use crate::courier::Mail;
use crate::dice::{dice, hash};
use crate::page::Page;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use std::net::Ipv4Addr;
use std::ops::Range;

const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Mail programs as they name themselves when a person opens a letter.
const MAIL_PROGRAMS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; ms-office; MSOffice 16)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Thunderbird/140.4.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.14.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
];

/// Browsers in which a person follows a link.
const BROWSERS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
];

const APPLE_PREFETCH: &str = "Mozilla/5.0";
const GMAIL_PREFETCH: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0";
const GATEWAY: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36";

/// One thing that somebody, or something, will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Whose letter it is about.
    pub recipient: String,
    /// What they do.
    pub act: Act,
}

/// What is done with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Something of it is requested.
    Visit(Visit),
    /// Something is written back.
    Write(Mail),
}

/// A request that somebody, or something, will make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// What is requested.
    pub url: String,
    /// How the mail program, browser or machine names itself.
    pub user_agent: &'static str,
    /// The loopback address it comes from: each person and each machine has their own.
    pub from: Ipv4Addr,
}

/// A letter as its reader meets it.
pub(crate) struct Arrival<'a> {
    pub(crate) recipient: &'a str,
    /// How many letters the recipient got before this one.
    pub(crate) earlier: u32,
    pub(crate) at: i64,
    pub(crate) behaviour: Behaviour,
}

/// Everything that will happen to a letter, at natural speed.
pub(crate) fn plan(seed: u64, arrival: &Arrival, page: &Page, written: Option<Mail>) -> Vec<Reaction> {
    let mut planner = Planner::new(seed, arrival, page, written);
    match arrival.behaviour.habit {
        Habit::Silent => {}
        Habit::Opens => planner.reads(),
        Habit::Clicks => {
            let opened = planner.opens_first();
            planner.follows_links(opened);
        }
        Habit::Prefetch => planner.is_prefetched(),
        Habit::Scanner => planner.is_scanned(),
        Habit::Replies | Habit::Complains | Habit::Unsubscribes => {
            let opened = planner.opens_first();
            planner.writes(opened);
        }
        Habit::Away | Habit::BouncesLater => planner.writes(arrival.at),
    }
    planner.planned
}

struct Planner<'a> {
    arrival: &'a Arrival<'a>,
    page: &'a Page,
    /// Throws about this letter.
    letter: StdRng,
    mail_program: &'static str,
    browser: &'static str,
    person: Ipv4Addr,
    machine: Ipv4Addr,
    has_prefetching_service: bool,
    /// What is written back, if anything.
    written: Option<Mail>,
    planned: Vec<Reaction>,
}

impl<'a> Planner<'a> {
    fn new(seed: u64, arrival: &'a Arrival, page: &'a Page, written: Option<Mail>) -> Self {
        let who = arrival.recipient;
        // What belongs to the person stays the same from letter to letter.
        let mut person = dice(seed, &["person", who]);
        Self {
            arrival,
            page,
            letter: dice(seed, &["letter", who, &arrival.earlier.to_string()]),
            mail_program: choose(MAIL_PROGRAMS, &mut person),
            browser: choose(BROWSERS, &mut person),
            person: loopback_address(hash(seed, &["desk", who])),
            machine: loopback_address(hash(seed, &["machine", who])),
            has_prefetching_service: !arrival.behaviour.eager && person.random_ratio(1, 6),
            written,
            planned: Vec::new(),
        }
    }

    fn reads(&mut self) {
        self.opens_first();
    }

    /// The first look and those after it; gives the moment of the first.
    fn opens_first(&mut self) -> i64 {
        if self.has_prefetching_service {
            self.is_prefetched();
        }
        let first = self.first_look();
        self.loads_images(first, self.mail_program, self.person);
        if !self.arrival.behaviour.eager {
            let mut look = first;
            for _ in 0..self.looks_again() {
                look += self.next_look();
                self.loads_images(look, self.mail_program, self.person);
            }
        }
        first
    }

    fn follows_links(&mut self, opened: i64) {
        let mut links: Vec<&String> = self.page.links.iter().collect();
        let mut click = opened;
        for _ in 0..=u32::from(self.letter.random_ratio(1, 4)) {
            if links.is_empty() {
                break;
            }
            let link = links.remove(self.letter.random_range(0..links.len()));
            // A person reads before they click; only machines follow several links at once.
            click += self.between(30 * SECOND..40 * SECOND, 12 * SECOND..150 * SECOND);
            self.requests(click, link, self.browser, self.person);
        }
    }

    /// People write some time after they have read, programs and servers soon after the letter came. Nobody answers every
    /// letter, or calls a second one spam.
    fn writes(&mut self, after: i64) {
        let behaviour = self.arrival.behaviour;
        let programs = matches!(behaviour.habit, Habit::Away | Habit::BouncesLater);
        let again = programs || behaviour.eager || (behaviour.habit == Habit::Replies && self.letter.random_bool(0.5));
        let Some(mail) = self.written.take().filter(|_| self.arrival.earlier == 0 || again) else { return };
        let natural = if programs { 3 * SECOND..20 * MINUTE } else { 3 * MINUTE..5 * HOUR };
        let at = after + self.between(4 * SECOND..12 * SECOND, natural);
        self.planned.push(Reaction { at, recipient: self.arrival.recipient.to_owned(), act: Act::Write(mail) });
    }

    /// Privacy services and image caches load the images soon after delivery, whoever reads or does not.
    fn is_prefetched(&mut self) {
        let (user_agent, delay) = if self.letter.random_bool(0.5) {
            (GMAIL_PREFETCH, 2 * SECOND..9 * SECOND)
        } else {
            (APPLE_PREFETCH, 15 * SECOND..12 * MINUTE)
        };
        let delay = self.between(2 * SECOND..9 * SECOND, delay);
        self.loads_images(self.arrival.at + delay, user_agent, self.machine);
    }

    /// Gateways load the pixel after some seconds, and all links within one second about half a minute later.
    fn is_scanned(&mut self) {
        let pixel = self.arrival.at + self.letter.random_range(5 * SECOND..15 * SECOND);
        self.loads_images(pixel, GATEWAY, self.machine);
        let mut burst = pixel + self.letter.random_range(20 * SECOND..45 * SECOND);
        for link in &self.page.links {
            self.requests(burst, link, GATEWAY, self.machine);
            burst += self.letter.random_range(SECOND / 20..SECOND / 4);
        }
    }

    fn first_look(&mut self) -> i64 {
        let natural = match self.letter.random_range(0..100) {
            0..15 => 70 * SECOND..5 * MINUTE,
            15..45 => 5 * MINUTE..30 * MINUTE,
            45..75 => 30 * MINUTE..3 * HOUR,
            75..85 => 3 * HOUR..6 * HOUR,
            _ => return self.arrival.at + self.days_later(),
        };
        self.arrival.at + self.between(5 * SECOND..12 * SECOND, natural)
    }

    fn looks_again(&mut self) -> u32 {
        match self.letter.random_range(0..100) {
            0..60 => 0,
            60..84 => 1,
            84..94 => 2,
            _ => 3,
        }
    }

    fn next_look(&mut self) -> i64 {
        if self.letter.random_ratio(1, 3) { self.days_later() } else { self.letter.random_range(3 * MINUTE..2 * HOUR) }
    }

    /// Days later at about the same time of day, so that nobody reads at three in the morning.
    fn days_later(&mut self) -> i64 {
        let days = self.letter.random_range(1..=4);
        self.between(8 * SECOND..12 * SECOND, days * DAY - HOUR..days * DAY + HOUR)
    }

    fn between(&mut self, eager: Range<i64>, natural: Range<i64>) -> i64 {
        let range = if self.arrival.behaviour.eager { eager } else { natural };
        self.letter.random_range(range)
    }

    fn loads_images(&mut self, at: i64, user_agent: &'static str, from: Ipv4Addr) {
        for image in &self.page.images {
            self.requests(at, image, user_agent, from);
        }
    }

    fn requests(&mut self, at: i64, url: &str, user_agent: &'static str, from: Ipv4Addr) {
        self.planned.push(Reaction {
            at,
            recipient: self.arrival.recipient.to_owned(),
            act: Act::Visit(Visit { url: url.to_owned(), user_agent, from }),
        });
    }
}

fn choose(from: &[&'static str], throws: &mut StdRng) -> &'static str {
    from.choose(throws).copied().unwrap_or_default()
}

/// An address in 127.0.0.0/8, but not in 127.0.0.0/16, where the machine's own programs are.
fn loopback_address(hash: u64) -> Ipv4Addr {
    let [a, b, c, ..] = hash.to_le_bytes();
    Ipv4Addr::new(127, a.max(1), b, c.clamp(1, 254))
}
