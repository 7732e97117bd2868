use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use testbed::dovecot::{Dovecot, Options};

const SOON: Duration = Duration::from_secs(20);

/// Says each line to the server and answers the last line of each answer, the greeting first.
fn converse(server: SocketAddr, lines: &[&str]) -> Vec<String> {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let mut replies = BufReader::new(stream.try_clone().unwrap());
    let mut heard = vec![line(&mut replies)];
    for said in lines {
        stream.write_all(format!("a {said}\r\n").as_bytes()).unwrap();
        loop {
            let reply = line(&mut replies);
            if reply.starts_with("a ") {
                heard.push(reply);
                break;
            }
        }
    }
    heard
}

fn line(from: &mut impl BufRead) -> String {
    let mut line = String::new();
    assert!(from.read_line(&mut line).unwrap() > 0, "the server hung up");
    line.trim_end().to_owned()
}

#[test]
fn a_user_signs_in_and_finds_what_was_delivered() {
    let dovecot = Dovecot::start();
    dovecot.folder("elena", "Sent").deliver(b"Message-ID: <a@b>\r\n\r\nHello\r\n");
    let heard = converse(
        dovecot.addr(),
        &["LOGIN elena \"open sesame 7\"", "EXAMINE Sent", "SEARCH HEADER Message-ID a@b", "FETCH 1 BODY.PEEK[]"],
    );
    assert!(heard[0].starts_with("* OK"), "{heard:?}");
    assert!(heard[1..].iter().all(|reply| reply.starts_with("a OK")), "{heard:?}");
    assert_eq!(dovecot.folder("elena", "Sent").messages().len(), 1);
    assert_eq!(dovecot.folder("elena", "Sent").flags(), [""]);
}

#[test]
fn a_wrong_password_opens_nothing() {
    let dovecot = Dovecot::start_with(&Options { marks_sent: false, ..Options::default() });
    assert!(converse(dovecot.addr(), &["LOGIN elena wrong"])[1].starts_with("a NO"));
}

#[test]
fn a_dropped_dovecot_leaves_nothing_behind() {
    let dovecot = Dovecot::start();
    let (plain, tls) = (dovecot.addr(), dovecot.tls_addr());
    drop(dovecot);
    assert!(TcpStream::connect(plain).is_err());
    assert!(TcpStream::connect(tls).is_err());
}
