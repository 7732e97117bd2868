//! Who is not let in hears why, and holds nothing: no task, no memory and no socket.

use std::{collections::HashMap, io::Write as _, net::IpAddr, time::Duration};

use tokio::{net::TcpStream, time::Instant};

use super::guests::Full;

/// What comes within this time of the first is one burst, and one line in the log.
const BURST: Duration = Duration::from_mins(1);

/// Bursts of clients that were not let in, by the limit that kept them out.
#[derive(Default)]
pub(super) struct TurnedAway {
    bursts: HashMap<Full, Burst>,
}

struct Burst {
    since: Instant,
    clients: u64,
}

impl TurnedAway {
    /// Says `421` (RFC 5321 §3.8, §4.2.1) and hangs up. It is one write that waits for nobody: a connection that was just made
    /// has room for a line, and where it has none, its client is not waited for.
    pub(super) fn refuse(&mut self, stream: TcpStream, client: IpAddr, name: &str, full: Full) {
        if let Some(earlier) = self.count(full) {
            tracing::warn!(%client, reason = ?full, earlier, "a connection was not taken; more within a minute are not logged");
        }
        let (status, sentence) = full.answer();
        let line = format!("421 {status} {name} {sentence}\r\n");
        let told = stream.into_std().and_then(|mut stream| stream.write_all(line.as_bytes()));
        if let Err(error) = told {
            tracing::debug!(%client, %error, "a client was not told why it was not let in");
        }
    }

    /// Counts a client. The first of a burst gets a line in the log; answers how many the burst before had.
    fn count(&mut self, full: Full) -> Option<u64> {
        let now = Instant::now();
        match self.bursts.get_mut(&full) {
            Some(burst) if now - burst.since < BURST => {
                burst.clients += 1;
                None
            }
            _ => {
                let before = self.bursts.insert(full, Burst { since: now, clients: 1 });
                Some(before.map_or(0, |burst| burst.clients))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_one_line_whatever_else_is_full() {
        let mut turned_away = TurnedAway::default();
        assert_eq!(turned_away.count(Full::Network), Some(0));
        for _ in 0..1000 {
            assert_eq!(turned_away.count(Full::Network), None);
        }
        assert_eq!(turned_away.count(Full::Port), Some(0));
        tokio::time::advance(BURST).await;
        assert_eq!(turned_away.count(Full::Network), Some(1001));
        assert_eq!(turned_away.count(Full::Network), None);
    }
}
