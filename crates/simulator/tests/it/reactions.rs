//! What happens to letters after they arrived.

use crate::client::{BEGINNING, Client, Hands, SECOND, options, visit, visit_mut};
use crate::web::Web;
use simulator::{Error, Options, Reaction, World};
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::time::Instant;

const DAY: i64 = 86_400 * SECOND;

/// A letter in two parts with a pixel, two tracked links and one of another host.
fn letter(web: &Web) -> String {
    let base = format!("http://{}", web.address);
    format!(
        "From: <elena@northlight.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nHello\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         <p><a href=3D\"{base}/c/one?a=3D1&amp;b=3D2\">one</a>\r\n<a href=3D\"{base}/c/t=\r\nwo\">two</a>\r\n\
         <a href=3D\"https://www.northlight.example/\">three</a></p>\r\n\
         <img src=3D\"{base}/o/pixel.gif\" width=3D\"1\" alt=3D\"\">\r\n--b--\r\n"
    )
}

async fn deliver(world: &World, web: &Web, recipient: &str) {
    let mut client = Client::greeted(world).await;
    let answer = client.deliver(recipient, &letter(web)).await;
    assert!(answer.starts_with("250 2.0.0"), "{answer}");
}

/// Everything the world has planned, in order.
async fn planned(recipient: &str) -> (Web, Vec<Reaction>) {
    let web = Web::start().await;
    let world = World::start(options()).await.unwrap();
    deliver(&world, &web, recipient).await;
    let reactions = world.due(i64::MAX);
    assert_eq!(world.pending(), 0);
    (web, reactions)
}

fn paths(reactions: &[Reaction]) -> Vec<&str> {
    reactions.iter().map(|reaction| visit(reaction).url.splitn(4, '/').nth(3).unwrap()).collect()
}

#[tokio::test]
async fn a_reader_really_requests_the_pixel() {
    let (web, reactions) = planned("open.ana@x.example").await;
    assert_eq!(paths(&reactions), ["o/pixel.gif"]);
    let world = World::start(options()).await.unwrap();
    assert_eq!(world.perform(&reactions[0]).await.unwrap(), 302);

    let requests = web.requests();
    assert_eq!(requests.len(), 1, "the redirect was followed: {requests:?}");
    assert_eq!(requests[0].path, "/o/pixel.gif");
    assert_eq!(requests[0].host, web.address.to_string());
    assert_eq!(requests[0].user_agent, visit(&reactions[0]).user_agent);
    if cfg!(target_os = "linux") {
        assert_eq!(requests[0].from, IpAddr::from(visit(&reactions[0]).from));
    }
    assert_eq!(world.counters().reactions, 1);
}

#[tokio::test]
async fn a_clicker_opens_first_and_follows_tracked_links_only() {
    let (_web, reactions) = planned("click.ana@x.example").await;
    let paths = paths(&reactions);
    assert_eq!(paths[0], "o/pixel.gif");
    assert!((2..=3).contains(&paths.len()), "{paths:?}");
    for link in &paths[1..] {
        assert!(["c/one?a=1&b=2", "c/two"].contains(link), "{link}");
    }
    for pair in reactions.windows(2) {
        assert!(pair[1].at - pair[0].at >= 12 * SECOND, "a person needs time to read");
    }
    assert!(reactions[0].at - BEGINNING <= 12 * SECOND, "keyword recipients are eager");
}

#[tokio::test]
async fn a_scanner_requests_every_link_in_one_burst() {
    let (_web, reactions) = planned("scanner.ana@x.example").await;
    assert_eq!(paths(&reactions), ["o/pixel.gif", "c/one?a=1&b=2", "c/two"]);
    assert!(reactions[2].at - reactions[1].at < SECOND);
    assert!(reactions.iter().all(|reaction| visit(reaction).from == visit(&reactions[0]).from));
}

#[tokio::test]
async fn a_prefetching_service_loads_the_image_seconds_after_delivery() {
    let (_web, reactions) = planned("prefetch.ana@x.example").await;
    assert_eq!(paths(&reactions), ["o/pixel.gif"]);
    assert!(reactions[0].at - BEGINNING < 10 * SECOND);
    let known = ["Edge/12.246 Mozilla/5.0", "Mozilla/5.0"];
    assert!(known.iter().any(|end| visit(&reactions[0]).user_agent.ends_with(end)));
}

