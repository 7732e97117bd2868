//! The clerk: files what servers accepted, many emails at a time.

use std::{collections::HashSet, sync::Arc};

use domain::{EmailId, UserId, events::EventKind};
use store::{events::Event, ledger::Acceptance, sent_ids::Sending};
use tokio::sync::mpsc;

use super::{crew::Crew, prepare::Parcel, record::Heard};
use crate::{
    Engine, Result,
    incoming::{GivenId, keep_given_ids},
};

/// Emails filed in one transaction.
const AT_ONCE: usize = 64;

/// An email whose only recipient has it.
pub(super) struct Accepted {
    acceptance: Acceptance,
    owner: UserId,
    parcel: Parcel,
    heard: Heard,
}

impl Accepted {
    /// The id that the server gave to the message.
    fn given_id(&self) -> Option<GivenId> {
        let sending = Sending { email_id: self.parcel.email, send_number: self.parcel.send_number };
        GivenId::of(self.acceptance.event.evidence.reply.as_ref(), sending)
    }
}

impl Engine {
    /// An email whose only recipient has it.
    pub(super) fn accepted(&self, parcel: Parcel, heard: Heard) -> Accepted {
        let at = self.now();
        let recipient = &parcel.recipients[0];
        let event = Event {
            id: self.new_id(),
            email_id: parcel.email,
            at,
            kind: EventKind::Accepted,
            evidence: heard.evidence(recipient),
        };
        let acceptance = Acceptance {
            email_id: parcel.email,
            recipient_id: recipient.id,
            at,
            reply: heard.words(),
            subject: parcel.message.subject.clone(),
            snippet: parcel.message.snippet.clone(),
            event,
        };
        Accepted { acceptance, owner: parcel.owner, parcel, heard }
    }

    /// Files what comes until nothing comes any more.
    pub(super) async fn file_all(self, crew: Arc<Crew>, mut to_file: mpsc::Receiver<Accepted>) {
        let mut some = Vec::with_capacity(AT_ONCE);
        while to_file.recv_many(&mut some, AT_ONCE).await > 0 {
            let acceptances: Vec<Acceptance> = some.iter().map(|it| it.acceptance.clone()).collect();
            let given: Vec<GivenId> = some.iter().filter_map(Accepted::given_id).collect();
            let write = || self.accept(&crew, &acceptances, &given);
            let lost = self.until_written(&crew.stop, "accepted emails", write).await.unwrap_or_default();
            self.tell_of(crew.workspace(), some.iter().map(|it| (it.owner, it.acceptance.email_id)));
            for mut it in some.drain(..) {
                // Another node believed us dead. What the server said is true all the same.
                if lost.contains(&it.acceptance.email_id) {
                    let _ = self.record_answer(&crew, &mut it.parcel, 0, &it.heard).await;
                }
            }
        }
    }

    async fn accept(&self, crew: &Crew, acceptances: &[Acceptance], given: &[GivenId]) -> Result<HashSet<EmailId>> {
        let mut tx = self.db().begin().await?;
        let lost = store::ledger::accept(&mut tx, crew.workspace(), self.node(), acceptances).await?;
        keep_given_ids(&mut tx, crew.workspace(), given).await?;
        tx.commit().await?;
        Ok(lost)
    }
}
