//! The send ledger's two moments, for many emails at a time: a transaction begins, and the server has taken the message.
//!
//! Before the first byte of a transaction its rows say *attempting*; the caller commits before it speaks. Both moments
//! concern only emails that are under the node's lease: what another node took back meanwhile is told to the caller and
//! left alone, so that a node that slept too long sends nothing twice.

use std::collections::{BTreeMap, HashSet};

use domain::{ChannelId, EmailId, NodeId, RecipientId, Status, Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    attempts::{self, Attempt},
    bodies::{self, SentMessage},
    columns::{on, raw},
    db::built,
    events::{self, Event},
    folder_counts, rows,
};

/// A transaction that is about to begin.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The email.
    pub email_id: EmailId,
    /// The envelope recipient.
    pub recipient_id: RecipientId,
    /// The recipient's domain in lower case where domains have rules, else empty: then nobody counts it.
    pub domain: String,
    /// Whether the recipient stands in To: the email's attempts are those to its To.
    pub is_to: bool,
    /// Which sending of the email.
    pub send_number: u32,
    /// The channel.
    pub channel_id: ChannelId,
    /// Now.
    pub at: Timestamp,
    /// The message, the first time it is sent under its number.
    pub sent: Option<SentMessage>,
    /// The event to append.
    pub event: Option<Event>,
}

/// Writes *attempting* for each of `beginnings`, of different emails. Answers the emails that are the node's no longer;
/// their transactions must not begin.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn begin(
    tx: &mut Tx,
    workspace: WorkspaceId,
    node: NodeId,
    beginnings: &[Beginning],
) -> Result<HashSet<EmailId>> {
    let mut ours = HashSet::with_capacity(beginnings.len());
    for run in rows::runs(beginnings) {
        // IS NOT DISTINCT FROM, because with = SQLite would read all that is leased instead of these rows.
        let text = format!(
            "UPDATE emails
            SET attempts = attempts + v.column3, first_attempt_at = COALESCE(first_attempt_at, v.column4)
            FROM (VALUES {}) AS v
            WHERE emails.workspace_id = v.column1 AND emails.id = v.column2 AND leased_by IS NOT DISTINCT FROM $1
                AND status = 'in_progress'
            RETURNING emails.id",
            rows::values(run.len(), 4, 2)
        );
        let ids: Vec<(uuid::Uuid,)> = on!(tx, c => {
            let mut update = sqlx::query_as(built(text)).bind(raw(node));
            for it in run {
                update =
                    update.bind(raw(workspace)).bind(raw(it.email_id)).bind(i64::from(it.is_to)).bind(raw(it.at));
            }
            update.fetch_all(c).await
        })?;
        ours.extend(ids.into_iter().map(|(id,)| EmailId(id)));
    }
    let begun: Vec<&Beginning> = beginnings.iter().filter(|it| ours.contains(&it.email_id)).collect();
    let sent: Vec<&SentMessage> = begun.iter().filter_map(|it| it.sent.as_ref()).collect();
    bodies::keep_sent(tx, workspace, &sent).await?;
    for run in rows::runs(&begun) {
        let text = format!(
            "UPDATE recipients
            SET outcome = 'attempting', attempted_at = v.column3, send_number = v.column4, channel_id = v.column5
            FROM (VALUES {}) AS v
            WHERE recipients.workspace_id = v.column1 AND recipients.id = v.column2",
            rows::values(run.len(), 5, 1)
        );
        on!(tx, c => {
            let mut update = sqlx::query(built(text));
            for it in run {
                update = update
                    .bind(raw(workspace))
                    .bind(raw(it.recipient_id))
                    .bind(raw(it.at))
                    .bind(raw(it.send_number))
                    .bind(raw(it.channel_id));
            }
            update.execute(c).await.map(drop)
        })?;
    }
    let noted: Vec<Attempt<'_>> = begun
        .iter()
        .map(|it| Attempt { channel: it.channel_id, at: it.at, recipient: it.recipient_id, domain: &it.domain })
        .collect();
    attempts::insert(tx, workspace, &noted).await?;
    let begun: Vec<&Event> = begun.iter().filter_map(|it| it.event.as_ref()).collect();
    events::insert_all(tx, workspace, &begun).await?;
    Ok(beginnings.iter().map(|it| it.email_id).filter(|id| !ours.contains(id)).collect())
}

