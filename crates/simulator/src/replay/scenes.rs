//! What happens to one email, scene by scene.

use std::net::IpAddr;

use rand::{RngExt as _, rngs::StdRng};

use super::{
    Label, Labelled, Tie,
    clients::{APPLE, BROWSERS, GMAIL, GMAIL_PREFETCH, OLD_BROWSERS, PREVIEWS, READERS, SAFARI},
    world::{World, around, beside, between, cloud, home, one_of, published_scanner},
};

/// One email and what has happened to it.
pub(super) struct Stage<'a> {
    world: &'a World,
    dice: &'a mut StdRng,
    links: u16,
    pub(super) requests: Vec<Labelled>,
    pub(super) replied_at: Option<i64>,
}

/// A client.
#[derive(Clone, Copy)]
struct Who {
    ip: IpAddr,
    user_agent: Option<&'static str>,
    label: Label,
    tie: Option<Tie>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(world: &'a World, dice: &'a mut StdRng) -> Self {
        let links = [1, 1, 2, 3, 3, 4, 5, 6][dice.random_range(0..8)];
        Self { world, dice, links, requests: Vec::new(), replied_at: None }
    }

    pub(super) fn play(&mut self) {
        if self.happens(self.world.scanned) {
            self.is_scanned();
        }
        let on_apple = self.happens(self.world.apple);
        if on_apple {
            self.is_fetched_by_apple();
        } else if self.happens(self.world.gmail_prefetch) {
            self.is_fetched_by_gmail();
        }
        if self.happens(self.world.read) {
            self.is_read(on_apple);
        }
        if self.happens(self.world.looked_at_by_sender) {
            self.is_looked_at_by_its_sender();
        }
    }

    fn happens(&mut self, chance: f64) -> bool {
        self.dice.random_bool(chance)
    }

    /// A gateway loads the pixel, and a while later follows the links, most often all within a second.
    fn is_scanned(&mut self) {
        let published = self.happens(self.world.scanners_published);
        let address = if published { published_scanner(self.dice) } else { cloud(self.dice) };
        let user_agent = if self.happens(self.world.scanners_honest) {
            if self.happens(0.4) { None } else { Some(one_of(PREVIEWS, self.dice)) }
        } else if self.happens(0.6) {
            Some(one_of(BROWSERS, self.dice))
        } else {
            Some(one_of(OLD_BROWSERS, self.dice))
        };
        let who = Who { ip: address.into(), user_agent, label: Label::Machine, tie: None };
        let pixel = around(self.world.until_scanned, 0.75, self.dice);
        // Some load no images.
        if self.happens(0.8) {
            self.asks(pixel, None, who);
        }
        let mut at = pixel + self.until_burst();
        let slow = self.happens(self.world.scanners_slow);
        let heads = self.happens(self.world.scanners_head);
        let spread = self.happens(0.3);
        for link in 0..self.links {
            // Farms of scanners ask from neighbouring addresses, some under several names.
            let ip = if spread { beside(address, self.dice) } else { who.ip };
            let other_name = spread && self.happens(0.2);
            let user_agent = if other_name { Some(one_of(BROWSERS, self.dice)) } else { who.user_agent };
            let who = Who { ip, user_agent, ..who };
            if heads {
                self.asks_for_head(at, link, who);
                at += between(0.02, 0.6, self.dice);
            }
            self.asks(at, Some(link), who);
            at += if slow { between(1.0, 9.0, self.dice) } else { between(0.0, 0.25, self.dice) };
        }
    }

    /// From the pixel to the links: half a minute in the middle, hours at the end.
    fn until_burst(&mut self) -> i64 {
        match self.dice.random_range(0..1000) {
            0..5 => between(0.0, 6.0, self.dice),
            5..960 => around(self.world.until_burst, 0.7, self.dice),
            960..990 => between(300.0, 1800.0, self.dice),
            _ => between(3600.0, 86_400.0, self.dice),
        }
    }

