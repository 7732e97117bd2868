//! A mailbox opened and left step by step, for somebody who is setting one up.

use super::{Cause, Client, Fault, MailboxStep, ProbeStep, Problem, Server, Session, session::code, wire::Log};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Every step that was taken, in order; only the last can have failed.
    pub steps: Vec<ProbeStep<MailboxStep>>,
    /// The folder that keeps what was sent, once it is found.
    pub sent_folder: Option<String>,
}

impl Probe {
    /// Whether the mailbox can be used.
    pub fn is_ok(&self) -> bool {
        self.steps.iter().all(|step| step.problem.is_none())
    }
}

/// Opens the mailbox at `server`, and in it the folder `sent` or the one that is found; takes leave.
pub async fn probe(server: &Server, client: &Client, sent: Option<&str>) -> Probe {
    let mut log = Log::new();
    let looked = look(server, client, sent, &mut log).await;
    let mut steps: Vec<ProbeStep<MailboxStep>> = log.into_steps();
    match looked {
        Ok(folder) => Probe { steps, sent_folder: Some(folder) },
        Err(cause) => {
            if let Some(step) = steps.last_mut() {
                step.problem = Some(Problem { code: code(step.step, &cause), detail: cause.to_string() });
            }
            Probe { steps, sent_folder: None }
        }
    }
}

async fn look(server: &Server, client: &Client, sent: Option<&str>, log: &mut Log) -> Result<String, Cause> {
    let (wire, offers) = Session::connect(server, client, log).await?;
    let mut session = Session { wire, offers, log: Log::new() };
    log.enter(MailboxStep::Select);
    let looked = open_sent(&mut session, sent).await;
    log.lines.append(&mut session.log.lines);
    let folder = looked?;
    log.enter(MailboxStep::SignOff);
    session.close().await;
    Ok(folder)
}

async fn open_sent(session: &mut Session, sent: Option<&str>) -> Result<String, Cause> {
    let folder = match sent {
        Some(name) => name.to_owned(),
        None => session.sent_folder().await?.ok_or(Fault::NoSentFolder)?,
    };
    session.examine(&folder).await?;
    Ok(folder)
}
