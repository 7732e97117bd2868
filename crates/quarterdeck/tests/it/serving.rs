use std::{os::unix::fs::symlink, time::Duration};

use crate::program::Deck;

#[test]
fn it_is_ready_soon_prints_a_setup_link_and_stops_when_told() {
    let deck = Deck::new();
    let serving = deck.serve();
    assert_eq!(serving.said.len(), 3, "{:?}", serving.said);
    assert_eq!(serving.get("/healthz"), (200, "alive\n".to_owned()));
    assert_eq!(serving.get("/api/v1/setup").0, 200);
    assert!(serving.get("/metrics").1.contains("quarterdeck_http_requests_total"));
    let (well, took) = serving.stop();
    assert!(well);
    assert!(took < Duration::from_secs(15), "{took:?}");
}

#[test]
fn a_second_server_on_the_same_file_is_refused_with_a_sentence() {
    let deck = Deck::new();
    let first = deck.serve();
    for arguments in [["serve", "--listen=127.0.0.1:0"].as_slice(), &["migrate"]] {
        let second = deck.run(arguments);
        assert!(!second.status.success());
        let said = String::from_utf8(second.stderr).unwrap();
        assert!(said.contains("already served by another quarterdeck"), "{said}");
    }
    let elsewhere = Deck::new();
    symlink(deck.path("quarterdeck.db"), elsewhere.path("link.db")).unwrap();
    symlink(deck.path(""), elsewhere.path("folder")).unwrap();
    for url in ["sqlite:link.db", "sqlite:./folder/quarterdeck.db", "sqlite:./link.db"] {
        let command = ["migrate", "--database-url", url];
        let second = elsewhere.command(&command).current_dir(elsewhere.path("")).output().unwrap();
        let said = String::from_utf8(second.stderr).unwrap();
        assert!(said.contains("already served by another quarterdeck"), "{url}: {said}");
    }
    drop(first);
    assert!(deck.run(&["migrate"]).status.success(), "a server that was killed holds no lock");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Deck::new().run(&["serve", "--listen", &address]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains(&address));
}
