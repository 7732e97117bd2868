//! Somebody at the product's API: sets a workspace up, writes, and reads the record afterwards.

use std::{
    net::SocketAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use rand::{RngExt as _, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    api::{Api, text},
    clock,
    compare::{Email, Row},
    error::{Error, Result},
    recipients::{DOMAIN, LOGIN, Recipients},
};

/// How long the mail that verifies the identity may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// With so many emails waiting, nobody writes more.
const ENOUGH: i64 = 150;

/// How many emails are written before that is looked up.
const A_FEW: usize = 10;

/// How often emails that wait for another attempt are sent now, which a user may do at any time.
const NUDGE: Duration = Duration::from_millis(700);

/// Who does the writing.
pub(crate) struct Desk {
    api: Api,
    channel: String,
    identity: String,
    promised: Mutex<Vec<Promise>>,
}

/// An email of which the API said that it is queued.
#[derive(Debug, Clone)]
pub(crate) struct Promise {
    /// Its id as a Message-ID has it.
    pub(crate) email: String,
    /// When we heard that, in microseconds since 1970.
    pub(crate) at: i64,
}

/// An email to be written.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) to: String,
    pub(crate) cc: Vec<String>,
    pub(crate) bcc: Vec<String>,
}

impl Plan {
    /// The `n`-th email: most people take their mail, some refuse it, some emails have copies.
    pub(crate) fn new(rng: &mut StdRng, n: usize) -> Self {
        let mut address = |role: &str| {
            let behaviour = match rng.random_range(0..100) {
                0..4 => "nobody",
                4..6 => "spamfilter",
                6..8 => "full",
                _ => "accept",
            };
            format!("{behaviour}.n{n}{role}@{DOMAIN}")
        };
        let (to, cc, bcc) = (address(""), address("c"), address("b"));
        let (cc, bcc) = match rng.random_range(0..100) {
            0..6 => (vec![cc], Vec::new()),
            6..10 => (Vec::new(), vec![bcc]),
            10..12 => (vec![cc], vec![bcc]),
            _ => (Vec::new(), Vec::new()),
        };
        Self { to, cc, bcc }
    }
}

impl Desk {
    /// Becomes the administrator of a new workspace that can send.
    pub(crate) fn set_up(mut api: Api, setup_token: &str, recipients: &Recipients) -> Result<Self> {
        const ADDRESS: &str = "accept.ada@deck.example";

        api.set_up(&json!({
            "token": setup_token, "name": "Ada Marlow", "email": ADDRESS, "password": "a lantern on the quarterdeck",
            "workspace_name": "Marlow and Sons", "time_zone": "Europe/Berlin",
        }))?;
        api.patch("/me", &json!({ "undo_window_s": 0 }))?;
        let (username, password) = LOGIN;
        let server = recipients.address();
        let channel = api.post(
            "/channels",
            &json!({
                "name": "Simulator", "team": false, "host": server.ip().to_string(), "port": server.port(),
                "security": "none", "auth": "password", "username": username, "password": password,
                "limits": { "batch_size": null, "batch_pause_s": null, "per_minute": null, "per_day": null },
            }),
        )?;
        let identity = api.post(
            "/identities",
            &json!({ "name": "Ada Marlow", "address": ADDRESS, "channel_id": text(&channel, "id")? }),
        )?;
        clock::wait_until(PATIENCE, || recipients.verification_token().is_some());
        let token = recipients.verification_token();
        let token = token.ok_or_else(|| Error::Unexpected("no mail came to verify the identity".to_owned()))?;
        api.post("/identities/verify", &json!({ "token": token }))?;
        let (channel, identity) = (text(&channel, "id")?.to_owned(), text(&identity, "id")?.to_owned());
        Ok(Self { api, channel, identity, promised: Mutex::default() })
    }

    /// The same at these nodes.
    pub(crate) fn at(self, nodes: Vec<SocketAddr>) -> Self {
        Self { api: self.api.at(nodes), ..self }
    }

    /// Writes and sends one email.
    pub(crate) fn write(&self, plan: &Plan) -> Result<()> {
        let copies = |addresses: &[String]| -> Vec<Value> {
            addresses.iter().map(|address| json!({ "address": address })).collect()
        };
        let person = self.api.post("/people", &json!({ "address": plan.to, "first_name": "Tom" }))?;
        let draft = self.api.post(
            "/emails",
            &json!({
                "identity_id": self.identity, "person_id": text(&person, "id")?,
                "subject": format!("Ahoy {}", plan.to), "cc": copies(&plan.cc), "bcc": copies(&plan.bcc),
                "body_html": "<p>Dear {{ first_name }},</p><p><a href=\"https://harbour.example/quay\">the quay</a></p>",
            }),
        )?;
        let id = text(&draft, "id")?;
        let version = draft["version"].as_i64().unwrap_or_default();
        self.api.post_version(&format!("/emails/{id}/sending"), &json!({}), version)?;
        let promise = Promise { email: id.replace('-', ""), at: clock::micros() };
        self.promised.lock().unwrap_or_else(PoisonError::into_inner).push(promise);
        Ok(())
    }

