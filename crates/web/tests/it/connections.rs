//! Clients that say nothing, or never to the end, or do not listen: on real connections, plain and by TLS.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use engine::{DomainSettings, Engine};
use testbed::{
    dns::{DnsServer, Record},
    pebble::Pebble,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep, timeout},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};
use web::Patience;

use crate::support::world::{Backend, PASSWORD, World, engine_with};

/// Short, so that a test may wait for it; the other limits are out of the way.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_mins(1);

/// How long anything may take before a test gives up on it: much longer than what it waits for, on a machine that is busy.
const GIVE_UP: Duration = Duration::from_mins(1);

const HURRIES_HEADS: Patience = Patience { handshake: LONG, head: SHORT, silence: LONG };
const HURRIES_SILENCE: Patience = Patience { handshake: LONG, head: LONG, silence: SHORT };

fn options(patience: Patience) -> web::Options {
    web::Options { patience, ..web::Options::default() }
}

/// A server that answers at this address.
async fn server(patience: Patience) -> (World, SocketAddr) {
    let world = World::new(Backend::Postgres).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(web::serve(listener, world.engine.clone(), options(patience)));
    (world, address)
}

/// What comes until the server hangs up.
async fn until_the_end(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    // How it hangs up is its own affair.
    let _ = timeout(GIVE_UP, stream.read_to_end(&mut bytes)).await.expect("the connection was not ended");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What comes up to `end`.
async fn until(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut bytes = Vec::new();
    while !String::from_utf8_lossy(&bytes).contains(end) {
        let byte = timeout(GIVE_UP, stream.read_u8()).await.expect("nothing came");
        bytes.push(byte.unwrap_or_else(|error| panic!("{error} after {}", String::from_utf8_lossy(&bytes))));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Says a head without an end, a byte now and then, until nobody listens any more.
async fn dribble(stream: &mut (impl AsyncWrite + Unpin)) {
    let began = Instant::now();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: deck.example\r\nX-Slow: ").await.unwrap();
    while stream.write_all(b"x").await.is_ok() && stream.flush().await.is_ok() {
        assert!(began.elapsed() < GIVE_UP, "it listens for ever");
        sleep(SHORT / 10).await;
    }
}

#[tokio::test]
async fn whoever_says_nothing_or_never_the_end_of_a_head_is_left() {
    let (_world, address) = server(HURRIES_HEADS).await;
    let connect = async || TcpStream::connect(address).await.unwrap();
    assert_eq!(until_the_end(&mut connect().await).await, "", "nothing at all");

    let mut half = connect().await;
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: deck").await.unwrap();
    assert_eq!(until_the_end(&mut half).await, "", "a part of a head");

    dribble(&mut connect().await).await;

    let mut kept = connect().await;
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: deck.example\r\n\r\n").await.unwrap();
    assert!(until_the_end(&mut kept).await.ends_with("alive\n"), "answered, kept, and then ended");
}

#[tokio::test]
async fn whoever_never_sends_the_body_or_never_takes_the_answer_is_left() {
    let (_world, address) = server(HURRIES_SILENCE).await;
    let mut half = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: deck.example\r\nContent-Type: application/json\r\n";
    half.write_all(format!("{head}Content-Length: 100\r\n\r\n{{\"email\"").as_bytes()).await.unwrap();
    assert_eq!(until_the_end(&mut half).await, "");

    // Asks until the answers that nobody takes fill all that lies between.
    let mut deaf = TcpStream::connect(address).await.unwrap();
    let questions = "GET /api/openapi.json HTTP/1.1\r\nHost: deck.example\r\n\r\n".repeat(1000);
    let asked = timeout(GIVE_UP, async { while deaf.write_all(questions.as_bytes()).await.is_ok() {} }).await;
    assert!(asked.is_ok(), "it waits for ever");
}

/// The session cookie of Mia.
async fn signed_in(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = format!("{{\"email\":\"mia@north.example\",\"password\":\"{PASSWORD}\"}}");
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: deck.example\r\nContent-Type: application/json\r\n";
    let length = body.len();
    stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes()).await.unwrap();
    let head = until(&mut stream, "\r\n\r\n").await;
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a session");
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_live_stream_on_which_the_client_says_nothing_more_goes_on() {
    let (world, address) = server(HURRIES_HEADS).await;
    let cookie = signed_in(address).await;
    let mut live = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /api/v1/live HTTP/1.1\r\nHost: deck.example\r\nCookie: {cookie}\r\n\r\n");
    live.write_all(head.as_bytes()).await.unwrap();
    until(&mut live, "event: hello").await;
    sleep(3 * SHORT).await;
    let (workspace, owner) = (world.member.workspace, Some(world.member.user));
    let topic = engine::live::Topic::Emails;
    world.engine.live().tell(engine::live::Change { workspace, owner, topic, emails: Vec::new() });
    until(&mut live, "event: change").await;
}

#[tokio::test]
async fn a_server_that_stops_answers_what_was_asked_and_waits_for_nobody_who_only_might_ask() {
    let world = World::new(Backend::Postgres).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = web::Options::default();
    let stopping = options.stopping.clone();
    let serving = tokio::spawn(web::serve(listener, world.engine.clone(), options));
    let mut kept = TcpStream::connect(address).await.unwrap();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: deck.example\r\n\r\n").await.unwrap();
    until(&mut kept, "alive\n").await;
    let mut asking = TcpStream::connect(address).await.unwrap();
    let body = format!("{{\"email\":\"mia@north.example\",\"password\":\"{PASSWORD}\"}}");
    let head = "POST /api/v1/session HTTP/1.1\r\nHost: deck.example\r\nContent-Type: application/json\r\n";
    let length = body.len();
    let head = format!("{head}Expect: 100-continue\r\nContent-Length: {length}\r\n\r\n");
    asking.write_all(head.as_bytes()).await.unwrap();
    until(&mut asking, "100 Continue\r\n\r\n").await;

    stopping.cancel();
    assert_eq!(until_the_end(&mut kept).await, "", "a kept connection ends at once");
    asking.write_all(body.as_bytes()).await.unwrap();
    assert!(until_the_end(&mut asking).await.starts_with("HTTP/1.1 200"), "what was asked is answered");
    timeout(GIVE_UP, serving).await.expect("it ends").unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody is let in any more");
}

const NAME: &str = "go.shop.example";

/// A server that answers https as [`NAME`].
struct Secure {
    address: SocketAddr,
    connector: TlsConnector,
    _parts: (World, DnsServer, Pebble),
}

impl Secure {
    async fn open(patience: Patience) -> Self {
        let dns = DnsServer::start();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let pebble = Pebble::start(address.port(), dns.address());
        let trusted_roots = DomainSettings::read_roots(pebble.trusted().as_bytes()).unwrap();
        let domains = DomainSettings {
            dns_servers: vec![dns.address()],
            trusted_roots,
            acme_directory: Some(pebble.directory_url().to_owned()),
            ..DomainSettings::default()
        };
        let (engine, clock) = engine_with(&Backend::Postgres.fresh(), 7, domains).await;
        tokio::spawn(web::serve_tls(listener, engine.clone(), options(patience)));
        dns.publish(NAME, Record::Cname("links.sales.example".into()));
        dns.publish("links.sales.example", Record::Address("127.0.0.1".parse().unwrap()));
        let world = World::of(engine, clock).await;
        world.engine.enter_tracking_domain(&world.admin, &format!("{NAME}:{}", address.port())).await.unwrap();
        assert!(world.engine.activate_tracking_domain(&world.admin).await.unwrap().is_ok());
        let connector = trusting(&world.engine);
        Self { address, connector, _parts: (world, dns, pebble) }
    }

    async fn connect(&self) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        self.connector.connect(ServerName::try_from(NAME).unwrap(), stream).await.unwrap()
    }
}

/// A client that trusts whom the server trusts.
fn trusting(engine: &Engine) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    for root in &engine.settings().domains.trusted_roots {
        roots.add(root.clone()).unwrap();
    }
    TlsConnector::from(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tls_the_same_holds() {
    let server = Secure::open(HURRIES_HEADS).await;
    assert_eq!(until_the_end(&mut server.connect().await).await, "", "nothing at all");
    dribble(&mut server.connect().await).await;
    let mut kept = server.connect().await;
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: go.shop.example\r\n\r\n").await.unwrap();
    assert!(until_the_end(&mut kept).await.ends_with("alive\n"), "answered, kept, and then ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_agrees_on_no_keys_is_left() {
    // The host that is checked needs time for its own handshake.
    let patience = Patience { handshake: Duration::from_secs(3), head: LONG, silence: LONG };
    let server = Secure::open(patience).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(until_the_end(&mut silent).await, "");
}
