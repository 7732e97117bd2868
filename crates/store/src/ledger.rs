//! The send ledger's two moments, for many emails at a time: a transaction begins, and the server has taken the message.
//!
//! Before the first byte of a transaction its rows say *attempting*; the caller commits before it speaks. Both moments
//! concern only emails that are under the node's lease: what another node took back meanwhile is told to the caller and
//! left alone, so that a node that slept too long sends nothing twice.
//!
//! `COALESCE(status, '')` keeps both databases from the index of all that is in progress: the key finds each of a few sooner.

use domain::{ChannelId, EmailId, NodeId, RecipientId, Status, Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    attempts::{self, Attempt},
    bodies::{self, NewlySent},
    columns::raw,
    events::{self, Event},
    folder_counts::Moves,
    rows,
    statements::Statements,
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
    /// Which sending of the email.
    pub send_number: u32,
    /// The channel.
    pub channel_id: ChannelId,
    /// Now.
    pub at: Timestamp,
    /// The message, the first time it is sent under its number.
    pub sent: Option<NewlySent>,
    /// The event to append.
    pub event: Option<Event>,
}

/// A message that the server has taken, to the one recipient its email has.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The email.
    pub email_id: EmailId,
    /// Its owner.
    pub owner_id: UserId,
    /// Its recipient.
    pub recipient_id: RecipientId,
    /// When its transaction began.
    pub began_at: Timestamp,
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

/// Writes *attempting*. Whether all of the emails are in progress under the lease of `node`: if not, the transaction must
/// not be committed, and none of them may begin.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn begin(tx: &mut Tx, workspace: WorkspaceId, node: NodeId, beginnings: &[&Beginning]) -> Result<bool> {
    let mut statements = Statements::with_room(tx, beginnings.len());
    hold_emails(&mut statements, workspace, node, beginnings);
    begin_recipients(&mut statements, workspace, beginnings);
    let sent: Vec<&NewlySent> = beginnings.iter().filter_map(|it| it.sent.as_ref()).collect();
    bodies::add_sent(&mut statements, workspace, &sent);
    let noted: Vec<Attempt<'_>> = beginnings
        .iter()
        .map(|it| Attempt { channel: it.channel_id, at: it.at, recipient: it.recipient_id, domain: &it.domain })
        .collect();
    attempts::add_all(&mut statements, workspace, &noted);
    let events: Vec<&Event> = beginnings.iter().filter_map(|it| it.event.as_ref()).collect();
    events::add_all(&mut statements, workspace, &events)?;
    Ok(statements.count(tx).await? == beginnings.len() as u64)
}

/// Files emails under Delivered that servers have taken. Whether all of them are in progress under the lease of `node`, and
/// their owners' still: if not, the transaction must not be committed.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn accept(tx: &mut Tx, workspace: WorkspaceId, node: NodeId, acceptances: &[&Acceptance]) -> Result<bool> {
    let mut statements = Statements::with_room(tx, acceptances.len());
    accept_emails(&mut statements, workspace, node, acceptances);
    accept_recipients(&mut statements, workspace, acceptances);
    let events: Vec<&Event> = acceptances.iter().map(|it| &it.event).collect();
    events::add_all(&mut statements, workspace, &events)?;
    let mut moves = Moves::default();
    for it in acceptances {
        moves.add(it.owner_id, Status::InProgress, Status::Delivered);
    }
    moves.add_to(&mut statements, workspace);
    Ok(statements.count(tx).await? == acceptances.len() as u64)
}

/// Holds the emails until the transaction ends, so that no other node takes them back meanwhile. Their rows say what was
/// attempted when its outcome is known; until then their recipients say it.
fn hold_emails(statements: &mut Statements, workspace: WorkspaceId, node: NodeId, beginnings: &[&Beginning]) {
    for run in statements.runs(beginnings) {
        let text = format!(
            "WITH begun (workspace, email) AS MATERIALIZED (VALUES {})
            SELECT id FROM begun CROSS JOIN emails
            WHERE workspace_id = begun.workspace AND id = begun.email AND leased_by = ? AND COALESCE(status, '') = 'in_progress'",
            rows::values(run.places(), 2)
        );
        statements.add_lock(&text, "emails");
        for it in run.padded() {
            statements.bind(it.map(|_| raw(workspace))).bind(it.map(|begun| raw(begun.email_id)));
        }
        statements.bind(raw(node));
    }
}

