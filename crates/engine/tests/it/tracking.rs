//! Views and clicks: sealed, recorded, judged.

mod kills;
mod links;
mod settling;
mod verdicts;

use std::net::IpAddr;

use domain::{EmailId, Status, engagement::Announced};
use engine::tracking::{Token, Visit, VisitKind};

use crate::mailroom::Mailroom;

pub(crate) const BROWSER: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";

/// The URLs of the received message that point at us: the links first, the pixel last.
fn tracked_urls(room: &Mailroom, address: &str) -> Vec<String> {
    let inbox = room.world.inbox(address);
    let raw = String::from_utf8_lossy(&inbox.last().unwrap().raw).replace("=\r\n", "");
    let mut urls: Vec<String> = raw
        .split("\"http://127.0.0.1:4080/")
        .flat_map(|part| part.split("=3D\"http://127.0.0.1:4080/"))
        .skip(1)
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect();
    urls.sort();
    urls
}

fn token_of(url: &str) -> &str {
    url.split_once('/').unwrap().1.trim_end_matches(".gif")
}

/// A visit to an email by the browser of somebody at `ip`.
fn visit_to(room: &Mailroom, email: EmailId, kind: VisitKind, ip: &str) -> Visit {
    Visit {
        workspace: room.actor.workspace,
        email,
        kind,
        at: room.engine.now(),
        ip: Some(ip.parse::<IpAddr>().unwrap()),
        user_agent: Some(BROWSER.to_owned()),
        announced: None::<Announced>,
        session_token: None,
    }
}

fn click(link: u16) -> VisitKind {
    VisitKind::Click { link, url: format!("https://northlight.example/{link}") }
}

async fn visit(room: &Mailroom, visit: Visit) {
    room.engine.note_visit(visit);
    room.engine.record_visits().await;
}

/// Sent and accepted: the email, the first link and the pixel.
async fn delivered(room: &Mailroom, address: &str) -> (EmailId, Token, Token) {
    let id = room.send(address).await;
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    let urls = tracked_urls(room, address);
    let link = room.engine.open_token(token_of(&urls[0])).unwrap();
    let pixel = room.engine.open_token(token_of(urls.last().unwrap())).unwrap();
    (id, link, pixel)
}
