//! Signing in: AUTH PLAIN and AUTH LOGIN.

use super::{Session, Step};
use crate::behaviour::Stage;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io;
use std::ops::ControlFlow::Continue;

impl Session {
    pub(super) async fn auth(&mut self, mechanism: &str, initial: Option<String>) -> Step {
        if self.world.drops_at(Stage::Auth).await {
            return self.hang_up().await;
        }
        if !self.greeted || self.authenticated || self.transaction.is_some() {
            self.say("503 5.5.1 Not now");
            return Ok(Continue(()));
        }
        let login = match mechanism {
            "PLAIN" => self.ask("", initial).await?.and_then(|message| {
                let (user, password) = plain_login(&message)?;
                Some((user.to_owned(), password.to_owned()))
            }),
            "LOGIN" => match self.ask("VXNlcm5hbWU6", initial).await? {
                Some(user) => {
                    let password = self.ask("UGFzc3dvcmQ6", None).await?;
                    password.map(|password| (user, password))
                }
                None => None,
            },
            _ => {
                self.say("504 5.5.4 Mechanism unknown");
                return Ok(Continue(()));
            }
        };
        let answer = match login {
            None => "501 5.5.2 Not a response in base64",
            Some((user, password)) if self.knows(&user, &password) => {
                self.authenticated = true;
                "235 2.7.0 Welcome"
            }
            Some(_) => "535 5.7.8 User name or password is wrong",
        };
        self.say(answer);
        Ok(Continue(()))
    }

    /// The client's response: the one it gave at once, or the answer to a challenge.
    async fn ask(&mut self, challenge: &str, initial: Option<String>) -> io::Result<Option<String>> {
        if let Some(response) = initial {
            return Ok(decode(&response));
        }
        self.say(&format!("334 {challenge}"));
        let line = self.next_line().await?;
        Ok(line.and_then(|line| String::from_utf8(line).ok()).and_then(|response| decode(&response)))
    }

    fn knows(&self, user: &str, password: &str) -> bool {
        match &self.world.options.login {
            None => true,
            Some(login) => login.user == user && login.password == password,
        }
    }
}

/// Decodes one base64 word of an AUTH exchange.
fn decode(word: &str) -> Option<String> {
    // "=" stands for an empty response, which base64 cannot spell.
    if word == "=" {
        return Some(String::new());
    }
    String::from_utf8(STANDARD.decode(word).ok()?).ok()
}

/// User and password of an AUTH PLAIN message.
fn plain_login(message: &str) -> Option<(&str, &str)> {
    let mut parts = message.split('\0');
    let (_authorize_as, user, password) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some((user, password))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_plain_login_has_three_parts() {
        assert_eq!(plain_login(&decode("AGFubmEAc2VjcmV0").unwrap()), Some(("anna", "secret")));
        assert_eq!(plain_login("anna"), None);
        assert_eq!(decode("="), Some(String::new()));
        assert_eq!(decode("not base64!"), None);
    }

    proptest! {
        #[test]
        fn any_response_is_read_without_panic(response in "\\PC{0,60}") {
            let _ = decode(&response);
            let _ = plain_login(&response);
        }
    }
}
