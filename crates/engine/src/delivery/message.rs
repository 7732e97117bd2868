//! One email's message: filled in, tracked, and built into bytes.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    LongLinkId, Timestamp,
    ledger::{Outcome, RecipientKind},
    reasons::FailureReason,
};
use mail::{address::Mailbox, message, smtp::Reports, threading};
use store::{
    Tx,
    bodies::{Difference, NewlySent, Original, Sent, SentMessage},
    emails::{Claimed, Email},
    identities::Identity,
};

use super::{
    composition::{Composition, Written, with_links},
    fill,
    portions::Portion,
    prepare::Materials,
};
use crate::{
    Engine, Error, Result,
    emails::{Letter, MARK_HEADER, content_id, dynamic_values, image_path, snippet},
    unsubscribe::{self, Holder, LINK, PLACEHOLDER, TEAM_UNSUBSCRIBE},
};

/// A message ready to be handed over.
pub(super) struct Message {
    /// Where bounces go.
    pub(super) from: String,
    /// What reports name it by: our mark.
    pub(super) envelope_id: String,
    pub(super) bytes: Vec<u8>,
    pub(super) needs_smtputf8: bool,
    /// What is to be kept of it, the first time it is sent under its number.
    pub(super) sent: Option<NewlySent>,
    /// Subject and first words, as lists show them.
    pub(super) subject: String,
    pub(super) snippet: String,
    /// Addresses too long for a sealed link.
    pub(super) long_links: Vec<(LongLinkId, String)>,
    /// Whether it carries its recipient's own unsubscribe link.
    pub(super) is_personal: bool,
}

impl Message {
    /// What servers on the way are asked to report.
    pub(super) fn reports(&self) -> Reports<'_> {
        Reports { envelope_id: &self.envelope_id }
    }
}

/// Why an email cannot leave, found before anybody was asked.
pub(super) struct Unfit {
    pub(super) reason: FailureReason,
    pub(super) param: Option<String>,
}

impl From<FailureReason> for Unfit {
    fn from(reason: FailureReason) -> Self {
        Self { reason, param: None }
    }
}

/// A body filled in.
struct Filled {
    subject: String,
    snippet: String,
    /// The HTML as it goes over the wire.
    html: String,
    text: String,
    /// How the HTML, its links as they were written, differs from what was written.
    difference: Difference,
}

impl Filled {
    /// Puts the unsubscribe link `other` in the place of `link`.
    fn lead(&mut self, link: &str, other: &str) {
        let (token, other) = (unsubscribe::token_of(link), unsubscribe::token_of(other));
        self.html = self.html.replace(token, other);
        self.text = self.text.replace(token, other);
    }
}

impl Engine {
    /// Fills the email in, or takes it as it was sent before, and builds the message for `holder`, who unsubscribes with a link
    /// of their own.
    pub(super) fn message(&self, materials: &Materials, holder: Holder) -> std::result::Result<Message, Unfit> {
        let Some(identity) = &materials.identity else {
            return Err(FailureReason::IdentityUnverified.into());
        };
        let mut long_links = Vec::new();
        let workspace = materials.email.workspace_id;
        let link_of_to = self.unsubscribe_link(workspace, materials.email.id);
        let mut filled = match &materials.sent_before {
            Some(sent) => self.filled_before(materials, sent, &mut long_links),
            None => self.fill_in(materials, identity, &link_of_to, &mut long_links)?,
        };
        // What is kept of the message is that of the To.
        let difference = std::mem::take(&mut filled.difference).packed();
        let link = match holder {
            Holder::To(_) => link_of_to,
            Holder::Copy(_) => {
                let own = self.unsubscribe_link_of(workspace, holder);
                filled.lead(&link_of_to, &own);
                own
            }
        };
        let sent = match &materials.sent_before {
            Some(sent) => sent.clone().with_html(difference),
            None => Sent {
                email_id: materials.email.id,
                send_number: materials.email.send_number,
                // Derived from the email's id and its send number, so that whatever comes back finds it.
                message_id: threading::message_id(&materials.mark(), &identity.address),
                subject: filled.subject.clone(),
                html: difference,
                from_name: identity.name.clone(),
                from_address: identity.address.clone(),
                at: self.now(),
            },
        };
        let envelope_sender = self.envelope_sender(&materials.returns, &materials.email, &sent.from_address);
        let mailbox = Some(envelope_sender.as_str()).filter(|sender| *sender != sent.from_address);
        let leave = unsubscribe::headers(&filled.html, &link, mailbox);
        let (bytes, needs_smtputf8) = build(materials, &sent, self.now(), &filled.html, &filled.text, &leave)?;
        let bytes = self.signed(&materials.email, &sent.from_address, bytes);
        Ok(Message {
            from: envelope_sender,
            envelope_id: materials.mark(),
            bytes,
            needs_smtputf8,
            sent: materials.sent_before.is_none().then_some(sent),
            subject: filled.subject,
            snippet: filled.snippet,
            long_links,
            is_personal: !leave.is_empty(),
        })
    }