    /// Lets everything written from now on wait.
    pub(crate) fn pause(&self) -> Result<()> {
        self.api.put(&format!("/channels/{}/pause", self.channel)).map(drop)
    }

    /// Lets go what waits, all at once.
    pub(crate) fn resume(&self) -> Result<()> {
        self.api.delete(&format!("/channels/{}/pause", self.channel)).map(drop)
    }

    /// Writes emails for as long as it is not stopped, whatever happens to the server meanwhile. The numbers of the emails
    /// are those of the `writer` among so many `writers`.
    pub(crate) fn write_until(&self, stop: &AtomicBool, mut rng: StdRng, writer: usize, writers: usize) {
        const BREATH: Duration = Duration::from_millis(20);

        let mut nudged = clock::now();
        for n in (writer..).step_by(writers) {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            // A server that was killed answers nothing: that email was not promised, and is no loss.
            if self.write(&Plan::new(&mut rng, n)).is_err() {
                thread::sleep(BREATH);
            }
            while n % A_FEW == 0
                && !stop.load(Ordering::SeqCst)
                && self.waiting().is_none_or(|waiting| waiting > ENOUGH)
            {
                thread::sleep(BREATH);
            }
            if nudged.elapsed() > NUDGE {
                // It comes again.
                let _ = self.nudge();
                nudged = clock::now();
            }
        }
    }

    /// How many emails wait or are under way; `None` while the server does not answer.
    fn waiting(&self) -> Option<i64> {
        let counts = self.api.get("/emails/counts").ok()?;
        let count = |name: &str| counts[name].as_i64();
        Some(count("scheduled")? + count("in_progress")? - count("uncertain")?)
    }

    /// Sends at once what waits for another attempt.
    fn nudge(&self) -> Result<()> {
        let page = self.api.get("/emails?folder=scheduled&sort=due&limit=200")?;
        let rows = page["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        let again = |row: &&Value| matches!(row["wait"]["reason"].as_str(), Some("unreachable" | "server_asked"));
        let ids: Vec<&Value> = rows.iter().filter(again).map(|row| &row["id"]).collect();
        if !ids.is_empty() {
            self.api.post("/email-actions", &json!({ "action": "send_now", "email_ids": ids }))?;
        }
        Ok(())
    }

    /// Waits until nothing is to be sent any more; answers whether that came about.
    pub(crate) fn settle(&self, patience: Duration) -> bool {
        clock::wait_until(patience, || {
            // What the server cannot do now it is asked again.
            let _ = self.nudge();
            self.waiting() == Some(0)
        })
    }

    /// What the API has confirmed so far.
    pub(crate) fn promised(&self) -> Vec<Promise> {
        self.promised.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Our record of every email.
    pub(crate) fn record(&self) -> Result<Vec<Email>> {
        let mut emails = Vec::new();
        for folder in ["scheduled", "in_progress", "delivered", "archived", "undelivered"] {
            let mut cursor = String::new();
            loop {
                let page = self.api.get(&format!("/emails?folder={folder}&limit=200{cursor}"))?;
                for row in page["items"].as_array().map(Vec::as_slice).unwrap_or_default() {
                    emails.push(self.email(text(row, "id")?)?);
                }
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
        }
        Ok(emails)
    }

    /// How many requests for the pixel of the first email that was promised are on record.
    pub(crate) fn pixel_requests(&self) -> Result<u64> {
        let promised = self.promised();
        let first = promised.first().ok_or_else(|| Error::Unexpected("nothing was promised".to_owned()))?;
        let details = self.api.get(&format!("/emails/{}", first.email))?;
        let events = details["events"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(events.iter().filter_map(|event| event["data"]["visit"]["requests"].as_u64()).sum())
    }

    fn email(&self, id: &str) -> Result<Email> {
        let details = self.api.get(&format!("/emails/{id}"))?;
        let mut rows = Vec::new();
        for row in details["recipients"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let found = Row { address: text(row, "address")?.to_owned(), outcome: text(row, "outcome")?.to_owned() };
            let place = if text(row, "kind")? == "to" { 0 } else { rows.len() };
            rows.insert(place, found);
        }
        Ok(Email { id: id.replace('-', ""), status: text(&details, "status")?.to_owned(), rows })
    }
}
