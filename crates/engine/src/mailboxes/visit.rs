//! The worker that visits mailboxes in which there is something to do.

use std::time::Duration;

use domain::time::{DAY, HOUR, MINUTE};
use mail::imap::{Cause, OpenError, Patience, Problem, Session};
use store::mailboxes::{self, Mailbox, Trouble};
use tokio::{
    task::{JoinError, JoinSet},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{Engine, Error, Result};

/// How long the worker sleeps between its rounds.
const PAUSE: Duration = Duration::from_secs(15);
/// How many mailboxes are visited at once: one that hangs holds up nobody.
const AT_ONCE: usize = 8;
/// How long a visit may take; what is left is done at the next.
const LONGEST_VISIT: Duration = Duration::from_mins(4);
/// For how long nobody else visits a mailbox: longer than a visit takes, in case the visitor dies.
const VISIT: i64 = 5 * MINUTE;
/// How many emails of each kind one visit sees to.
pub(super) const AT_A_VISIT: u32 = 50;
/// How long after it was sent a missing copy is still put into Sent.
pub(super) const COPY_WITHIN: i64 = DAY;

/// For how long a mailbox rests after a problem.
const REST: i64 = 15 * MINUTE;
/// For how long it rests after a wrong password: providers lock accounts that are asked too often.
const LONG_REST: i64 = 6 * HOUR;

/// Why a visit ended early.
pub(super) enum Stop {
    /// Something about the mailbox, to be shown on it.
    Trouble(Trouble),
    /// Something about us.
    Internal(Error),
}

impl From<OpenError> for Stop {
    fn from(error: OpenError) -> Self {
        Self::Trouble(Trouble { code: error.code().to_owned(), text: error.cause.to_string() })
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Trouble(Trouble { code: problem.code.to_owned(), text: problem.detail })
    }
}

impl From<Cause> for Stop {
    fn from(cause: Cause) -> Self {
        Self::Trouble(trouble(&cause))
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Internal(error)
    }
}

/// Whether what we sign in with was not taken, or is not there: somebody has to do something about it.
pub(crate) fn is_refusal(code: &str) -> bool {
    matches!(
        code,
        "credentials_refused"
            | "consent_withdrawn"
            | "token_refused"
            | "registration_refused"
            | "provider_not_registered"
            | "no_auth_mechanism"
            | "secret_unreadable"
            | "unusable_credentials"
    )
}

/// What is shown of a command that failed.
pub(super) fn trouble(cause: &Cause) -> Trouble {
    let code = match cause {
        Cause::Refused(_) => "refused",
        Cause::Lost(fault) => fault.code(),
    };
    Trouble { code: code.to_owned(), text: cause.to_string() }
}

impl Engine {
    /// Visits mailboxes until `stop` is cancelled.
    pub(crate) async fn visit_mailboxes_until(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let round = async {
                if let Err(error) = self.visit_mailboxes().await {
                    tracing::error!(%error, "mailboxes could not be visited; it goes on");
                }
                tokio::time::sleep(PAUSE).await;
            };
            // A visit changes nothing in the mailbox that the next would not find there.
            tokio::select! {
                () = stop.cancelled() => {}
                () = round => {}
            }
        }
    }

    /// Visits every mailbox in which there is something to do now.
    ///
    /// # Errors
    /// [`Error::Internal`]; what is wrong with a mailbox is shown on it and is no error here.
    pub async fn visit_mailboxes(&self) -> Result<()> {
        let mut visits = JoinSet::new();
        for mailbox in self.mailboxes_with_work().await? {
            if visits.len() >= AT_ONCE {
                report(visits.join_next().await);
            }
            let engine = self.clone();
            visits.spawn(async move { engine.visit(&mailbox).await });
        }
        while !visits.is_empty() {
            report(visits.join_next().await);
        }
        Ok(())
    }

    async fn mailboxes_with_work(&self) -> Result<Vec<Mailbox>> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let mut due = Vec::new();
        for workspace in store::workspaces::list(&mut tx).await? {
            due.append(&mut mailboxes::list_due(&mut tx, workspace.id, now, now.plus(-COPY_WITHIN)).await?);
        }
        Ok(due)
    }

    async fn visit(&self, mailbox: &Mailbox) -> Result<()> {
        let now = self.now();
        let mut tx = self.db().begin().await?;
        let begun = mailboxes::begin_visit(&mut tx, mailbox, now, now.plus(VISIT)).await?;
        tx.commit().await?;
        if !begun {
            return Ok(());
        }
        let (trouble, rest) = match timeout(LONGEST_VISIT, self.see_to(mailbox)).await {
            Ok(Ok(None)) => (None, 0),
            Ok(Ok(Some(trouble)) | Err(Stop::Trouble(trouble))) => {
                let is_refused = is_refusal(&trouble.code);
                if is_refused {
                    self.access_tokens().forget(mailbox.id.0);
                }
                let rest = if is_refused { LONG_REST } else { REST };
                (Some(trouble), rest)
            }
            Ok(Err(Stop::Internal(error))) => {
                tracing::error!(%error, mailbox = %mailbox.id, "a visit to a mailbox failed");
                (None, MINUTE)
            }
            Err(_) => (Some(Trouble { code: "timed_out".to_owned(), text: "no answer in time".to_owned() }), REST),
        };
        if let Some(trouble) = &trouble {
            tracing::warn!(mailbox = %mailbox.id, code = trouble.code, "a mailbox has a problem");
        }
        let now = self.now();
        let rests_until = (rest > 0).then(|| now.plus(rest));
        let mut tx = self.db().begin().await?;
        mailboxes::end_visit(&mut tx, mailbox, now, trouble.as_ref(), rests_until).await?;
        tx.commit().await?;
        self.tell_mailbox(mailbox);
        Ok(())
    }

    /// Everything there is to do in a mailbox; a copy that the server does not want is a trouble that stops nothing.
    async fn see_to(&self, mailbox: &Mailbox) -> std::result::Result<Option<Trouble>, Stop> {
        let server = self.mailbox_server(mailbox).await?;
        let mut session = Session::open(&server, &self.imap_client(Patience::default())).await?;
        let folder = match &mailbox.sent_folder {
            Some(folder) => folder.clone(),
            None => session.sent_folder().await?.ok_or(Cause::Lost(mail::imap::Fault::NoSentFolder))?,
        };
        session.examine(&folder).await?;
        self.look_for_uncertain(mailbox, &mut session, &folder).await?;
        let refused = self.keep_copies(mailbox, &mut session, &folder).await?;
        session.close().await;
        Ok(refused)
    }
}

/// A visit that could not be recorded, or that broke off, leaves the others alone.
fn report(ended: Option<std::result::Result<Result<()>, JoinError>>) {
    match ended {
        Some(Ok(Err(error))) => tracing::error!(%error, "a visit to a mailbox could not be recorded"),
        Some(Err(error)) => tracing::error!(%error, "a visit to a mailbox broke off"),
        Some(Ok(Ok(()))) | None => {}
    }
}
