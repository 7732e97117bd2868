//! What was said, whichever door it came through.

use domain::{
    EmailId, Timestamp, WorkspaceId,
    incoming::{Kind, Said},
};
use mail::incoming::{Incoming, Recipient, Traces, obstacle};
use sha2::{Digest, Sha256};
use store::received::{Told, Whom};

use super::{Report, Source};

/// How much of what a person wrote is kept with the notice, in bytes; the whole is in the body.
const MOST_TEXT: usize = 4_000;
/// The longest header that is kept, in bytes.
const MOST_HEADER: usize = 2_000;

/// Something that came back, understood.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    pub(super) workspace: WorkspaceId,
    pub(super) source: Source,
    pub(super) at: Timestamp,
    pub(super) kind: Kind,
    /// The same for the same message, however it came.
    pub(super) fingerprint: Vec<u8>,
    /// The sending that the address it was sent to names.
    pub(super) return_path: Option<(EmailId, u32)>,
    pub(super) traces: Traces,
    pub(super) told: Told,
}

impl Notice {
    pub(super) fn of_message(
        workspace: WorkspaceId,
        source: Source,
        at: Timestamp,
        return_path: Option<(EmailId, u32)>,
        incoming: Incoming,
        raw: &[u8],
    ) -> Self {
        let told = Told {
            recipients: incoming.recipients.iter().map(whom).collect(),
            by_person: incoming.reply_text.is_some(),
            has_left: incoming.has_left,
            back_on: incoming.return_date,
            text: incoming.reply_text.map(|text| shortened(&text, MOST_TEXT)),
            facts: incoming.evidence,
        };
        let fingerprint = fingerprint(&incoming.traces, raw);
        Self { workspace, source, at, kind: incoming.kind, fingerprint, return_path, traces: incoming.traces, told }
    }

    pub(super) fn of_report(report: Report) -> Self {
        let without_brackets = |id: &String| id.trim_matches(['<', '>', ' ']).to_owned();
        let event = format!("{}\n{}", report.channel, report.provider_event_id);
        let said = Said {
            obstacle: report.reason.as_deref().and_then(obstacle),
            status: report.status,
            code: report.code,
            sentence: report.reason,
        };
        let whom = Whom { address: report.recipient, aliases: Vec::new(), kind: report.kind, said };
        Self {
            workspace: report.workspace,
            source: Source::Webhook(report.channel),
            at: report.at,
            kind: report.kind,
            fingerprint: Sha256::digest(event.as_bytes()).to_vec(),
            return_path: None,
            traces: Traces {
                returned_ids: report.message_ids.iter().map(without_brackets).collect(),
                returned_marks: report.our_mark.into_iter().collect(),
                ..Traces::default()
            },
            told: Told { recipients: vec![whom], ..Told::default() },
        }
    }

    /// The header `value` as far as it is kept.
    pub(super) fn header(value: &str) -> String {
        shortened(value, MOST_HEADER)
    }
}

fn whom(recipient: &Recipient) -> Whom {
    Whom {
        address: recipient.address.clone(),
        aliases: recipient.aliases.clone(),
        kind: recipient.kind,
        said: Said {
            obstacle: recipient.obstacle,
            status: recipient.status.clone(),
            code: recipient.code,
            sentence: recipient.reason.clone(),
        },
    }
}

/// By what a message is the same, however it came: its Message-ID and author, which no server on the way changes. Where it
/// has no Message-ID, all of it but the lines that each server adds at its beginning.
fn fingerprint(traces: &Traces, raw: &[u8]) -> Vec<u8> {
    let mut digest = Sha256::new();
    if let Some(id) = &traces.message_id {
        digest.update(format!("id\n{id}\n{}", traces.from_address));
    } else {
        let body = raw
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
            .or_else(|| raw.windows(2).position(|bytes| bytes == b"\n\n"));
        digest.update(format!("{}\n{}\n{:?}\n", traces.from_address, traces.subject, traces.date));
        digest.update(&raw[body.unwrap_or(0)..]);
    }
    digest.finalize().to_vec()
}

/// `text` without what no database takes, and no longer than `most` bytes.
fn shortened(text: &str, most: usize) -> String {
    text[..text.floor_char_boundary(most)].replace('\0', "")
}