/// A message that the server has taken, to the one recipient its email has.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The email.
    pub email_id: EmailId,
    /// Its recipient.
    pub recipient_id: RecipientId,
    /// When.
    pub at: Timestamp,
    /// The server's words.
    pub reply: Option<String>,
    /// The subject as it was sent.
    pub subject: String,
    /// The first words as they were sent.
    pub snippet: String,
    /// The event to append.
    pub event: Event,
}

/// Files each of `acceptances` under Delivered. Answers the emails that are the node's no longer; nothing of those was
/// written.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn accept(
    tx: &mut Tx,
    workspace: WorkspaceId,
    node: NodeId,
    acceptances: &[Acceptance],
) -> Result<HashSet<EmailId>> {
    let mut ours = HashSet::with_capacity(acceptances.len());
    let mut owners: BTreeMap<UserId, i64> = BTreeMap::new();
    for run in rows::runs(acceptances) {
        let text = format!(
            "UPDATE emails
            SET status = 'delivered', version = version + 1, subject = v.column3, snippet = v.column4,
                sent_at = v.column5, updated_at = v.column5, uncertain = FALSE, leased_by = NULL,
                last_activity_at = CASE WHEN v.column5 > last_activity_at THEN v.column5 ELSE last_activity_at END,
                due_at = NULL, next_at = NULL, wait_reason = NULL, wait_text = NULL, failure_reason = NULL,
                failure_code = NULL, failure_text = NULL, failure_param = NULL, failed_at = NULL
            FROM (VALUES {}) AS v
            WHERE emails.workspace_id = v.column1 AND emails.id = v.column2 AND leased_by IS NOT DISTINCT FROM $1
                AND status = 'in_progress'
            RETURNING emails.id, emails.owner_id",
            rows::values(run.len(), 5, 2)
        );
        let filed: Vec<(uuid::Uuid, uuid::Uuid)> = on!(tx, c => {
            let mut update = sqlx::query_as(built(text)).bind(raw(node));
            for it in run {
                update = update
                    .bind(raw(workspace))
                    .bind(raw(it.email_id))
                    .bind(&it.subject)
                    .bind(&it.snippet)
                    .bind(raw(it.at));
            }
            update.fetch_all(c).await
        })?;
        for (id, owner) in filed {
            ours.insert(EmailId(id));
            *owners.entry(UserId(owner)).or_default() += 1;
        }
    }
    let accepted: Vec<&Acceptance> = acceptances.iter().filter(|it| ours.contains(&it.email_id)).collect();
    for run in rows::runs(&accepted) {
        let text = format!(
            "UPDATE recipients
            SET outcome = 'accepted', settled_at = v.column3, reply = v.column4
            FROM (VALUES {}) AS v
            WHERE recipients.workspace_id = v.column1 AND recipients.id = v.column2",
            rows::values(run.len(), 4, 1)
        );
        on!(tx, c => {
            let mut update = sqlx::query(built(text));
            for it in run {
                update =
                    update.bind(raw(workspace)).bind(raw(it.recipient_id)).bind(raw(it.at)).bind(&it.reply);
            }
            update.execute(c).await.map(drop)
        })?;
    }
    let accepted: Vec<&Event> = accepted.iter().map(|it| &it.event).collect();
    events::insert_all(tx, workspace, &accepted).await?;
    for (owner, count) in owners {
        folder_counts::add(tx, workspace, owner, Status::InProgress, -count).await?;
        folder_counts::add(tx, workspace, owner, Status::Delivered, count).await?;
    }
    Ok(acceptances.iter().map(|it| it.email_id).filter(|id| !ours.contains(id)).collect())
}
