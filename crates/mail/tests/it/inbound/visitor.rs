//! An office that takes mail, and somebody who comes with some.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use mail::inbound::{Door, Letter, Limits, Options, Taken, Tls, Unavailable, serve};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

pub(crate) const BOUNCE: &str =
    "From: MAILER-DAEMON@mx.test\r\nTo: r+ours@bounces.test\r\nSubject: Undelivered\r\n\r\n550 5.1.1 no such user\r\n";

const PATIENCE: Duration = Duration::from_secs(20);

/// A door that knows two addresses and keeps what comes.
#[derive(Clone, Default)]
struct Keeper {
    letters: Arc<Mutex<Vec<(u32, Letter)>>>,
    fails: Arc<AtomicBool>,
}

impl Keeper {
    fn check(&self) -> Result<(), Unavailable> {
        if self.fails.load(Ordering::SeqCst) { Err(Unavailable) } else { Ok(()) }
    }
}

impl Door for Keeper {
    type Addressee = u32;

    async fn addressee(&self, address: &str) -> Result<Option<u32>, Unavailable> {
        self.check()?;
        Ok(match address {
            "r+ours@bounces.test" => Some(1),
            "r+gone@bounces.test" => Some(2),
            _ => None,
        })
    }

    async fn take(&self, to: u32, letter: Letter) -> Result<Taken, Unavailable> {
        self.check()?;
        if to == 2 {
            return Ok(Taken::Nobodys);
        }
        self.letters.lock().unwrap().push((to, letter));
        Ok(Taken::Recorded)
    }
}

pub(crate) struct Office {
    pub(crate) address: SocketAddr,
    keeper: Keeper,
    stop: CancellationToken,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Office {
    pub(crate) async fn open(limits: Limits) -> Self {
        Self::open_with(limits, None).await
    }

    pub(crate) async fn open_with(limits: Limits, tls: Option<Tls>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (keeper, stop) = (Keeper::default(), CancellationToken::new());
        let options = Options { name: "port.test".into(), tls, limits };
        let serving = tokio::spawn(serve(listener, keeper.clone(), options, stop.clone()));
        Self { address, keeper, stop, serving: Mutex::new(Some(serving)) }
    }

    pub(crate) async fn visit(&self) -> Visitor {
        Visitor(BufReader::new(TcpStream::connect(self.address).await.unwrap()))
    }

    pub(crate) fn letters(&self) -> Vec<(u32, Letter)> {
        self.keeper.letters.lock().unwrap().clone()
    }

    pub(crate) fn fail(&self) {
        self.keeper.fails.store(true, Ordering::SeqCst);
    }

    pub(crate) fn recover(&self) {
        self.keeper.fails.store(false, Ordering::SeqCst);
    }

    pub(crate) fn stop(&self) -> JoinHandle<()> {
        self.stop.cancel();
        self.serving.lock().unwrap().take().unwrap()
    }
}

pub(crate) struct Visitor(BufReader<TcpStream>);

impl Visitor {
    /// Comes again until there is room.
    pub(crate) async fn again(office: &Office) -> Self {
        for _ in 0..1000 {
            let mut visitor = office.visit().await;
            if visitor.0.fill_buf().await.unwrap_or_default().starts_with(b"220") {
                return visitor;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("there was no room for long");
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.try_send(text).await.unwrap();
    }

    pub(crate) async fn try_send(&mut self, text: &str) -> io::Result<()> {
        timeout(PATIENCE, self.0.write_all(text.as_bytes())).await.unwrap()
    }

    /// The next whole answer, in all its lines.
    pub(crate) async fn answer(&mut self) -> String {
        let mut whole = String::new();
        loop {
            let start = whole.len();
            let read = timeout(PATIENCE, self.0.read_line(&mut whole)).await.unwrap().unwrap();
            if read == 0 || whole.as_bytes().get(start + 3) != Some(&b'-') {
                return whole;
            }
        }
    }

    pub(crate) async fn expect(&mut self, code: &str) {
        let answer = self.answer().await;
        assert!(answer.starts_with(code), "expected {code}, heard {answer:?}");
    }

    pub(crate) async fn ask(&mut self, line: &str) -> String {
        self.send(&format!("{line}\r\n")).await;
        self.answer().await
    }

    /// Delivers a message, and answers the code of the last answer.
    pub(crate) async fn deliver(&mut self, from: &str, to: &str, message: &str) -> String {
        self.ask("EHLO mx.test").await;
        self.ask(&format!("MAIL FROM:<{from}>")).await;
        let answer = self.ask(&format!("RCPT TO:<{to}>")).await;
        assert!(answer.starts_with("250"), "{answer}");
        self.ask("DATA").await;
        self.send(message).await;
        self.ask(".").await[..3].to_owned()
    }

    pub(crate) async fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        // Bytes that nobody read make a connection end with a reset.
        timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.is_ok()
    }
}

/// How much memory this process has, in bytes.
pub(crate) fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
