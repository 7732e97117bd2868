//! What the scribe files when a server has accepted a message.

use domain::events::EventKind;
use store::{events::Event, ledger::Acceptance, sent_ids::Sending};

use super::{prepare::Parcel, record::Heard};
use crate::{Engine, incoming::GivenId};

/// An email whose only recipient has it.
pub(super) struct Accepted {
    pub(super) acceptance: Acceptance,
    pub(super) parcel: Parcel,
    pub(super) heard: Heard,
}

impl Accepted {
    /// The id that the server gave to the message.
    pub(super) fn given_id(&self) -> Option<GivenId> {
        let sending = Sending { email_id: self.parcel.email, send_number: self.parcel.send_number };
        GivenId::of(self.acceptance.event.evidence.reply.as_ref(), sending)
    }
}

impl Engine {
    /// An email whose only recipient has it.
    pub(super) fn accepted(&self, mut parcel: Parcel, heard: Heard) -> Accepted {
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
            owner_id: parcel.owner,
            recipient_id: recipient.id,
            began_at: recipient.attempted_at.unwrap_or(at),
            at,
            reply: heard.words(),
            subject: parcel.message.subject.clone(),
            snippet: parcel.message.snippet.clone(),
            event,
        };
        // What was said is written down; the message is not needed any more.
        (parcel.message.bytes, parcel.place) = (Vec::new(), None);
        Accepted { acceptance, parcel, heard }
    }
}
