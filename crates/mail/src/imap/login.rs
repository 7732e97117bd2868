//! Signing in with a password: `AUTHENTICATE PLAIN` (RFC 4616), or `LOGIN` where that is all there is.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Cause, Fault, Server,
    session::Offers,
    utf7::quoted,
    wire::{Log, Wire},
};
use crate::transcript::conceal;

/// Signs in the way the server offers; neither the log nor the error repeats the password.
pub(super) async fn sign_in(wire: &mut Wire, offers: &Offers, server: &Server, log: &mut Log) -> Result<(), Cause> {
    let Server { username, password, .. } = server;
    if username.chars().chain(password.chars()).any(char::is_control) {
        return Err(Fault::UnusableCredentials.into());
    }
    let proof = STANDARD.encode(format!("\0{username}\0{password}"));
    let answered = if offers.include("AUTH=PLAIN") {
        plain(wire, &proof, log).await
    } else if !offers.include("LOGINDISABLED") && username.is_ascii() && password.is_ascii() {
        login(wire, server, log).await
    } else {
        Err(Fault::NoMechanism.into())
    };
    let secrets = [password.clone(), proof];
    log.conceal(&secrets);
    answered.map_err(|cause| match cause {
        Cause::Refused(mut words) => {
            conceal(&mut words, &secrets);
            Cause::Refused(words)
        }
        lost @ Cause::Lost(_) => lost,
    })
}

async fn plain(wire: &mut Wire, proof: &str, log: &mut Log) -> Result<(), Cause> {
    wire.begin_command("AUTHENTICATE PLAIN", log).await?;
    wire.finish_command(proof.as_bytes(), "***", log).await.map(drop)
}

async fn login(wire: &mut Wire, server: &Server, log: &mut Log) -> Result<(), Cause> {
    let command = format!("LOGIN {} {}", quoted(&server.username), quoted(&server.password));
    let said = wire.command(&command, log).await.map(drop);
    log.conceal(&[quoted(&server.password)]);
    said
}
