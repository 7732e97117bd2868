//! Ten thousand connections that bring nothing good.

use mail::inbound::Limits;
use tokio::task::JoinSet;

use super::visitor::{BOUNCE, Office, resident};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_connections_with_garbage_leave_nothing_behind() {
    let limits = Limits { visits_of_network: u32::MAX, connections_of_network: 200, ..Limits::default() };
    let office = std::sync::Arc::new(Office::open(limits).await);
    // The first thousand fill what is kept for later.
    flood(&office, 1_000).await;
    let before = resident();
    flood(&office, 9_000).await;
    let grown = resident().saturating_sub(before);
    assert!(grown < 32 * 1024 * 1024, "{grown} bytes");
    assert!(office.letters().is_empty());
    let mut visitor = super::Visitor::again(&office).await;
    visitor.expect("220").await;
    assert_eq!(visitor.deliver("", "r+ours@bounces.test", BOUNCE).await, "250");
}

/// Comes so often, a hundred at a time, each time with other garbage.
async fn flood(office: &std::sync::Arc<Office>, times: usize) {
    let mut visits = JoinSet::new();
    for n in 0..times {
        if visits.len() >= 100 {
            visits.join_next().await;
        }
        let office = std::sync::Arc::clone(office);
        visits.spawn(async move {
            let mut visitor = office.visit().await;
            let garbage = match n % 5 {
                0 => "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20),
                1 => "\u{0}\u{1}\u{2}".repeat(3_000),
                2 => "EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n".repeat(20),
                3 => {
                    format!("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<r+ours@bounces.test>\r\nDATA\r\n{}", "y".repeat(50_000))
                }
                _ => String::new(),
            };
            // They may be cut off, which is the point.
            let _ = visitor.try_send(&garbage).await;
        });
    }
    while visits.join_next().await.is_some() {}
}