/// Files under Delivered.
fn accept_emails(statements: &mut Statements, workspace: WorkspaceId, node: NodeId, acceptances: &[&Acceptance]) {
    for run in statements.runs(acceptances) {
        statements.add_counted(&format!(
            "WITH accepted (workspace, email, owner, subject, snippet, began_at, at) AS MATERIALIZED (VALUES {})
            UPDATE emails
            SET status = 'delivered', version = version + 1, subject = accepted.subject, snippet = accepted.snippet,
                attempts = emails.attempts + 1, first_attempt_at = COALESCE(first_attempt_at, accepted.began_at),
                sent_at = accepted.at, updated_at = accepted.at, uncertain = FALSE, leased_by = NULL,
                last_activity_at = CASE WHEN accepted.at > last_activity_at THEN accepted.at ELSE last_activity_at END,
                due_at = NULL, next_at = NULL, wait_reason = NULL, wait_text = NULL, failure_reason = NULL,
                failure_code = NULL, failure_text = NULL, failure_param = NULL, failed_at = NULL
            FROM accepted
            WHERE workspace_id = accepted.workspace AND id = accepted.email AND owner_id = accepted.owner
                AND leased_by = ? AND COALESCE(status, '') = 'in_progress'",
            rows::values(run.places(), 7)
        ));
        for it in run.padded() {
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|accepted| raw(accepted.email_id)))
                .bind(it.map(|accepted| raw(accepted.owner_id)))
                .bind(it.map(|accepted| &accepted.subject))
                .bind(it.map(|accepted| &accepted.snippet))
                .bind(it.map(|accepted| raw(accepted.began_at)))
                .bind(it.map(|accepted| raw(accepted.at)));
        }
        statements.bind(raw(node));
    }
}

fn begin_recipients(statements: &mut Statements, workspace: WorkspaceId, begun: &[&Beginning]) {
    for run in statements.runs(begun) {
        statements.add(&format!(
            "WITH begun (workspace, recipient, at, number, channel) AS MATERIALIZED (VALUES {})
            UPDATE recipients
            SET outcome = 'attempting', attempted_at = begun.at, send_number = begun.number, channel_id = begun.channel
            FROM begun
            WHERE workspace_id = begun.workspace AND id = begun.recipient",
            rows::values(run.places(), 5)
        ));
        for it in run.padded() {
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|begun| raw(begun.recipient_id)))
                .bind(it.map(|begun| raw(begun.at)))
                .bind(it.map(|begun| raw(begun.send_number)))
                .bind(it.map(|begun| raw(begun.channel_id)));
        }
    }
}