    /// As it was sent before. Its links lead through us anew.
    fn filled_before(
        &self,
        materials: &Materials,
        sent: &SentMessage,
        long_links: &mut Vec<(LongLinkId, String)>,
    ) -> Filled {
        Filled {
            subject: sent.subject.clone(),
            snippet: materials.email.snippet.clone(),
            html: self.tracked(materials, sent.html.clone(), long_links),
            text: mail::html::to_text(&sent.html),
            difference: Difference::default(),
        }
    }

    /// `html` as it goes over the wire.
    fn tracked(&self, materials: &Materials, html: String, long_links: &mut Vec<(LongLinkId, String)>) -> String {
        let Claimed { workspace_id, id, .. } = materials.email;
        if materials.tracked { self.track(workspace_id, id, &html, long_links) } else { html }
    }

    fn fill_in(
        &self,
        materials: &Materials,
        identity: &Identity,
        leave: &str,
        long_links: &mut Vec<(LongLinkId, String)>,
    ) -> std::result::Result<Filled, Unfit> {
        let mut values =
            dynamic_values(materials.person.as_deref(), materials.email.to_address.as_deref(), Some(identity));
        values.insert(TEAM_UNSUBSCRIBE.to_owned(), materials.unsubscribe.text.clone());
        values.insert(LINK.to_owned(), leave.to_owned());
        match self.composition(materials, identity) {
            Some(composition) => self.fill_composition(materials, &composition, values, long_links),
            None => self.fill_carefully(materials, leave, long_links),
        }
    }

    /// What was written, understood: from memory, if another email was written the same.
    fn composition(&self, materials: &Materials, identity: &Identity) -> Option<Arc<Composition>> {
        let body = &materials.body;
        let follow_up = materials.email.follow_up_of.is_some();
        let unsubscribe = &materials.unsubscribe;
        let compose = || {
            let written = body.clone().unpack().ok()?;
            let html = with_content_ids(materials, &written.html);
            Composition::new(&Written {
                subject: &written.subject,
                original: &written.html,
                body: &html,
                signature: &identity.signature_html,
                unsubscribe,
                non_commercial: body.non_commercial,
                follow_up,
                unsubscribe_base: &self.unsubscribe_base(materials.email.workspace_id),
            })
        };
        if materials.attachments.iter().any(|(file, _)| file.inline) {
            // Its images are its own.
            return compose().map(Arc::new);
        }
        let switches = [follow_up, body.non_commercial, unsubscribe.appended].map(u8::from);
        let (signature, message) = (identity.signature_html.as_bytes(), unsubscribe.html.as_bytes());
        let parts = [body.subject.as_bytes(), &body.html, signature, message, &switches];
        self.shared.compositions.get(&parts, compose)
    }

    fn fill_composition(
        &self,
        materials: &Materials,
        composition: &Composition,
        values: BTreeMap<String, String>,
        long_links: &mut Vec<(LongLinkId, String)>,
    ) -> std::result::Result<Filled, Unfit> {
        let subject = composition.subject.render(&values);
        let (difference, mut unresolved) = composition.difference(&values);
        unresolved.extend(subject.unresolved);
        if !unresolved.is_empty() {
            return Err(unresolved_fields(unresolved));
        }
        let opening = composition.opening.render(&values).output;
        let text = composition.text.render(&values).output;
        let html = if materials.tracked {
            let Claimed { workspace_id, id, .. } = materials.email;
            let links = composition.links.iter().enumerate();
            let links = links.map(|(number, url)| self.link(workspace_id, id, number, url, long_links));
            composition.tracked.render(&with_links(values, links, self.pixel(workspace_id, id)))
        } else {
            composition.html.render(&values)
        };
        Ok(Filled { subject: subject.output, snippet: snippet(&opening), html: html.output, text, difference })
    }

    /// A value stands where only a safe one may: the whole is cleaned with the values in place.
    fn fill_carefully(
        &self,
        materials: &Materials,
        leave: &str,
        long_links: &mut Vec<(LongLinkId, String)>,
    ) -> std::result::Result<Filled, Unfit> {
        let body = materials.body.clone().unpack().map_err(|_| FailureReason::UnresolvedField)?;
        let letter = Letter {
            body: &body,
            follow_up: materials.email.follow_up_of.is_some(),
            to_address: materials.email.to_address.as_deref(),
            person: materials.person.as_deref(),
            identity: materials.identity.as_deref(),
            unsubscribe: &materials.unsubscribe,
        };
        let filled = fill(&letter).map_err(|_| FailureReason::UnresolvedField)?;
        if !filled.unresolved.is_empty() {
            return Err(unresolved_fields(filled.unresolved));
        }
        let (_, snippet) = letter.shown();
        let html = with_content_ids(materials, &filled.html).replace(PLACEHOLDER, leave);
        Ok(Filled {
            subject: filled.subject,
            snippet,
            text: filled.text.replace(PLACEHOLDER, leave),
            difference: Original::new(&body.html).difference(&html),
            html: self.tracked(materials, html, long_links),
        })
    }

