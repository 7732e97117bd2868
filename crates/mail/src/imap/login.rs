//! Signing in: `AUTHENTICATE PLAIN` (RFC 4616), or `LOGIN` where that is all there is; `AUTHENTICATE XOAUTH2` with a token.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Cause, Credentials, Fault,
    session::Offers,
    utf7::quoted,
    wire::{Log, Wire},
};
use crate::transcript::conceal;

/// Signs in the way the server offers; neither the log nor the error repeats the secret.
pub(super) async fn sign_in(
    wire: &mut Wire,
    offers: &Offers,
    credentials: &Credentials,
    log: &mut Log,
) -> Result<(), Cause> {
    let (Credentials::Password { username, password: secret } | Credentials::AccessToken { username, token: secret }) =
        credentials;
    if username.chars().chain(secret.chars()).any(char::is_control) {
        return Err(Fault::UnusableCredentials.into());
    }
    let (mechanism, proof) = match credentials {
        Credentials::Password { .. } => ("PLAIN", format!("\0{username}\0{secret}")),
        Credentials::AccessToken { .. } => ("XOAUTH2", format!("user={username}\u{1}auth=Bearer {secret}\u{1}\u{1}")),
    };
    let proof = STANDARD.encode(proof);
    let may_login = matches!(credentials, Credentials::Password { .. }) && !offers.include("LOGINDISABLED");
    let answered = if offers.include(&format!("AUTH={mechanism}")) {
        authenticate(wire, mechanism, &proof, log).await
    } else if may_login && username.is_ascii() && secret.is_ascii() {
        login(wire, username, secret, log).await
    } else {
        Err(Fault::NoMechanism.into())
    };
    let secrets = [secret.clone(), proof];
    log.conceal(&secrets);
    answered.map_err(|cause| match cause {
        Cause::Refused(mut words) => {
            conceal(&mut words, &secrets);
            Cause::Refused(words)
        }
        lost @ Cause::Lost(_) => lost,
    })
}

async fn authenticate(wire: &mut Wire, mechanism: &str, proof: &str, log: &mut Log) -> Result<(), Cause> {
    wire.begin_command(&format!("AUTHENTICATE {mechanism}"), log).await?;
    wire.prove(proof, log).await
}

async fn login(wire: &mut Wire, username: &str, password: &str, log: &mut Log) -> Result<(), Cause> {
    let command = format!("LOGIN {} {}", quoted(username), quoted(password));
    let said = wire.command(&command, log).await.map(drop);
    log.conceal(&[quoted(password)]);
    said
}