    /// Mail Privacy Protection fetches some time after the telephone has the mail, whoever reads or does not.
    fn is_fetched_by_apple(&mut self) {
        for _ in 0..=u8::from(self.happens(0.2)) {
            // Apple's list is never quite up to date.
            let ip = if self.happens(0.98) { self.world.apple_address(self.dice) } else { cloud(self.dice).into() };
            let at = around(300.0, 1.8, self.dice);
            self.asks(at, None, Who { ip, user_agent: Some(APPLE), label: Label::Machine, tie: None });
        }
    }

    fn is_fetched_by_gmail(&mut self) {
        let ip = beside([66, 249, 84, 1].into(), self.dice);
        let at = around(3.0, 0.6, self.dice);
        self.asks(at, None, Who { ip, user_agent: Some(GMAIL_PREFETCH), label: Label::Machine, tie: None });
    }

    fn is_read(&mut self, on_apple: bool) {
        let was_waiting = self.happens(self.world.waiting);
        let at =
            if was_waiting { between(4.0, 40.0, self.dice) } else { around(self.world.until_read, 1.6, self.dice) };
        let home = home(self.dice);
        let reads_in_browser = self.happens(0.25);
        let program = if reads_in_browser { one_of(BROWSERS, self.dice) } else { one_of(READERS, self.dice) };
        let reader =
            Who { ip: self.comes_from(home, program), user_agent: Some(program), label: Label::Human, tie: None };
        let mut looks = 1 + [0, 0, 0, 1, 1, 2, 4][self.dice.random_range(0..7)];
        // Apple has fetched the images already; and some programs show none.
        if on_apple || self.happens(0.1) {
            looks = 0;
        }
        let mut look = at;
        for _ in 0..looks {
            self.asks(look, None, reader);
            look += around(1800.0, 2.0, self.dice);
        }
        if self.happens(self.world.click) {
            self.is_clicked(at, home, if reads_in_browser { Some(program) } else { None }, on_apple, was_waiting);
        }
        if self.happens(self.world.forward) {
            self.is_forwarded(at);
        }
        if self.happens(self.world.answer) {
            let at = at + around(600.0, 1.2, self.dice);
            self.is_answered(at);
        }
    }

    /// Proxies of mail providers hide where their reader is.
    fn comes_from(&mut self, home: IpAddr, program: &str) -> IpAddr {
        if program == GMAIL {
            beside([74, 125, 210, 1].into(), self.dice)
        } else if program.starts_with("YahooMailProxy") {
            beside([69, 147, 90, 1].into(), self.dice)
        } else {
            home
        }
    }

    fn is_clicked(&mut self, opened: i64, home: IpAddr, browser: Option<&'static str>, on_apple: bool, quick: bool) {
        let by_relay = on_apple && self.happens(0.3);
        let browser = browser.unwrap_or_else(|| if on_apple { SAFARI } else { one_of(BROWSERS, self.dice) });
        let ip = if by_relay { self.world.apple_address(self.dice) } else { home };
        let reader = Who { ip, user_agent: Some(browser), label: Label::Human, tie: None };
        let tabs = self.links > 1 && self.happens(self.world.tabs);
        let count = if tabs { self.dice.random_range(2..=self.links.min(4)) } else { 1 + u16::from(self.happens(0.2)) };
        let mut at = opened + if quick { between(2.0, 15.0, self.dice) } else { around(25.0, 0.9, self.dice) };
        let mut link = self.dice.random_range(0..self.links);
        for _ in 0..count.min(self.links) {
            self.asks(at, Some(link), reader);
            if self.happens(self.world.echoed) {
                self.is_echoed(at, link);
            }
            if self.happens(self.world.preview) {
                self.is_previewed(at, link);
            }
            at += if tabs { between(0.7, 3.5, self.dice) } else { around(40.0, 1.0, self.dice) };
            link = (link + 1) % self.links;
        }
    }

