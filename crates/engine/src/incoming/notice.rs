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
/// The longest header, and the longest sentence of a server, that is kept, in bytes.
const MOST_HEADER: usize = 2_000;
/// The longest word that is kept, in bytes: an address, an id, a status.
const MOST_WORD: usize = 998;

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
        let traces = plain(incoming.traces);
        Self { workspace, source, at, kind: incoming.kind, fingerprint, return_path, traces, told }
    }

    pub(super) fn of_report(report: Report) -> Self {
        let without_brackets = |id: &String| id.trim_matches(['<', '>', ' ']).to_owned();
        let event = format!("{}\n{}", report.channel, report.provider_event_id);
        let about = Recipient {
            address: report.recipient,
            kind: report.kind,
            obstacle: report.reason.as_deref().and_then(obstacle),
            status: report.status,
            code: report.code,
            reason: report.reason,
            aliases: Vec::new(),
        };
        Self {
            workspace: report.workspace,
            source: Source::Webhook(report.channel),
            at: report.at,
            kind: report.kind,
            fingerprint: Sha256::digest(event.as_bytes()).to_vec(),
            return_path: None,
            traces: plain(Traces {
                returned_ids: report.message_ids.iter().map(without_brackets).collect(),
                returned_marks: report.our_mark.into_iter().collect(),
                ..Traces::default()
            }),
            told: Told { recipients: vec![whom(&about)], ..Told::default() },
        }
    }

    /// The header `value` as far as it is kept.
    pub(super) fn header(value: &str) -> String {
        shortened(value, MOST_HEADER)
    }
}

fn whom(recipient: &Recipient) -> Whom {
    let word = |word: &String| shortened(word, MOST_WORD);
    Whom {
        address: word(&recipient.address),
        aliases: recipient.aliases.iter().map(word).collect(),
        kind: recipient.kind,
        said: Said {
            obstacle: recipient.obstacle,
            status: recipient.status.as_ref().map(word),
            code: recipient.code,
            sentence: recipient.reason.as_deref().map(Notice::header),
        }
        .said_once(),
    }
}

/// The same traces without what no database takes. What is no id by its length or its letters is none of ours.
fn plain(mut traces: Traces) -> Traces {
    let is_id = |id: &String| id.len() <= MOST_WORD && !id.contains(char::is_control);
    traces.message_id = traces.message_id.filter(is_id);
    for ids in [&mut traces.in_reply_to, &mut traces.references, &mut traces.returned_ids] {
        ids.retain(is_id);
    }
    for text in [&mut traces.from_name, &mut traces.from_address, &mut traces.subject] {
        *text = Notice::header(text);
    }
    traces
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
