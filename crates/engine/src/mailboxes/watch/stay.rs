//! Staying in a mailbox: reading what is new, waiting for more, and what is left behind when something goes wrong.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::watching::Fault;
use mail::imap::{Patience, Session};
use store::{
    mailbox_watches::{self, Rest},
    mailboxes::{Mailbox, Trouble},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    super::{
        server::ours,
        visit::{Stop, is_refusal},
    },
    folders::due,
};
use crate::{Engine, Error, Result};

/// How long we wait to be told of new mail before every folder is looked into again. Less than the 29 minutes after which
/// servers hang up (RFC 2177), and than the few after which routers forget a connection in silence.
const LONGEST_IDLE: Duration = Duration::from_mins(5);
/// How often a mailbox is looked into whose server does not tell.
const POLL: Duration = Duration::from_secs(30);

/// The least between two readings, so that mail that comes together is read together, and no server makes us hurry.
const BREATH: Duration = Duration::from_millis(300);

impl Engine {
    /// Watches a mailbox until `stop`, or until something goes wrong.
    pub(super) async fn watch(self, mailbox: Mailbox, crowded: Arc<AtomicBool>, stop: CancellationToken) {
        match self.take_watch(&mailbox).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::error!(%error, mailbox = %mailbox.id, "the watch over a mailbox could not be taken");
                return;
            }
        }
        let ended = tokio::select! {
            // What was fetched and not recorded is fetched again.
            () = stop.cancelled() => Ok(()),
            ended = self.stay(&mailbox, &crowded) => ended,
        };
        if let Err(error) = self.leave(&mailbox, ended).await {
            tracing::error!(%error, mailbox = %mailbox.id, "the end of a watch could not be recorded");
        }
        self.tell_mailbox(&mailbox);
    }

    async fn stay(&self, mailbox: &Mailbox, crowded: &AtomicBool) -> std::result::Result<(), Stop> {
        let server = self.mailbox_server(mailbox).await?;
        let mut session = Session::open(&server, &self.imap_client(Patience::default())).await?;
        let mut tx = self.db().begin().await?;
        mailbox_watches::connected(&mut tx, mailbox, self.node(), self.now()).await?;
        tx.commit().await?;
        let folders = self.folders_to_read(mailbox, &mut session).await?;
        let mut all_read_at = Instant::now();
        loop {
            // The folder that was opened last is the one whose news we are told. Where they never end, the others have their
            // turn all the same.
            let all = !session.has_news() || all_read_at.elapsed() >= LONGEST_IDLE;
            if all {
                all_read_at = Instant::now();
            }
            for folder in due(&folders, all) {
                self.read_folder(mailbox, &mut session, folder).await?;
            }
            if !self.note_reading(mailbox).await? {
                return Ok(());
            }
            self.tell_mailbox(mailbox);
            if crowded.load(Ordering::Relaxed) {
                session.close().await;
                return Ok(());
            }
            if session.can_idle() {
                session.idle(LONGEST_IDLE).await?;
            } else {
                tokio::time::sleep(POLL).await;
            }
            tokio::time::sleep(BREATH).await;
        }
    }

    /// Answers whether the watch is still ours.
    async fn note_reading(&self, mailbox: &Mailbox) -> Result<bool> {
        let mut tx = self.db().begin().await?;
        let is_ours = mailbox_watches::looked(&mut tx, mailbox, self.node(), self.now()).await?;
        tx.commit().await?;
        Ok(is_ours)
    }

    /// Gives the watch back and writes down what went wrong, if something did.
    async fn leave(&self, mailbox: &Mailbox, ended: std::result::Result<(), Stop>) -> Result<()> {
        let trouble = match ended {
            Ok(()) | Err(Stop::Internal(Error::Changed)) => None,
            Err(Stop::Trouble(trouble)) => Some(trouble),
            Err(Stop::Internal(error)) => {
                let problem = ours(&error);
                Some(Trouble { code: problem.code.to_owned(), text: problem.detail })
            }
        };
        let mut tx = self.db().begin().await?;
        if let Some(trouble) = trouble {
            tracing::warn!(mailbox = %mailbox.id, code = trouble.code, "the watch over a mailbox was interrupted");
            let before = mailbox_watches::find(&mut tx, mailbox.workspace_id, mailbox.id).await?;
            let faults = before.map_or(0, |watch| watch.faults) + 1;
            let fault = self.fault(mailbox, &trouble, faults);
            let until = fault.rests_until(faults, self.now(), self.random().fraction());
            let trouble = fault.is_shown(faults).then_some(&trouble);
            mailbox_watches::rest(&mut tx, mailbox, self.node(), &Rest { faults, until, trouble }).await?;
        }
        mailbox_watches::release(&mut tx, mailbox, self.node()).await?;
        Ok(tx.commit().await?)
    }

    /// What kind of fault it was. A token may end before its time: a fresh one shows whether the consent still stands.
    fn fault(&self, mailbox: &Mailbox, trouble: &Trouble, faults: u32) -> Fault {
        if !is_refusal(&trouble.code) {
            return Fault::Connection;
        }
        self.access_tokens().forget(mailbox.id.0);
        let was_token = mailbox.provider.is_some() && trouble.code == "credentials_refused";
        if was_token && faults == 1 { Fault::Connection } else { Fault::Refused }
    }
}
