//! From an email to the bytes on the wire.

use domain::{Timestamp, ledger::RecipientKind, reasons::FailureReason};
use mail::{address::Mailbox, message};
use store::{Tx, bodies::SentMessage, recipients::Recipient};

use super::fill;
use crate::{
    Engine, Result,
    emails::{Context, content_id},
};

/// A message ready to be handed over.
pub(super) struct Prepared {
    pub(super) from: String,
    pub(super) bytes: Vec<u8>,
    pub(super) needs_smtputf8: bool,
}

/// Why an email cannot leave, found before anybody was asked.
pub(super) struct Unfit {
    pub(super) reason: FailureReason,
    pub(super) param: Option<String>,
}

impl Unfit {
    fn new(reason: FailureReason) -> Self {
        Self { reason, param: None }
    }
}

impl Engine {
    /// Renders the email once for each send number and keeps it; builds the message. Automatic attempts send the same.
    pub(super) async fn prepare(
        &self,
        tx: &mut Tx,
        context: &Context,
        recipients: &[Recipient],
    ) -> Result<std::result::Result<Prepared, Unfit>> {
        let email = &context.email;
        let Some(identity) = context.identity.as_ref().filter(|identity| identity.verified_at.is_some()) else {
            return Ok(Err(Unfit::new(FailureReason::IdentityUnverified)));
        };
        let Some(to) = recipients.iter().find(|recipient| recipient.kind == RecipientKind::To) else {
            return Ok(Err(Unfit::new(FailureReason::BadAddress)));
        };
        let sent = match store::bodies::last_sent(tx, email.workspace_id, email.id).await {
            Ok(sent) if sent.send_number == email.send_number => sent,
            Ok(_) | Err(store::Error::NotFound) => {
                let filled = fill(context);
                let Some(filled) = filled.as_ref().ok().filter(|filled| filled.unresolved.is_empty()) else {
                    let param = filled.ok().map(|filled| filled.unresolved.join(", "));
                    return Ok(Err(Unfit { reason: FailureReason::UnresolvedField, param }));
                };
                let sent = SentMessage {
                    email_id: email.id,
                    send_number: email.send_number,
                    message_id: message_id(context, &identity.address),
                    subject: filled.subject.clone(),
                    html: with_content_ids(context, &filled.html),
                    text: filled.text.clone(),
                    from_name: identity.name.clone(),
                    from_address: identity.address.clone(),
                    at: self.now(),
                };
                store::bodies::keep_sent(tx, email.workspace_id, &sent).await?;
                sent
            }
            Err(other) => return Err(other.into()),
        };
        let workspace = store::workspaces::find(tx, email.workspace_id).await?;
        let html = if workspace.tracking && email.tracked {
            self.track(tx, email, &sent.html).await?
        } else {
            sent.html.clone()
        };
        let files = self.files(tx, context).await?;
        Ok(build(context, &sent, to, recipients, &html, &files, self.now()))
    }

    async fn files(&self, tx: &mut Tx, context: &Context) -> Result<Vec<Vec<u8>>> {
        let mut files = Vec::with_capacity(context.attachments.len());
        for attachment in &context.attachments {
            files.push(store::attachments::content(tx, context.email.workspace_id, &attachment.sha256).await?);
        }
        Ok(files)
    }
}

/// Derived from the email's id and its send number, so that whatever comes back finds it.
fn message_id(context: &Context, address: &str) -> String {
    let domain = address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let domain = mail::address::with_ascii_domain(domain);
    format!("{}.{}@{domain}", context.email.id.0.simple(), context.email.send_number)
}

/// Images of the body are shown by content id; the address they were written with needs a session.
fn with_content_ids(context: &Context, html: &str) -> String {
    context.attachments.iter().filter(|attachment| attachment.inline).fold(html.to_owned(), |html, image| {
        html.replace(&crate::emails::image_path(context.email.id, image.id), &format!("cid:{}", content_id(image.id)))
    })
}

fn build(
    context: &Context,
    sent: &SentMessage,
    to: &Recipient,
    recipients: &[Recipient],
    html: &str,
    files: &[Vec<u8>],
    date: Timestamp,
) -> std::result::Result<Prepared, Unfit> {
    let mailbox = |recipient: &Recipient| Mailbox::new(&recipient.name, &recipient.address);
    let cc: Vec<Mailbox> = recipients.iter().filter(|it| it.kind == RecipientKind::Cc).map(mailbox).collect();
    let references: Vec<String> = context.body.references.split_whitespace().map(str::to_owned).collect();
    let ids: Vec<String> = context.attachments.iter().map(|attachment| content_id(attachment.id)).collect();
    let (mut attachments, mut inline_images) = (Vec::new(), Vec::new());
    for ((attachment, bytes), content_id) in context.attachments.iter().zip(files).zip(&ids) {
        let file = message::Attachment { name: &attachment.name, content_type: &attachment.content_type, bytes };
        if attachment.inline {
            inline_images.push(message::InlineImage { content_id, file });
        } else {
            attachments.push(file);
        }
    }
    // Providers replace the Message-ID; this one comes back in what bounces.
    let own_id = format!("{}.{}", context.email.id.0.simple(), context.email.send_number);
    let outgoing = message::Outgoing {
        message_id: &sent.message_id,
        date,
        from: &Mailbox::new(&sent.from_name, &sent.from_address),
        to: &mailbox(to),
        cc: &cc,
        subject: &sent.subject,
        html: &mail::html::document(html),
        text: &sent.text,
        in_reply_to: context.body.in_reply_to.as_deref(),
        references: &references,
        attachments: &attachments,
        inline_images: &inline_images,
        headers: &[("X-Quarterdeck-Email", &own_id)],
    };
    let needs_smtputf8 = outgoing.needs_smtputf8();
    match outgoing.build() {
        Ok(bytes) => Ok(Prepared { from: sent.from_address.clone(), bytes, needs_smtputf8 }),
        Err(error) => {
            tracing::warn!(%error, "a message could not be built");
            Err(Unfit::new(FailureReason::BadAddress))
        }
    }
}
