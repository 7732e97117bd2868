//! Whether something may be about the email that it names: only whoever could know tells us what became of it.

use domain::{address::normalised, ledger::RecipientKind};
use store::{
    Tx,
    emails::Email,
    mailboxes::Mailbox,
    received::{Received, Whom},
    recipients::{self, Recipient},
};

use super::{Notice, Source, matching::Match};
use crate::{Engine, Result};

/// Why something is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Objection {
    /// It is our own, or nobody's who may tell.
    NotOurs,
    /// It says something about somebody whom the email was not sent to.
    AnotherRecipient,
    /// It came to the return address of another email.
    AnotherEmail,
}

/// A recipient of the email, and what was said about them.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) recipient: Recipient,
    pub(super) whom: Whom,
}

impl Engine {
    /// What stands against believing `notice` about the email it was matched to.
    pub(super) async fn objection(&self, tx: &mut Tx, notice: &Notice, found: &Match) -> Result<Option<Objection>> {
        if notice.return_path.is_some_and(|(email, _)| email != found.email.id) {
            return Ok(Some(Objection::AnotherEmail));
        }
        if !self.may_tell(tx, notice, found).await? || self.is_our_own(tx, notice, found).await? {
            return Ok(Some(Objection::NotOurs));
        }
        let by_author = |whom: &Whom| is_same(&whom.address, &notice.traces.from_address);
        if notice.kind.is_written() && notice.told.recipients.iter().all(by_author) {
            return Ok(None);
        }
        let ledger = recipients::list(tx, notice.workspace, found.email.id).await?;
        let names_nobody = named(&ledger, &notice.told.recipients, notice.kind, found.sure).is_empty();
        Ok(names_nobody.then_some(Objection::AnotherRecipient))
    }

    /// Whether whoever tells has to do with the email: its owner's mailbox, the mailbox that it was sent from, the channel
    /// that it went through. Whom the port lets in has shown the address that names the email.
    async fn may_tell(&self, tx: &mut Tx, notice: &Notice, found: &Match) -> Result<bool> {
        let email = &found.email;
        Ok(match notice.source {
            Source::Mailbox(id) => {
                let mailbox = store::mailboxes::find(tx, notice.workspace, id).await?;
                is_about(tx, &mailbox, email).await?
            }
            Source::Webhook(channel) => {
                let ledger = recipients::list(tx, notice.workspace, email.id).await?;
                email.channel_id == Some(channel) || ledger.iter().any(|it| it.channel_id == Some(channel))
            }
            Source::Port => true,
        })
    }

    /// Whether the sender wrote it: a copy of the email itself, or a follow-up that they sent from elsewhere.
    async fn is_our_own(&self, tx: &mut Tx, notice: &Notice, found: &Match) -> Result<bool> {
        if !notice.kind.is_written() {
            return Ok(false);
        }
        if notice.traces.mark.is_some() {
            return Ok(true);
        }
        let sent = store::bodies::last_sent(tx, notice.workspace, found.email.id).await?;
        let to_oneself = found.email.to_address.as_deref().is_some_and(|to| is_same(to, &notice.traces.from_address));
        Ok(is_same(&sent.from_address, &notice.traces.from_address) && !to_oneself)
    }
}

/// Whether `mailbox` is that of the email's owner, or the one that it was sent from.
pub(super) async fn is_about(tx: &mut Tx, mailbox: &Mailbox, email: &Email) -> Result<bool> {
    if mailbox.owner_id == email.owner_id {
        return Ok(true);
    }
    let Some(id) = email.identity_id else { return Ok(false) };
    Ok(store::identities::find(tx, email.workspace_id, id).await?.mailbox_id == Some(mailbox.id))
}

/// Those in the `ledger` about whom something was said. A notice that names nobody is about the only recipient that there
/// is, if it is `sure` to be about the email.
pub(super) fn named(ledger: &[Recipient], told: &[Whom], kind: domain::incoming::Kind, sure: bool) -> Vec<Named> {
    if told.is_empty() && sure && ledger.len() == 1 {
        let whom = Whom {
            address: ledger[0].address.clone(),
            aliases: Vec::new(),
            kind,
            said: domain::incoming::Said::default(),
        };
        return vec![Named { recipient: ledger[0].clone(), whom }];
    }
    let find = |recipient: &Recipient| {
        told.iter().find(|whom| {
            std::iter::once(&whom.address).chain(&whom.aliases).any(|name| is_same(name, &recipient.address))
        })
    };
    ledger
        .iter()
        .filter_map(|recipient| Some(Named { whom: find(recipient)?.clone(), recipient: recipient.clone() }))
        .collect()
}

/// The recipient for whom `received` speaks, and whether it comes from their address: whom it names, or else who wrote it.
/// Whoever answers from elsewhere answers for the To.
pub(super) fn author<'a>(ledger: &'a [Recipient], received: &Received) -> Option<(&'a Recipient, bool)> {
    let address = received.evidence.recipients.first().map_or(&received.from_address, |whom| &whom.address);
    let writer = ledger.iter().find(|recipient| is_same(&recipient.address, address)).map(|writer| (writer, true));
    writer.or_else(|| ledger.iter().find(|it| it.kind == RecipientKind::To).map(|to| (to, false)))
}

/// Whether two addresses are the same, however their domain is written.
fn is_same(one: &str, other: &str) -> bool {
    normalised(one) == normalised(other)
}
