//! The request that only we can answer: what is sealed in its path only somebody with our keys can open.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mail::tracking_host::{Riddle, name_and_port};

use crate::{Engine, Error, Purpose, Result, random::hash};

/// What the path of a challenge begins with.
pub const CHALLENGE_PATH: &str = "/.well-known/quarterdeck/";

/// What every challenge begins with, so that no tracking token is one.
const MARK: &[u8] = b"tracking-host\n";

/// The longest token that is looked at.
const MAX_TOKEN: usize = 1000;

impl Engine {
    /// A challenge to `host`, whatever its port.
    pub(super) fn riddle(&self, host: &str) -> Result<Riddle> {
        let (host, _) = name_and_port(host);
        let plain = [MARK, &self.random().bytes::<16>(), host.as_bytes()].concat();
        let sealed = self.keys().seal(Purpose::Tracking, &plain).map_err(|error| Error::Internal(error.to_string()))?;
        let token = URL_SAFE_NO_PAD.encode(sealed);
        Ok(Riddle { path: format!("{CHALLENGE_PATH}{token}"), answer: answer_to(&plain) })
    }

    /// The answer to a challenge of ours that came in under `host`; nothing for anything else. A proxy that hides under
    /// which host it was asked is found out by that.
    pub fn answer_challenge(&self, host: &str, token: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(token.get(..token.len().min(MAX_TOKEN))?).ok()?;
        let plain = self.keys().open(Purpose::Tracking, &sealed).ok()?;
        let asked = plain.strip_prefix(MARK)?.get(16..)?;
        (asked == host.as_bytes()).then(|| answer_to(&plain))
    }
}

fn answer_to(plain: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(hash(&String::from_utf8_lossy(plain)))
}
