//! Where links of new mail lead.

use domain::Timestamp;
use store::tracking_domains::TrackingDomain;

use crate::{mailroom::Mailroom, support::Backend};

/// Behind the engine's back: what a check by another node comes to.
async fn own_host(room: &Mailroom, active_since: Option<Timestamp>) {
    let domain = TrackingDomain {
        workspace_id: room.actor.workspace,
        host: "go.northlight.example".into(),
        created_at: room.engine.now(),
        active_since,
        checked_at: None,
        failing_since: None,
        problem: None,
        problem_text: None,
    };
    let mut tx = room.engine.db().begin().await.unwrap();
    store::tracking_domains::save(&mut tx, &domain).await.unwrap();
    tx.commit().await.unwrap();
    room.engine.recheck_tracking_domains().await.unwrap();
}

/// How many links and pixels of the last email to `address` lead to each host.
async fn leads_to(room: &Mailroom, address: &str) -> (usize, usize) {
    room.send(address).await;
    room.deliver().await;
    let raw = room.world.inbox(address).last().expect("an email").raw.clone();
    let text = String::from_utf8_lossy(&raw).replace("=\r\n", "");
    let count = |host: &str| ["/c/", "/o/"].iter().map(|path| text.matches(&format!("{host}{path}")).count()).sum();
    (count("https://go.northlight.example"), count("http://127.0.0.1:4080"))
}

#[tokio::test]
async fn new_mail_leads_through_the_own_host_only_while_it_is_switched_on() {
    let room = Mailroom::open(Backend::Sqlite).await;
    own_host(&room, None).await;
    let (own, default) = leads_to(&room, "accept.a@a.example").await;
    assert_eq!(own, 0);
    assert!(default >= 2);
    own_host(&room, Some(room.engine.now())).await;
    assert_eq!(leads_to(&room, "accept.b@b.example").await, (default, 0));
    own_host(&room, None).await;
    assert_eq!(leads_to(&room, "accept.c@c.example").await, (0, default));
}