#[tokio::test]
async fn silent_recipients_and_letters_without_tracking_cause_nothing() {
    assert_eq!(planned("accept.ana@x.example").await.1, []);
    let world = World::start(options()).await.unwrap();
    let mut client = Client::greeted(&world).await;
    client.deliver("click@x.example", crate::client::LETTER).await;
    assert_eq!(world.next_due(), None);
}

#[tokio::test]
async fn three_weeks_pass_in_no_time_under_a_moved_clock() {
    let web = Web::start().await;
    let hands = Hands::new();
    let world = World::start(Options::new(7, hands.clock())).await.unwrap();
    for day in 0..21 {
        hands.set(BEGINNING + day * DAY);
        let mut client = Client::greeted(&world).await;
        for person in simulator::people(7, 10) {
            client.deliver(&person.address, &letter(&web)).await;
            client.ask("RSET").await;
        }
        let until = BEGINNING + (day + 1) * DAY;
        while let Some(at) = world.next_due().filter(|&at| at < until) {
            for reaction in world.due(at) {
                assert_eq!(reaction.at, at);
                hands.set(at);
                world.perform(&reaction).await.unwrap();
            }
        }
    }
    let requests = web.requests();
    assert!(requests.len() > 100, "{}", requests.len());
    let clicks = requests.iter().filter(|request| request.path.starts_with("/c/")).count();
    assert!(clicks > 10, "{clicks}");
    let readers: HashSet<_> = requests.iter().map(|request| request.from).collect();
    assert!(!cfg!(target_os = "linux") || readers.len() > 3, "{readers:?}");
    assert_eq!(world.counters().reactions, requests.len() as u64);
}

#[tokio::test]
async fn a_living_world_reacts_as_time_passes() {
    let web = Web::start().await;
    let begin = Instant::now();
    // A thousand times faster than ours.
    let now = Arc::new(move || BEGINNING + i64::try_from(begin.elapsed().as_nanos()).unwrap_or(0));
    let world = World::start(Options::new(7, now)).await.unwrap();
    let world = Arc::new(world);
    deliver(&world, &web, "click.ana@x.example").await;
    let living = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.live().await }
    });
    let all_done = async {
        while world.pending() > 0 || web.requests().len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), all_done).await.unwrap();
    living.abort();
    assert_eq!(web.requests()[0].path, "/o/pixel.gif");
}

#[tokio::test]
async fn a_reaction_to_another_host_is_never_performed() {
    let (_web, mut reactions) = planned("open.ana@x.example").await;
    let world = World::start(options()).await.unwrap();
    for url in ["http://192.0.2.1/o.gif", "http://www.northlight.example/o.gif", "http://2130706433/"] {
        visit_mut(&mut reactions[0]).url = url.to_owned();
        let refused = world.perform(&reactions[0]).await;
        assert!(matches!(refused, Err(Error::NotLoopback(_))), "{refused:?}");
    }
    visit_mut(&mut reactions[0]).url = "https://127.0.0.1/".to_owned();
    assert!(matches!(world.perform(&reactions[0]).await, Err(Error::NotHttp(_))));
    assert_eq!(world.counters().reactions, 0);
}

#[tokio::test]
async fn what_does_not_speak_http_is_an_error() {
    let (_web, mut reactions) = planned("open.ana@x.example").await;
    let world = World::start(options()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    visit_mut(&mut reactions[0]).url = format!("http://{}/", listener.local_addr().unwrap());
    let says_something_else = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"220 mail.example ESMTP\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
    };
    let (refused, ()) = tokio::join!(world.perform(&reactions[0]), says_something_else);
    assert!(matches!(refused, Err(Error::NotAnAnswer)), "{refused:?}");
    visit_mut(&mut reactions[0]).url = "http://127.0.0.1:1/".to_owned();
    assert!(matches!(world.perform(&reactions[0]).await, Err(Error::Io(_))));
}
