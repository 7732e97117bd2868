//! The recipients: the simulator's world, and what each of them received.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rand::{RngExt as _, rngs::StdRng};
use simulator::{Login, Options, Stage, World};

use crate::{clock, error::Result};

/// Where our recipients live. Whoever else gets mail, as the owner of an identity does, is no part of the comparison.
pub(crate) const DOMAIN: &str = "harbour.example";

/// The account of their server: with one, `AUTH` is a stage as well.
pub(crate) const LOGIN: (&str, &str) = ("deck", "a lantern in the fog");

/// Every stage at which a connection can be dropped or kept waiting.
const STAGES: [Stage; 9] = [
    Stage::Greeting,
    Stage::Ehlo,
    Stage::Auth,
    Stage::Mail,
    Stage::Rcpt,
    Stage::Data,
    Stage::Body,
    Stage::Dot,
    Stage::Answer,
];

/// The most wishes that may wait for a connection; those of the first stages are met by new connections only.
const MOST_WISHES: usize = 12;

/// A letter as a recipient got it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Letter {
    /// The id of the email, as its Message-ID has it: 32 hexadecimal digits.
    pub email: String,
    /// The send number of the Message-ID.
    pub send_number: u32,
    /// Who received it, in lower case.
    pub recipient: String,
}

impl Letter {
    /// Reads `<email>.<send number>@<domain>`.
    pub(crate) fn new(message_id: &str, recipient: &str) -> Option<Self> {
        let (email, send_number) = message_id.split_once('@')?.0.rsplit_once('.')?;
        let send_number = send_number.parse().ok()?;
        Some(Self { email: email.to_owned(), send_number, recipient: recipient.to_lowercase() })
    }
}

/// The world of the recipients, running. Dropping it closes its port.
pub(crate) struct Recipients {
    world: World,
    _runtime: tokio::runtime::Runtime,
}

impl Recipients {
    /// Opens the world at an address, of which port 0 is any.
    pub(crate) fn start(seed: u64, listen: SocketAddr) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let (user, password) = LOGIN;
        let login = Some(Login { user: user.to_owned(), password: password.to_owned() });
        let options = Options { listen, login, ..Options::new(seed, Arc::new(clock::micros)) };
        let world = runtime.block_on(World::start(options))?;
        Ok(Self { world, _runtime: runtime })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.world.address()
    }

    /// Drops the next connection at some stage.
    pub(crate) fn drop_one(&self, rng: &mut StdRng) {
        if self.world.mishaps() < MOST_WISHES {
            self.world.drop_next(STAGES[rng.random_range(0..STAGES.len())]);
        }
    }

    /// Keeps the next connection at some stage waiting, for `longest` at the most.
    pub(crate) fn stall_one(&self, rng: &mut StdRng, longest: Duration) {
        if self.world.mishaps() < MOST_WISHES {
            let pause = longest.mul_f64(rng.random_range(0.0..1.0));
            self.world.stall_next(STAGES[rng.random_range(0..STAGES.len())], pause);
        }
    }

    /// No more drops and stalls.
    pub(crate) fn calm(&self) {
        self.world.calm();
    }

    /// The letters our recipients received.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        let ours = |recipient: &str| recipient.rsplit_once('@').is_some_and(|(_, domain)| domain == DOMAIN);
        let received = self.world.received().into_iter().filter(|letter| ours(&letter.recipient));
        received.filter_map(|letter| Letter::new(&letter.message_id?, &letter.recipient)).collect()
    }

    /// The path of the pixel in a letter to `recipient`, when it has come.
    pub(crate) fn pixel(&self, recipient: &str) -> Option<String> {
        let received = self.world.received();
        let letter = received.iter().find(|letter| letter.recipient == recipient)?;
        let text = String::from_utf8_lossy(&letter.raw).replace("=\r\n", "");
        let (_, rest) = text.split_once("/o/")?;
        Some(format!("/o/{}.gif", rest.split_once(".gif")?.0))
    }

    /// The token of the newest link that verifies an identity, when it has come.
    pub(crate) fn verification_token(&self) -> Option<String> {
        let received = self.world.received();
        received.iter().rev().find_map(|letter| verification_token(&String::from_utf8_lossy(&letter.raw)))
    }
}

/// Undoes quoted-printable as far as a link needs it.
fn verification_token(message: &str) -> Option<String> {
    let text = message.replace("=\r\n", "").replace("=3D", "=");
    let (_, rest) = text.split_once("/verify-identity#token=")?;
    Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.~".contains(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_tells_the_email_and_the_send_number() {
        let letter = Letter::new("0192aa.3@deck.example", "Accept.N1@harbour.example").unwrap();
        let (email, recipient) = ("0192aa".to_owned(), "accept.n1@harbour.example".to_owned());
        assert_eq!(letter, Letter { email, send_number: 3, recipient });
        assert_eq!(Letter::new("a notice@deck.example", "x"), None);
    }

    #[test]
    fn the_token_is_read_out_of_a_folded_link() {
        let message = "open http://127.0.0.1:1/verify-iden=\r\ntity#token=3Dab-_c=\r\nd\r\nand";
        assert_eq!(verification_token(message).unwrap(), "ab-_cd");
    }
}
