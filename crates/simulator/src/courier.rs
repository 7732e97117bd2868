//! One message handed to an SMTP server on the loopback interface, and to no other.

use crate::error::Error;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(10);

/// A message on its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address given at MAIL; empty for the null sender.
    pub from: String,
    /// The address given at RCPT.
    pub to: String,
    /// The message, in lines that end with CRLF.
    pub raw: String,
}

/// Hands a message over and gives the code of the last answer.
pub(crate) async fn deliver(mail: &Mail, server: SocketAddr) -> Result<u16, Error> {
    if !server.ip().is_loopback() {
        return Err(Error::NotLoopback(server.to_string()));
    }
    tokio::time::timeout(PATIENCE, converse(mail, server)).await.map_err(|_| Error::TimedOut)?
}

async fn converse(mail: &Mail, server: SocketAddr) -> Result<u16, Error> {
    let mut stream = BufReader::new(TcpStream::connect(server).await?);
    let mut code = answer(&mut stream).await?;
    let content = mail.raw.replace("\r\n.", "\r\n..");
    let commands = [
        "EHLO simulator.localhost\r\n".to_owned(),
        format!("MAIL FROM:<{}>\r\n", mail.from),
        format!("RCPT TO:<{}>\r\n", mail.to),
        "DATA\r\n".to_owned(),
        format!("{content}\r\n.\r\n"),
    ];
    for command in commands {
        if code >= 400 {
            return Ok(code);
        }
        stream.get_mut().write_all(command.as_bytes()).await?;
        code = answer(&mut stream).await?;
    }
    stream.get_mut().write_all(b"QUIT\r\n").await?;
    Ok(code)
}

/// The code of a whole answer.
async fn answer(stream: &mut BufReader<TcpStream>) -> Result<u16, Error> {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(Error::NotAnAnswer);
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return line.get(..3).and_then(|code| code.parse().ok()).ok_or(Error::NotAnAnswer);
        }
    }
}
