use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use testbed::postfix::{Options, Postfix};

const SOON: Duration = Duration::from_secs(20);

/// Says each line to the server and answers the replies, the greeting first.
fn converse(server: SocketAddr, lines: &[&str]) -> Vec<String> {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let mut replies = BufReader::new(stream.try_clone().unwrap());
    let mut heard = vec![reply(&mut replies)];
    for line in lines {
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        heard.push(reply(&mut replies));
    }
    heard
}

/// The last line of one reply: the fourth character of all others is a hyphen.
fn reply(from: &mut impl BufRead) -> String {
    loop {
        let mut line = String::new();
        assert!(from.read_line(&mut line).unwrap() > 0, "the server hung up");
        if line.as_bytes().get(3) != Some(&b'-') {
            return line.trim_end().to_owned();
        }
    }
}

#[test]
fn a_message_reaches_the_maildir_of_its_recipient() {
    let postfix = Postfix::start();
    let message = "Subject: Hello\r\n\r\nAhoy.\r\n.";
    let replies = converse(
        postfix.addr(),
        &["EHLO us.example", "MAIL FROM:<we@us.example>", "RCPT TO:<marta@example.test>", "DATA", message, "QUIT"],
    );
    assert!(replies[5].starts_with("250 2.0.0 Ok"), "{replies:?}");

    let arrived = postfix.maildir("marta@example.test").wait_for_message();
    let arrived = String::from_utf8(arrived).unwrap();
    assert!(arrived.starts_with("Return-Path: <we@us.example>\n"), "{arrived}");
    assert!(arrived.ends_with("\n\nAhoy.\n"), "{arrived}");
    assert!(postfix.maildir("somebody.else@example.test").messages().is_empty());
}

#[test]
fn a_recipient_can_be_refused_and_a_foreign_domain_always_is() {
    let postfix = Postfix::start_with(&Options { refused: vec!["gone@example.test".to_owned()], ..Options::default() });
    let replies = converse(
        postfix.addr(),
        &["EHLO us.example", "MAIL FROM:<we@us.example>", "RCPT TO:<gone@example.test>", "RCPT TO:<them@example.org>"],
    );
    assert!(replies[3].starts_with("550 5.1.1 "), "{replies:?}");
    assert!(replies[4].starts_with("554 5.7.1 "), "{replies:?}");
}

#[test]
fn a_message_over_the_limit_is_refused() {
    let postfix = Postfix::start_with(&Options { message_size_limit: 10_000, ..Options::default() });
    let replies = converse(postfix.addr(), &["EHLO us.example", "MAIL FROM:<we@us.example> SIZE=20000"]);
    assert!(replies[2].starts_with("552 5.3.4 "), "{replies:?}");
}

#[test]
fn a_dropped_postfix_leaves_nothing_behind() {
    let postfix = Postfix::start();
    let server = postfix.addr();
    drop(postfix);
    assert!(TcpStream::connect(server).is_err());
}
