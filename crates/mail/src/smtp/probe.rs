//! A connection made and ended step by step, for somebody who is setting up a channel.

use domain::{smtp::Stage, text_enum};
use tokio::time::Instant;

use super::{
    Client, Server,
    connection::{Cause, Connection},
    transcript::Log,
};
use crate::transcript;

pub use crate::transcript::Problem;

text_enum!(
    /// A step of making and ending a connection.
    Step {
        /// Looking up the server's name.
        Resolve = "resolve",
        /// Opening the connection.
        Connect = "connect",
        /// Negotiating TLS.
        Tls = "tls",
        /// The server's greeting.
        Greeting = "greeting",
        /// What the server offers.
        Ehlo = "ehlo",
        /// Asking for TLS.
        StartTls = "starttls",
        /// Signing in.
        Auth = "auth",
        /// Taking leave.
        SignOff = "sign_off",
    }
);

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Every step that was taken, in order; only the last can have failed.
    pub steps: Vec<ProbeStep>,
    /// The largest message the server takes, where it has said so.
    pub size_limit: Option<u64>,
}

/// A step that was taken.
pub type ProbeStep = transcript::ProbeStep<Step>;

impl Probe {
    /// Whether mail could be sent.
    pub fn is_ok(&self) -> bool {
        self.steps.iter().all(|step| step.problem.is_none())
    }
}

/// Connects to `server` as mail would, and takes leave.
pub async fn probe(server: &Server, client: &Client) -> Probe {
    let mut log = Log::new();
    let opened = Connection::open_logged(server, client, &mut log).await;
    let mut steps: Vec<ProbeStep> = log.into_steps();
    match opened {
        Ok(mut connection) => {
            let size_limit = connection.size_limit();
            steps.push(sign_off(&mut connection).await);
            Probe { steps, size_limit }
        }
        Err(cause) => {
            if let Some(step) = steps.last_mut() {
                step.problem = Some(problem_of(step.step, &cause));
            }
            Probe { steps, size_limit: None }
        }
    }
}

/// The server has already let us in: whether it also says goodbye does not matter for mail.
async fn sign_off(connection: &mut Connection) -> ProbeStep {
    let began = Instant::now();
    let mut log = Log::new();
    let _ = connection.sign_off(&mut log).await;
    ProbeStep { step: Step::SignOff, took: began.elapsed(), lines: log.lines, problem: None }
}

fn problem_of(step: Step, cause: &Cause) -> Problem {
    let code = match cause {
        Cause::Lost(fault) => fault.code(),
        Cause::Refused(_) if step == Step::Auth => "credentials_refused",
        Cause::Refused(_) => "refused",
    };
    let detail = match cause {
        Cause::Lost(fault) => fault.to_string(),
        Cause::Refused(reply) => reply.to_string(),
    };
    Problem { code, detail }
}

impl From<Stage> for Step {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Resolve => Self::Resolve,
            Stage::Connect => Self::Connect,
            Stage::Tls => Self::Tls,
            Stage::Greeting => Self::Greeting,
            Stage::Ehlo => Self::Ehlo,
            Stage::StartTls => Self::StartTls,
            Stage::Auth | Stage::MailFrom | Stage::RcptTo | Stage::Data | Stage::FinalDot => Self::Auth,
        }
    }
}
