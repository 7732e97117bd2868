//! Proving who we are: `AUTH PLAIN` (RFC 4616), `AUTH LOGIN`, `AUTH XOAUTH2`.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::smtp::Reply;

use super::{
    Credentials,
    connection::Cause,
    extensions::Extensions,
    fault::Fault,
    reply::expect,
    transcript::{Log, conceal},
    wire::Wire,
};

/// The longest command line RFC 5321 allows; a longer proof is sent after the server has asked for it.
const MAX_COMMAND: usize = 500;

/// Signs in with the best mechanism that the server offers.
pub(super) async fn sign_in(
    wire: &mut Wire,
    extensions: &Extensions,
    credentials: &Credentials,
    patience: Duration,
    log: &mut Log,
) -> Result<(), Cause> {
    let method = Method::choose(extensions, credentials)?;
    let mut dialogue = Dialogue { wire, patience, log };
    let answer = match &method {
        Method::Login { username, password } => dialogue.login(username, password).await?,
        Method::Proof { mechanism, proof } => dialogue.prove(mechanism, proof).await?,
    };
    let secrets = method.secrets(credentials);
    dialogue.log.conceal(&secrets);
    expect(answer, 2).map(drop).map_err(|cause| match cause {
        Cause::Refused(mut reply) => {
            conceal(&mut reply.text, &secrets);
            Cause::Refused(reply)
        }
        lost @ Cause::Lost(_) => lost,
    })
}

/// How we prove it; all values in base64.
enum Method {
    Proof { mechanism: &'static str, proof: String },
    Login { username: String, password: String },
}

impl Method {
    fn choose(extensions: &Extensions, credentials: &Credentials) -> Result<Self, Fault> {
        let (username, secret) = match credentials {
            Credentials::Password { username, password } => (username, password),
            Credentials::AccessToken { username, token } => (username, token),
        };
        if username.chars().chain(secret.chars()).any(char::is_control) {
            return Err(Fault::UnusableCredentials);
        }
        match credentials {
            Credentials::Password { .. } if extensions.has_mechanism("PLAIN") => {
                Ok(Self::Proof { mechanism: "PLAIN", proof: STANDARD.encode(format!("\0{username}\0{secret}")) })
            }
            Credentials::Password { .. } if extensions.has_mechanism("LOGIN") => {
                Ok(Self::Login { username: STANDARD.encode(username), password: STANDARD.encode(secret) })
            }
            Credentials::AccessToken { .. } if extensions.has_mechanism("XOAUTH2") => {
                let proof = STANDARD.encode(format!("user={username}\u{1}auth=Bearer {secret}\u{1}\u{1}"));
                Ok(Self::Proof { mechanism: "XOAUTH2", proof })
            }
            _ => Err(Fault::NoMechanism(extensions.mechanisms.join(" "))),
        }
    }

    /// Everything that must not be repeated in a transcript.
    fn secrets(&self, credentials: &Credentials) -> Vec<String> {
        let (Credentials::Password { password: secret, .. } | Credentials::AccessToken { token: secret, .. }) =
            credentials;
        let proof = match self {
            Self::Proof { proof, .. } => proof,
            Self::Login { password, .. } => password,
        };
        vec![secret.clone(), proof.clone()]
    }
}

struct Dialogue<'a> {
    wire: &'a mut Wire,
    patience: Duration,
    log: &'a mut Log,
}

impl Dialogue<'_> {
    async fn prove(&mut self, mechanism: &str, proof: &str) -> Result<Reply, Fault> {
        let answer = if proof.len() <= MAX_COMMAND {
            self.say(&format!("AUTH {mechanism} {proof}"), &format!("AUTH {mechanism} ***")).await?
        } else {
            match self.say(&format!("AUTH {mechanism}"), &format!("AUTH {mechanism}")).await? {
                asked if asked.code == 334 => self.say(proof, "***").await?,
                refused => refused,
            }
        };
        if answer.code != 334 {
            return Ok(answer);
        }
        // XOAUTH2 explains a refusal in a challenge, and refuses once that is acknowledged.
        if let Some(explanation) =
            STANDARD.decode(answer.text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok())
        {
            self.log.server(explanation.chars().filter(|c| !c.is_control()).take(500).collect::<String>());
        }
        self.say("", "").await
    }

    async fn login(&mut self, username: &str, password: &str) -> Result<Reply, Fault> {
        let mut answer = self.say("AUTH LOGIN", "AUTH LOGIN").await?;
        for value in [username, password] {
            if answer.code != 334 {
                break;
            }
            answer = self.say(value, "***").await?;
        }
        Ok(answer)
    }

    /// Says `text` and logs `shown`.
    async fn say(&mut self, text: &str, shown: &str) -> Result<Reply, Fault> {
        self.wire.secret(text);
        self.log.us(shown);
        self.wire.send(self.patience).await?;
        self.wire.reply(self.patience, self.log).await
    }
}