    /// The message as it was last sent, without tracking.
    pub(crate) async fn untracked_message(&self, tx: &mut Tx, email: &Email) -> Result<Vec<u8>> {
        let files = store::attachments::list(tx, email.workspace_id, email.id).await?;
        let portion = Portion { emails: vec![email.into()], files: [(email.id, files)].into() };
        let loaded = self.load_materials(tx, email.workspace_id, portion).await?;
        let materials = loaded.first().ok_or(Error::NotFound)?;
        let sent = materials.sent_before.as_ref().ok_or(Error::NotFound)?;
        let text = mail::html::to_text(&sent.html);
        let built = build(materials, sent, email.sent_at.unwrap_or(sent.at), &sent.html, &text, &[]);
        built.map(|(bytes, _)| bytes).map_err(|unfit| Error::Internal(format!("no copy: {:?}", unfit.reason)))
    }
}

/// The bytes, and whether a server needs `SMTPUTF8` to take them.
fn build<Html>(
    materials: &Materials,
    sent: &Sent<Html>,
    date: Timestamp,
    html: &str,
    text: &str,
    leave: &[(&'static str, String)],
) -> std::result::Result<(Vec<u8>, bool), Unfit> {
    let of_kind =
        |kind| materials.recipients.iter().filter(move |it| it.kind == kind && it.outcome != Outcome::LeftOut);
    let mailbox = |it: &store::recipients::Recipient| Mailbox::new(&it.name, &it.address);
    let to = of_kind(RecipientKind::To).next().map(mailbox).ok_or(FailureReason::BadAddress)?;
    let cc: Vec<Mailbox> = of_kind(RecipientKind::Cc).map(mailbox).collect();
    let written = materials.body.clone().without_html().map_err(|_| FailureReason::BadAddress)?;
    let references: Vec<String> = written.references.split_whitespace().map(str::to_owned).collect();
    let ids: Vec<String> = materials.attachments.iter().map(|(file, _)| content_id(file.id)).collect();
    let (mut attachments, mut inline_images) = (Vec::new(), Vec::new());
    for ((attachment, bytes), content_id) in materials.attachments.iter().zip(&ids) {
        let file = message::Attachment { name: &attachment.name, content_type: &attachment.content_type, bytes };
        if attachment.inline {
            inline_images.push(message::InlineImage { content_id, file });
        } else {
            attachments.push(file);
        }
    }
    // Providers replace the Message-ID; this one comes back in what bounces.
    let mark = materials.mark();
    let for_provider = materials.returns.mark_header(&mark);
    let for_provider = for_provider.as_ref().map(|(name, value)| (*name, value.as_str()));
    let headers: Vec<(&str, &str)> = [(MARK_HEADER, mark.as_str())]
        .into_iter()
        .chain(for_provider)
        .chain(leave.iter().map(|(name, value)| (*name, value.as_str())))
        .collect();
    let outgoing = message::Outgoing {
        message_id: &sent.message_id,
        date,
        from: &Mailbox::new(&sent.from_name, &sent.from_address),
        to: &to,
        cc: &cc,
        subject: &sent.subject,
        html: &mail::html::document(html),
        text,
        in_reply_to: written.in_reply_to.as_deref(),
        references: &references,
        attachments: &attachments,
        inline_images: &inline_images,
        headers: &headers,
    };
    match outgoing.build() {
        Ok(bytes) => Ok((bytes, outgoing.needs_smtputf8())),
        Err(error) => {
            tracing::warn!(%error, "a message could not be built");
            Err(FailureReason::BadAddress.into())
        }
    }
}

fn unresolved_fields(mut fields: Vec<String>) -> Unfit {
    fields.sort();
    fields.dedup();
    Unfit { reason: FailureReason::UnresolvedField, param: Some(fields.join(", ")) }
}

/// Images of the body are shown by content id; the address they were written with needs a session.
fn with_content_ids(materials: &Materials, html: &str) -> String {
    let images = materials.attachments.iter().map(|(file, _)| file).filter(|file| file.inline);
    images.fold(html.to_owned(), |html, image| {
        html.replace(&image_path(materials.email.id, image.id), &format!("cid:{}", content_id(image.id)))
    })
}
