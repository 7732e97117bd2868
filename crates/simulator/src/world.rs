//! The world: its server, its recipients, its memory.

use crate::behaviour::{Behaviour, Stage};
use crate::courier::{Mail, deliver};
use crate::error::Error;
use crate::page::Page;
use crate::post::{Agenda, Counters, Letters, Received, Tallies, message_id};
use crate::reactions::{Act, Arrival, MINUTE, Reaction, Visit, plan};
use crate::smtp;
use crate::visit::visit;
use crate::writing::{Letter, write};
use std::collections::HashMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The time in microseconds since 1970, as the owner of the world tells it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How often a living world looks at the clock.
const TICK: Duration = Duration::from_millis(200);

/// The account that the server asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

/// How the world is made.
#[derive(Clone)]
pub struct Options {
    /// All chance comes from it.
    pub seed: u64,
    /// Where the server listens; port 0 takes a free one. Only the loopback interface is allowed.
    pub listen: SocketAddr,
    /// Tells the time.
    pub now: Clock,
    /// With a login, mail is taken after AUTH with it only; without, any AUTH succeeds and none is needed.
    pub login: Option<Login>,
    /// The SIZE announced.
    pub max_size: usize,
    /// How long a greylisted recipient is refused, by the clock of the world.
    pub greylist: Duration,
    /// How long a slow recipient's server waits before each answer, in real time.
    pub slow: Duration,
    /// How much faster people react than people do, after the first minute, until [`World::hurry`] says otherwise.
    pub hurry: u32,
    /// How many letters are kept; the oldest are forgotten first.
    pub keep: usize,
}