fn accept_recipients(statements: &mut Statements, workspace: WorkspaceId, accepted: &[&Acceptance]) {
    for run in statements.runs(accepted) {
        statements.add(&format!(
            "WITH accepted (workspace, recipient, at, reply) AS MATERIALIZED (VALUES {})
            UPDATE recipients
            SET outcome = 'accepted', settled_at = accepted.at, reply = accepted.reply
            FROM accepted
            WHERE workspace_id = accepted.workspace AND id = accepted.recipient",
            rows::values(run.places(), 4)
        ));
        for it in run.padded() {
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|accepted| raw(accepted.recipient_id)))
                .bind(it.map(|accepted| raw(accepted.at)))
                .bind(it.and_then(|accepted| accepted.reply.as_ref()));
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        authorization::Role,
        events::{EventKind, Evidence},
        ledger::{Outcome, RecipientKind},
        time::SECOND,
    };
    use rstest::rstest;

    use super::*;
    use crate::{
        channels,
        emails::{self, Email},
        folder_counts,
        recipients::{self, Recipient},
        testing::{Backend, channel, database, id, member},
    };

    const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
    const OWNER: UserId = UserId(id(2));
    const CHANNEL: ChannelId = ChannelId(id(3));
    const NODE: NodeId = NodeId(id(4));
    const NOW: Timestamp = Timestamp(10 * SECOND);

    /// An email in progress under the lease of `node`, with one recipient.
    async fn claimed(tx: &mut Tx, n: u128, node: NodeId) -> EmailId {
        let mut email = Email::draft(WORKSPACE, EmailId(id(n)), OWNER, Timestamp(0));
        emails::insert(tx, &email).await.unwrap();
        email.status = Status::InProgress;
        email.channel_id = Some(CHANNEL);
        email.leased_by = Some(node);
        emails::update(tx, &mut email, Status::Draft).await.unwrap();
        let recipient = Recipient {
            id: RecipientId(id(n)),
            email_id: email.id,
            kind: RecipientKind::To,
            name: String::new(),
            address: format!("accept.n{n}@b.example"),
            outcome: Outcome::Waiting,
            send_number: 1,
            channel_id: None,
            attempted_at: None,
            settled_at: None,
            reply: None,
        };
        recipients::insert(tx, WORKSPACE, &recipient).await.unwrap();
        email.id
    }

    fn event(n: u128, kind: EventKind) -> Event {
        let number = if kind == EventKind::Attempted { n } else { 10_000 + n };
        Event {
            id: domain::EventId(id(number)),
            email_id: EmailId(id(n)),
            at: NOW,
            kind,
            evidence: Evidence::default(),
        }
    }

    fn beginning(n: u128) -> Beginning {
        Beginning {
            email_id: EmailId(id(n)),
            recipient_id: RecipientId(id(n)),
            domain: String::new(),
            send_number: 1,
            channel_id: CHANNEL,
            at: NOW,
            sent: None,
            event: Some(event(n, EventKind::Attempted)),
        }
    }

    fn acceptance(n: u128) -> Acceptance {
        Acceptance {
            email_id: EmailId(id(n)),
            owner_id: OWNER,
            recipient_id: RecipientId(id(n)),
            began_at: NOW,
            at: NOW,
            reply: Some("250 ok".into()),
            subject: "Hello".into(),
            snippet: "Hi".into(),
            event: event(n, EventKind::Accepted),
        }
    }

    /// What became of email `n`: where it is, its attempts, its events, and its recipient's outcome.
    async fn state(tx: &mut Tx, n: u128) -> (Status, u32, usize, Outcome) {
        let email = emails::find(tx, WORKSPACE, EmailId(id(n))).await.unwrap();
        let recipient = recipients::list(tx, WORKSPACE, email.id).await.unwrap().remove(0);
        let events = events::list(tx, WORKSPACE, email.id, 9).await.unwrap().len();
        (email.status, email.attempts, events, recipient.outcome)
    }

    #[rstest]
    #[tokio::test]
    async fn many_begin_and_are_filed_at_once_and_none_where_one_is_not_ours(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        const FOREIGN: u128 = 133;
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 2, Role::Member).await;
        channels::insert(&mut tx, &channel(1, 3, None)).await.unwrap();
        let numbers: Vec<u128> = (100..170).collect();
        for n in &numbers {
            claimed(&mut tx, *n, if *n == FOREIGN { NodeId(id(5)) } else { NODE }).await;
        }
        tx.commit().await.unwrap();
        let beginnings: Vec<_> = numbers.iter().map(|n| beginning(*n)).collect();
        let acceptances: Vec<_> = numbers.iter().map(|n| acceptance(*n)).collect();
        let all: (Vec<_>, Vec<_>) = (beginnings.iter().collect(), acceptances.iter().collect());
        let ours = (
            all.0.iter().copied().filter(|it| it.email_id != EmailId(id(FOREIGN))).collect::<Vec<_>>(),
            all.1.iter().copied().filter(|it| it.email_id != EmailId(id(FOREIGN))).collect::<Vec<_>>(),
        );

        let mut tx = db.begin().await.unwrap();
        assert!(!begin(&mut tx, WORKSPACE, NODE, &all.0).await.unwrap());
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(state(&mut tx, 100).await, (Status::InProgress, 0, 0, Outcome::Waiting));
        assert!(begin(&mut tx, WORKSPACE, NODE, &ours.0[..20]).await.unwrap());
        assert!(begin(&mut tx, WORKSPACE, NODE, &ours.0[20..]).await.unwrap());
        assert!(begin(&mut tx, WORKSPACE, NODE, &[]).await.unwrap());
        assert_eq!(state(&mut tx, 100).await, (Status::InProgress, 0, 1, Outcome::Attempting));
        tx.commit().await.unwrap();

        let mut tx = db.begin().await.unwrap();
        assert!(!accept(&mut tx, WORKSPACE, NODE, &all.1).await.unwrap());
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        let given_away = Acceptance { owner_id: UserId(id(9)), ..acceptance(100) };
        assert!(!accept(&mut tx, WORKSPACE, NODE, &[&given_away]).await.unwrap());
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert!(accept(&mut tx, WORKSPACE, NODE, &ours.1).await.unwrap());
        for n in numbers {
            let expected = if n == FOREIGN {
                (Status::InProgress, 0, 0, Outcome::Waiting)
            } else {
                (Status::Delivered, 1, 2, Outcome::Accepted)
            };
            assert_eq!(state(&mut tx, n).await, expected, "{n}");
        }
        let email = emails::find(&mut tx, WORKSPACE, EmailId(id(100))).await.unwrap();
        assert_eq!((email.leased_by, email.sent_at, email.subject.as_str()), (None, Some(NOW), "Hello"));
        let recipient = recipients::list(&mut tx, WORKSPACE, email.id).await.unwrap().remove(0);
        assert_eq!(recipient.reply.as_deref(), Some("250 ok"));
        assert_eq!(folder_counts::total(&mut tx, WORKSPACE, Status::Delivered).await.unwrap(), 69);
        assert_eq!(folder_counts::total(&mut tx, WORKSPACE, Status::InProgress).await.unwrap(), 1);
        assert!(!begin(&mut tx, WORKSPACE, NODE, &ours.0[..1]).await.unwrap(), "what is delivered is nobody's");
        assert!(!accept(&mut tx, WORKSPACE, NODE, &ours.1[..1]).await.unwrap(), "nobody heard that it was written");
    }
}
