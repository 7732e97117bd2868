//! A provider that people consent at (RFC 6749 with PKCE, RFC 7636) and that tells a mail server whose a token is
//! (RFC 7662): what Google and Microsoft publish, on a loopback port.

mod http;

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::or_fail;
use http::{Answer, Request};

/// The application that is registered there.
pub const CLIENT_ID: &str = "quarterdeck";
/// Its secret.
pub const CLIENT_SECRET: &str = "keep it to yourself";

/// A running provider; it ends with the test process.
#[derive(Clone)]
pub struct Provider {
    address: SocketAddr,
    books: Arc<Mutex<Books>>,
}

/// What the provider knows.
struct Books {
    /// Whose mailbox it is.
    account: String,
    /// For how many seconds an access token is good.
    lifetime: u64,
    /// Codes that were given, with the challenge and the address they were given for.
    codes: HashMap<String, (String, String)>,
    refresh_tokens: Vec<String>,
    access_tokens: Vec<String>,
    given: u32,
}

impl Provider {
    /// A provider at which `account` has a mailbox.
    ///
    /// # Panics
    /// If no port is free.
    pub fn start(account: &str) -> Self {
        let listener = or_fail(TcpListener::bind("127.0.0.1:0").map_err(|error| format!("no port is free: {error}.")));
        let address = or_fail(listener.local_addr().map_err(|error| format!("a port has no address: {error}.")));
        let books = Books {
            account: account.to_owned(),
            lifetime: 3_600,
            codes: HashMap::new(),
            refresh_tokens: Vec::new(),
            access_tokens: Vec::new(),
            given: 0,
        };
        let provider = Self { address, books: Arc::new(Mutex::new(books)) };
        let served = provider.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                http::serve(stream, |request| served.books().answer(request));
            }
        });
        provider
    }

    /// Where people are asked for their consent.
    pub fn authorization_url(&self) -> String {
        format!("http://{}/authorize", self.address)
    }

    /// Where codes and refresh tokens become access tokens.
    pub fn token_url(&self) -> String {
        format!("http://{}/token", self.address)
    }

    /// Where a mail server asks whose a token is.
    pub fn introspection_url(&self) -> String {
        format!("http://{}/introspect", self.address)
    }

    /// Consents as the account's owner, as their browser would at `url`; where it is sent back to.
    ///
    /// # Panics
    /// If the provider does not ask at `url`.
    pub fn consent(&self, url: &str) -> String {
        let target = url.strip_prefix(&format!("http://{}", self.address)).unwrap_or_default();
        let answer = self.books().answer(&Request { target: target.to_owned(), form: String::new() });
        or_fail(answer.location.ok_or_else(|| format!("the provider does not ask at {url}: {}", answer.body)))
    }

    /// Withdraws every consent, and with it every token.
    pub fn withdraw(&self) {
        let mut books = self.books();
        books.refresh_tokens.clear();
        books.access_tokens.clear();
    }

    /// From now on access tokens are good for so many seconds.
    pub fn set_lifetime(&self, seconds: u64) {
        self.books().lifetime = seconds;
    }

    /// How many access tokens were given so far.
    pub fn given(&self) -> u32 {
        self.books().given
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn answer(&mut self, request: &Request) -> Answer {
        match request.path() {
            "/authorize" => self.ask(request),
            "/token" => self.give(request),
            "/introspect" => self.introspect(request),
            _ => Answer::json("404 Not Found", "{}"),
        }
    }

    /// The owner consents at once.
    fn ask(&mut self, request: &Request) -> Answer {
        let asked = |name| request.query(name).unwrap_or_default();
        let is_sound = asked("response_type") == "code"
            && asked("client_id") == CLIENT_ID
            && asked("code_challenge_method") == "S256"
            && !asked("scope").is_empty()
            && !asked("state").is_empty();
        if !is_sound {
            return Answer::json("400 Bad Request", r#"{"error":"invalid_request"}"#);
        }
        let code = format!("code-{}", self.codes.len() + 1);
        let redirect_uri = asked("redirect_uri");
        let back = format!("{redirect_uri}?code={code}&state={}", asked("state"));
        self.codes.insert(code, (asked("code_challenge"), redirect_uri));
        Answer::redirect(back)
    }

    fn give(&mut self, request: &Request) -> Answer {
        let said = |name| request.form(name).unwrap_or_default();
        if said("client_id") != CLIENT_ID || said("client_secret") != CLIENT_SECRET {
            return Answer::json("401 Unauthorized", r#"{"error":"invalid_client"}"#);
        }
        let is_good = match said("grant_type").as_str() {
            // A code is good once.
            "authorization_code" => self.codes.remove(&said("code")).is_some_and(|(challenge, redirect_uri)| {
                let digest = Sha256::digest(said("code_verifier").as_bytes());
                redirect_uri == said("redirect_uri") && challenge == URL_SAFE_NO_PAD.encode(digest)
            }),
            "refresh_token" => {
                let shown = said("refresh_token");
                let known = self.refresh_tokens.len();
                // As Microsoft does: the next time the new one is to be used.
                self.refresh_tokens.retain(|token| *token != shown);
                known > self.refresh_tokens.len()
            }
            _ => false,
        };
        if !is_good {
            let denied = r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#;
            return Answer::json("400 Bad Request", denied);
        }
        self.given += 1;
        let (access, refresh) = (format!("access-{}", self.given), format!("refresh-{}", self.given));
        let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"email":"{}"}}"#, self.account));
        let body = format!(
            r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":{},"refresh_token":"{refresh}","id_token":"e30.{claims}.c2ln"}}"#,
            self.lifetime
        );
        self.access_tokens.push(access);
        self.refresh_tokens.push(refresh);
        Answer::json("200 OK", &body)
    }

    fn introspect(&self, request: &Request) -> Answer {
        let token = request.form("token").unwrap_or_default();
        let body = if self.access_tokens.contains(&token) {
            format!(r#"{{"active":true,"username":"{}"}}"#, self.account)
        } else {
            r#"{"active":false}"#.to_owned()
        };
        Answer::json("200 OK", &body)
    }
}
