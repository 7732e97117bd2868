//! The send ledger's two moments, for many emails at a time: a transaction begins, and the server has taken the message.
//!
//! Before the first byte of a transaction its rows say *attempting*; the caller commits before it speaks. Both moments
//! concern only emails that are under the node's lease: what another node took back meanwhile is told to the caller and
//! left alone, so that a node that slept too long sends nothing twice.

use std::collections::HashMap;

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
    /// Whether the recipient stands in To: the email's attempts are those to its To.
    pub is_to: bool,
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

/// Emails that were under a node's lease.
#[derive(Debug)]
pub struct Held(HashMap<EmailId, UserId>);

impl Held {
    /// Whether the email is one of them.
    pub fn has(&self, email: EmailId) -> bool {
        self.0.contains_key(&email)
    }
}

/// Writes both moments, each for different emails, as far as they are in progress under the lease of `node`, and the counts
/// of the folders with `moves`. Answers which emails those are. The transaction of any other must not begin.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    node: NodeId,
    (beginnings, acceptances): (&[&Beginning], &[&Acceptance]),
    mut moves: Moves,
) -> Result<Held> {
    let room = beginnings.len().max(acceptances.len());
    let mut emails = Statements::with_room(tx, room);
    begin_emails(&mut emails, workspace, node, beginnings);
    accept_emails(&mut emails, workspace, node, acceptances);
    let held = emails.fetch_ids(tx).await?;
    let held = Held(held.into_iter().map(|(id, owner)| (EmailId(id), UserId(owner))).collect());

    let begun: Vec<&Beginning> = beginnings.iter().copied().filter(|it| held.has(it.email_id)).collect();
    let accepted: Vec<&Acceptance> = acceptances.iter().copied().filter(|it| held.has(it.email_id)).collect();
    for owner in accepted.iter().filter_map(|it| held.0.get(&it.email_id)) {
        moves.add(*owner, Status::InProgress, Status::Delivered);
    }
    let mut rest = Statements::with_room(tx, room);
    begin(&mut rest, workspace, &begun)?;
    accept(&mut rest, workspace, &accepted)?;
    moves.add_to(&mut rest, workspace);
    rest.execute(tx).await?;
    Ok(held)
}

fn begin_emails(statements: &mut Statements, workspace: WorkspaceId, node: NodeId, beginnings: &[&Beginning]) {
    for run in statements.runs(beginnings) {
        statements.add(&format!(
            "WITH begun (workspace, email, attempts, at) AS MATERIALIZED (VALUES {})
            UPDATE emails
            SET attempts = emails.attempts + begun.attempts, first_attempt_at = COALESCE(first_attempt_at, begun.at)
            FROM begun
            WHERE workspace_id = begun.workspace AND id = begun.email AND leased_by = ${} AND status = 'in_progress'
            RETURNING id, owner_id",
            rows::values(run.places(), 4),
            1 + run.places() * 4
        ));
        for it in run.padded() {
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|begun| raw(begun.email_id)))
                .bind(it.map(|begun| i64::from(begun.is_to)))
                .bind(it.map(|begun| raw(begun.at)));
        }
        statements.bind(raw(node));
    }
}

/// Files under Delivered.
fn accept_emails(statements: &mut Statements, workspace: WorkspaceId, node: NodeId, acceptances: &[&Acceptance]) {
    for run in statements.runs(acceptances) {
        statements.add(&format!(
            "WITH accepted (workspace, email, subject, snippet, at) AS MATERIALIZED (VALUES {})
            UPDATE emails
            SET status = 'delivered', version = version + 1, subject = accepted.subject, snippet = accepted.snippet,
                sent_at = accepted.at, updated_at = accepted.at, uncertain = FALSE, leased_by = NULL,
                last_activity_at = CASE WHEN accepted.at > last_activity_at THEN accepted.at ELSE last_activity_at END,
                due_at = NULL, next_at = NULL, wait_reason = NULL, wait_text = NULL, failure_reason = NULL,
                failure_code = NULL, failure_text = NULL, failure_param = NULL, failed_at = NULL
            FROM accepted
            WHERE workspace_id = accepted.workspace AND id = accepted.email AND leased_by = ${}
                AND status = 'in_progress'
            RETURNING id, owner_id",
            rows::values(run.places(), 5),
            1 + run.places() * 5
        ));
        for it in run.padded() {
            statements
                .bind(it.map(|_| raw(workspace)))
                .bind(it.map(|accepted| raw(accepted.email_id)))
                .bind(it.map(|accepted| &accepted.subject))
                .bind(it.map(|accepted| &accepted.snippet))
                .bind(it.map(|accepted| raw(accepted.at)));
        }
        statements.bind(raw(node));
    }
}