    /// A service that checks links when somebody follows them looks for itself.
    fn is_echoed(&mut self, clicked: i64, link: u16) {
        let ip = if self.happens(0.4) { published_scanner(self.dice).into() } else { cloud(self.dice).into() };
        let at = clicked + between(1.0, 25.0, self.dice);
        let user_agent = Some(one_of(OLD_BROWSERS, self.dice));
        self.asks(at, Some(link), Who { ip, user_agent, label: Label::Machine, tie: None });
    }

    /// The link is pasted into a chat.
    fn is_previewed(&mut self, clicked: i64, link: u16) {
        let who = Who {
            ip: cloud(self.dice).into(),
            user_agent: Some(one_of(PREVIEWS, self.dice)),
            label: Label::Machine,
            tie: None,
        };
        let at = clicked + around(120.0, 1.0, self.dice);
        self.asks(at, Some(link), who);
    }

    /// Colleagues are people, wherever they read.
    fn is_forwarded(&mut self, read: i64) {
        for _ in 0..self.dice.random_range(1..4) {
            let home = home(self.dice);
            let program = one_of(READERS, self.dice);
            let ip = self.comes_from(home, program);
            let at = read + around(1200.0, 1.2, self.dice);
            let colleague = Who { ip, user_agent: Some(program), label: Label::Human, tie: None };
            self.asks(at, None, colleague);
            if self.happens(self.world.click) {
                let browser = Who { ip: home, user_agent: Some(one_of(BROWSERS, self.dice)), ..colleague };
                let link = self.dice.random_range(0..self.links);
                let at = at + around(30.0, 0.8, self.dice);
                self.asks(at, Some(link), browser);
            }
        }
    }

    /// The sender reads the answer, and the quote in it loads the image; the recipient may read once more.
    fn is_answered(&mut self, at: i64) {
        self.replied_at = Some(at);
        if self.happens(0.8) {
            let program = one_of(READERS, self.dice);
            let home = home(self.dice);
            let ip = self.comes_from(home, program);
            let look = at + around(900.0, 1.3, self.dice);
            self.asks(look, None, Who { ip, user_agent: Some(program), label: Label::Own, tie: None });
        }
        if self.happens(0.15) {
            let program = one_of(READERS, self.dice);
            let home = home(self.dice);
            let look = at + around(3600.0, 1.3, self.dice);
            let ip = self.comes_from(home, program);
            self.asks(look, None, Who { ip, user_agent: Some(program), label: Label::Human, tie: None });
        }
    }

    /// The sender opens their own mail: signed in, or at least where they are signed in, or from where nobody knows them.
    fn is_looked_at_by_its_sender(&mut self) {
        let tie = match self.dice.random_range(0..10) {
            0..6 => Some(Tie::Cookie),
            6..9 => Some(Tie::Address),
            _ => None,
        };
        let program = if tie == Some(Tie::Cookie) { one_of(BROWSERS, self.dice) } else { one_of(READERS, self.dice) };
        let ip = home(self.dice);
        let who = Who { ip, user_agent: Some(program), label: Label::Own, tie };
        let mut at = around(120.0, 2.0, self.dice);
        for _ in 0..self.dice.random_range(1..4) {
            self.asks(at, None, who);
            at += around(3600.0, 1.5, self.dice);
        }
        if self.happens(0.3) {
            let link = self.dice.random_range(0..self.links);
            self.asks(at, Some(link), who);
        }
    }

    fn asks(&mut self, at: i64, link: Option<u16>, who: Who) {
        let Who { ip, user_agent, label, tie } = who;
        let request = Labelled { email: 0, at, link, ip, user_agent, head: false, prefetch: false, tie, label };
        self.requests.push(request);
    }

    fn asks_for_head(&mut self, at: i64, link: u16, who: Who) {
        self.asks(at, Some(link), who);
        if let Some(last) = self.requests.last_mut() {
            last.head = true;
        }
    }
}
