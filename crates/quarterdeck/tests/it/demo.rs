use crate::program::{Deck, Serving};

/// The session cookie of whoever the demo names with this role.
fn signed_in(demo: &Serving, role: &str) -> String {
    let line = demo.said.iter().find(|line| line.ends_with(&format!("({role})"))).unwrap();
    demo.sign_in(line)
}

#[test]
fn its_past_was_lived_through_and_left_something_in_every_folder() {
    let deck = Deck::new();
    let demo = deck.start(&["demo", "--people", "120", "--weeks", "2"], "Ctrl-C");
    let cookie = signed_in(&demo, "admin");
    let (_, counts) = demo.ask(&format!("GET /api/v1/emails/counts HTTP/1.1\r\nCookie: {cookie}\r\n"), "");
    println!("{counts}");
    for folder in
        ["draft", "scheduled", "in_progress", "uncertain", "delivered", "archived", "failed", "bounced", "spam"]
    {
        assert!(!counts.contains(&format!("\"{folder}\":0")), "nothing is {folder}: {counts}");
    }
    for role in ["manager", "member"] {
        signed_in(&demo, role);
    }
    assert!(demo.stop().0);
    let again = deck.run(&["demo", "--listen", "127.0.0.1:0"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("holds a workspace already"));
}

#[test]
fn an_empty_one_says_how_to_set_it_up_and_where_the_simulator_is() {
    let demo = Deck::new().start(&["demo", "--empty"], "SMTP");
    assert!(demo.said.iter().any(|line| line.contains("/setup#token=")), "{:?}", demo.said);
    assert!(demo.said.last().unwrap().contains("127.0.0.1:"), "{:?}", demo.said);
}

#[test]
fn its_folder_has_one_server_like_any_other() {
    let deck = Deck::new();
    let first = deck.start(&["demo", "--empty"], "SMTP");
    for command in ["demo", "serve"] {
        let second = deck.run(&[command, "--listen=127.0.0.1:0"]);
        assert!(!second.status.success());
        let said = String::from_utf8(second.stderr).unwrap();
        assert!(said.contains("already served by another quarterdeck"), "{said}");
    }
    assert!(first.stop().0);
}