/// Writes what else says *attempting*.
fn begin(statements: &mut Statements, workspace: WorkspaceId, begun: &[&Beginning]) -> Result<()> {
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
    let sent: Vec<&NewlySent> = begun.iter().filter_map(|it| it.sent.as_ref()).collect();
    bodies::add_sent(statements, workspace, &sent);
    let noted: Vec<Attempt<'_>> = begun
        .iter()
        .map(|it| Attempt { channel: it.channel_id, at: it.at, recipient: it.recipient_id, domain: &it.domain })
        .collect();
    attempts::add_all(statements, workspace, &noted);
    let events: Vec<&Event> = begun.iter().filter_map(|it| it.event.as_ref()).collect();
    events::add_all(statements, workspace, &events)
}

/// Writes what else says that the server has it.
fn accept(statements: &mut Statements, workspace: WorkspaceId, accepted: &[&Acceptance]) -> Result<()> {
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
    let events: Vec<&Event> = accepted.iter().map(|it| &it.event).collect();
    events::add_all(statements, workspace, &events)
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
            is_to: true,
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
            recipient_id: RecipientId(id(n)),
            at: NOW,
            reply: Some("250 ok".into()),
            subject: "Hello".into(),
            snippet: "Hi".into(),
            event: event(n, EventKind::Accepted),
        }
    }

    #[rstest]
    #[tokio::test]
    async fn many_begin_and_are_filed_at_once_and_what_is_another_nodes_is_left_alone(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 2, Role::Member).await;
        channels::insert(&mut tx, &channel(1, 3, None)).await.unwrap();
        let numbers: Vec<u128> = (100..170).collect();
        for n in &numbers {
            claimed(&mut tx, *n, if *n == 133 { NodeId(id(5)) } else { NODE }).await;
        }
        let beginnings: Vec<_> = numbers.iter().map(|n| beginning(*n)).collect();
        let acceptances: Vec<_> = numbers.iter().map(|n| acceptance(*n)).collect();
        let (beginnings, acceptances): (Vec<_>, Vec<_>) = (beginnings.iter().collect(), acceptances.iter().collect());
        // The others begin while the first are taken.
        for (beginnings, acceptances) in
            [(&beginnings[..20], &[][..]), (&beginnings[20..], &acceptances[..20]), (&[], &acceptances[20..])]
        {
            let held = write(&mut tx, WORKSPACE, NODE, (beginnings, acceptances), Moves::default()).await.unwrap();
            let emails = beginnings.iter().map(|it| it.email_id).chain(acceptances.iter().map(|it| it.email_id));
            for email in emails {
                assert_eq!(held.has(email), email != EmailId(id(133)));
            }
        }
        let again = write(&mut tx, WORKSPACE, NODE, (&beginnings, &[]), Moves::default()).await.unwrap();
        assert!(!again.has(beginnings[0].email_id), "what is delivered is nobody's");
        for n in numbers {
            let email = emails::find(&mut tx, WORKSPACE, EmailId(id(n))).await.unwrap();
            let recipient = recipients::list(&mut tx, WORKSPACE, email.id).await.unwrap().remove(0);
            let events = events::list(&mut tx, WORKSPACE, email.id, 9).await.unwrap().len();
            if n == 133 {
                assert_eq!((email.status, email.attempts, events), (Status::InProgress, 0, 0));
                assert_eq!(recipient.outcome, Outcome::Waiting);
            } else {
                assert_eq!((email.status, email.attempts, events), (Status::Delivered, 1, 2));
                assert_eq!((email.leased_by, email.sent_at, email.subject.as_str()), (None, Some(NOW), "Hello"));
                assert_eq!((recipient.outcome, recipient.reply.as_deref()), (Outcome::Accepted, Some("250 ok")));
            }
        }
        assert_eq!(folder_counts::total(&mut tx, WORKSPACE, Status::Delivered).await.unwrap(), 69);
        assert_eq!(folder_counts::total(&mut tx, WORKSPACE, Status::InProgress).await.unwrap(), 1);
    }
}