impl Options {
    /// A world on a free port, without a login, that keeps every letter.
    pub fn new(seed: u64, now: Clock) -> Self {
        Self {
            seed,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            now,
            login: None,
            max_size: 25 * 1024 * 1024,
            greylist: Duration::from_mins(5),
            slow: Duration::from_secs(2),
            hurry: 1,
            keep: usize::MAX,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("seed", &self.seed).field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// A running world. Dropping it closes the server and every connection at once.
#[derive(Debug)]
pub struct World {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl World {
    /// Opens the world.
    ///
    /// # Errors
    /// When the address is not on the loopback interface or cannot be listened on.
    pub async fn start(options: Options) -> Result<Self, Error> {
        if !options.listen.ip().is_loopback() {
            return Err(Error::NotLoopback(options.listen.ip().to_string()));
        }
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(options));
        let server = tokio::spawn(smtp::serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, address, server })
    }

    /// Where the SMTP server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How the recipient of this address behaves.
    pub fn behaviour(&self, address: &str) -> Behaviour {
        Behaviour::of(self.shared.options.seed, address)
    }

    /// Every letter kept, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state().letters.kept().cloned().collect()
    }

    /// The letters kept of those after the first `count` that came, oldest first, each with how many came before it.
    pub fn received_after(&self, count: usize) -> Vec<(usize, Received)> {
        self.shared.state().letters.after(count).map(|(number, letter)| (number, letter.clone())).collect()
    }

    /// The letters kept of one recipient, oldest first.
    pub fn inbox(&self, recipient: &str) -> Vec<Received> {
        let state = self.shared.state();
        let of_recipient = state.letters.kept().filter(|letter| letter.recipient.eq_ignore_ascii_case(recipient));
        of_recipient.cloned().collect()
    }

    /// How often things happened.
    pub fn counters(&self) -> Counters {
        self.shared.tallies.read()
    }

    /// From now on what takes longer than a minute after an arrival happens `times` faster from there on.
    pub fn hurry(&self, times: u32) {
        self.shared.hurry.store(times.max(1), Ordering::Relaxed);
    }

    /// Drops the next connection that reaches this stage. Asked twice, the next two.
    pub fn drop_next(&self, stage: Stage) {
        self.shared.state().mishaps.push((stage, Mishap::Drop));
    }

    /// Keeps the next connection that reaches this stage waiting for so long, in real time, and then goes on.
    pub fn stall_next(&self, stage: Stage, pause: Duration) {
        self.shared.state().mishaps.push((stage, Mishap::Stall(pause)));
    }

    /// How many drops and stalls nobody has met yet.
    pub fn mishaps(&self) -> usize {
        self.shared.state().mishaps.len()
    }

    /// Forgets the drops and stalls that nobody has met.
    pub fn calm(&self) {
        self.shared.state().mishaps.clear();
    }

    /// Takes the reactions due at this moment or earlier out of the agenda, in the order of their time.
    pub fn due(&self, until: i64) -> Vec<Reaction> {
        self.shared.state().agenda.take_due(until)
    }

    /// When the next reaction is due: how far a moved clock may jump.
    pub fn next_due(&self) -> Option<i64> {
        self.shared.state().agenda.next_at()
    }

    /// How many reactions are still to come.
    pub fn pending(&self) -> usize {
        self.shared.state().agenda.len()
    }

    /// From now on what is written back goes there; without it, nobody writes.
    pub fn mail_goes_to(&self, office: PostOffice) {
        self.shared.state().post_office = Some(office);
    }

    /// Does what a reaction says, and gives the status of HTTP or the last code of SMTP. Redirects are not followed.
    ///
    /// # Errors
    /// When it leads off the loopback interface, or nobody answers.
    pub async fn perform(&self, reaction: &Reaction) -> Result<u16, Error> {
        let status = match &reaction.act {
            Act::Visit(Visit { url, user_agent, from }) => visit(url, user_agent, *from).await?,
            Act::Write(mail) => {
                let office = self.shared.state().post_office.clone();
                deliver(mail, office.ok_or(Error::NoPostOffice)?.server).await?
            }
        };
        self.shared.tallies.reactions.add(1);
        Ok(status)
    }

    /// Performs reactions as their time comes, for ever.
    pub async fn live(&self) {
        loop {
            for reaction in self.due(self.shared.now()) {
                if let Err(error) = self.perform(&reaction).await {
                    tracing::warn!(%error, recipient = %reaction.recipient, "a reaction found no answer");
                }
            }
            tokio::time::sleep(TICK).await;
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What the connections and the world's owner share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) tallies: Tallies,
    hurry: AtomicU32,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    letters: Letters,
    agenda: Agenda,
    /// When each sender first tried each greylisted recipient.
    first_tries: HashMap<(String, String), i64>,
    mishaps: Vec<(Stage, Mishap)>,
    post_office: Option<PostOffice>,
}

/// Where mail that is written back goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostOffice {
    /// The server that takes it, on the loopback interface.
    pub server: SocketAddr,
    /// The address to which providers report complaints; without one they report none.
    pub complaints: Option<String>,
}

/// What the owner wishes on the next connection that reaches a stage.
#[derive(Debug)]
enum Mishap {
    Drop,
    Stall(Duration),
}

/// A message that the server is about to accept.
pub(crate) struct Incoming {
    pub(crate) mail_from: String,
    pub(crate) recipients: Vec<(String, Behaviour)>,
    pub(crate) raw: Vec<u8>,
}

/// A delay in a hurry. The first minute is as long as ever: whoever reads and clicks within seconds is taken for a machine.
fn hurried(delay: i64, times: i64) -> i64 {
    let moments = delay.min(MINUTE);
    moments + (delay - moments) / times
}

impl Shared {
    fn new(options: Options) -> Self {
        let letters = Letters::new(options.keep);
        let hurry = AtomicU32::new(options.hurry.max(1));
        Self {
            options,
            hurry,
            tallies: Tallies::default(),
            state: Mutex::new(State {
                letters,
                agenda: Agenda::default(),
                first_tries: HashMap::new(),
                mishaps: Vec::new(),
                post_office: None,
            }),
        }
    }

    pub(crate) fn now(&self) -> i64 {
        (self.options.now)()
    }

    /// Whether the owner asked to drop a connection here, after a stall they asked for; each wish is granted once.
    pub(crate) async fn drops_at(&self, stage: Stage) -> bool {
        match self.take_mishap(stage) {
            Some(Mishap::Drop) => true,
            Some(Mishap::Stall(pause)) => {
                tokio::time::sleep(pause).await;
                false
            }
            None => false,
        }
    }

    fn take_mishap(&self, stage: Stage) -> Option<Mishap> {
        let mishaps = &mut self.state().mishaps;
        let at = mishaps.iter().position(|(wish, _)| *wish == stage)?;
        Some(mishaps.swap_remove(at).1)
    }

    /// Whether this sender must still wait for this greylisted recipient.
    pub(crate) fn is_greylisted(&self, mail_from: &str, recipient: &str) -> bool {
        let now = self.now();
        let pair = (mail_from.to_lowercase(), recipient.to_lowercase());
        let first = *self.state().first_tries.entry(pair).or_insert(now);
        now.saturating_sub(first) < micros(self.options.greylist)
    }

    /// Keeps the message for each of its recipients and plans what they will do with it.
    pub(crate) fn keep(&self, incoming: Incoming) {
        let received_at = self.now();
        let raw: Arc<[u8]> = incoming.raw.into();
        let message_id = message_id(&raw);
        // Decoding is slow and load tests write to people who read nothing, so it waits for the first reader.
        let mut page = None;
        for (recipient, behaviour) in incoming.recipients {
            let letter = Received {
                recipient: recipient.clone(),
                mail_from: incoming.mail_from.clone(),
                message_id: message_id.clone(),
                received_at,
                raw: Arc::clone(&raw),
            };
            self.tallies.accepted.add(1);
            let earlier = self.state().letters.keep(letter);
            if behaviour.habit != crate::Habit::Silent {
                let arrival = Arrival { recipient: &recipient, earlier, at: received_at, behaviour };
                let written = self.write_back(&arrival, &incoming.mail_from, &raw);
                self.plan(&arrival, page.get_or_insert_with(|| read_page(&raw)), written);
            }
        }
    }

    /// What the recipient writes back, if there is a way for it.
    fn write_back(&self, arrival: &Arrival, return_path: &str, raw: &[u8]) -> Option<Mail> {
        let office = self.state().post_office.clone()?;
        let Arrival { recipient, earlier, at, behaviour } = *arrival;
        let letter = Letter { seed: self.options.seed, recipient, earlier, return_path, at, raw };
        write(&letter, behaviour.habit, office.complaints.as_deref())
    }

    fn plan(&self, arrival: &Arrival, page: &Page, written: Option<Mail>) {
        let hurry = i64::from(self.hurry.load(Ordering::Relaxed));
        let planned = plan(self.options.seed, arrival, page, written);
        let mut state = self.state();
        for mut reaction in planned {
            reaction.at = arrival.at + hurried(reaction.at - arrival.at, hurry);
            state.agenda.add(reaction);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change under the lock is complete in itself, so a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message that makes the decoder panic is one that nobody can read.
fn read_page(raw: &[u8]) -> Page {
    catch_unwind(AssertUnwindSafe(|| Page::of_message(raw))).unwrap_or_default()
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
