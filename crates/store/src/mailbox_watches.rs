//! Which node watches a mailbox, and what came of it.

use domain::{MailboxId, NodeId, Timestamp, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{from_row, on, raw, sql},
    mailboxes::{Mailbox, Trouble},
};

/// How the watching of a mailbox stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The node that watches it, as long as it is alive.
    pub node_id: Option<NodeId>,
    /// Since when the connection stands.
    pub connected_at: Option<Timestamp>,
    /// When it was last read without a problem.
    pub looked_at: Option<Timestamp>,
    /// How many faults there were in a row.
    pub faults: u32,
    /// Until when it rests after a fault.
    pub rest_until: Option<Timestamp>,
    /// A stable name of what is wrong.
    pub problem: Option<String>,
    /// The same in the server's words.
    pub problem_text: Option<String>,
}
from_row!(Watch { node_id, connected_at, looked_at, faults, rest_until, problem, problem_text });

/// How the watching of a mailbox stands, if it ever began.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId) -> Result<Option<Watch>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM mailbox_watches WHERE workspace_id = $1 AND mailbox_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_optional(c).await)?)
}

/// A mailbox to be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watchable {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// When it was last read without a problem.
    pub looked_at: Option<Timestamp>,
}
from_row!(Watchable { ..mailbox: Mailbox, looked_at });

/// The mailboxes that `node` watches or may watch: to be read, not at rest, and with no other node seen since `alive`. Those
/// that were not looked into for longest come first.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    node: NodeId,
    now: Timestamp,
    alive: Timestamp,
) -> Result<Vec<Watchable>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT m.*, w.looked_at
        FROM mailboxes m
        LEFT JOIN mailbox_watches w ON w.workspace_id = m.workspace_id AND w.mailbox_id = m.id
        WHERE m.workspace_id = $1 AND m.deleted_at IS NULL AND m.reads
            AND (w.rest_until IS NULL OR w.rest_until <= $3)
            AND (
                w.node_id IS NULL OR w.node_id = $2
                OR NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = w.node_id AND n.seen_at > $4)
            )
        ORDER BY w.looked_at NULLS FIRST, m.id
    "))
        .bind(raw(workspace))
        .bind(raw(node))
        .bind(raw(now))
        .bind(raw(alive))
        .fetch_all(c).await)?)
}

/// Takes the watch over a mailbox for `node`, unless another that was seen since `alive` has it, or it rests.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn claim(tx: &mut Tx, mailbox: &Mailbox, node: NodeId, now: Timestamp, alive: Timestamp) -> Result<bool> {
    let claimed = on!(tx, c => sqlx::query(sql!("
        INSERT INTO mailbox_watches (workspace_id, mailbox_id, node_id, faults)
        VALUES ($1, $2, $3, 0)
        ON CONFLICT (workspace_id, mailbox_id) DO UPDATE
        SET node_id = excluded.node_id, connected_at = NULL, rest_until = NULL
        WHERE (mailbox_watches.rest_until IS NULL OR mailbox_watches.rest_until <= $4)
            AND (
                mailbox_watches.node_id IS NULL OR mailbox_watches.node_id = excluded.node_id
                OR NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = mailbox_watches.node_id AND n.seen_at > $5)
            )
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(raw(node))
        .bind(raw(now))
        .bind(raw(alive))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(claimed == 1)
}

/// Notes that the connection stands. Answers whether the watch is still `node`'s.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn connected(tx: &mut Tx, mailbox: &Mailbox, node: NodeId, now: Timestamp) -> Result<bool> {
    let noted = on!(tx, c => sqlx::query(sql!("
        UPDATE mailbox_watches
        SET connected_at = $4
        WHERE workspace_id = $1 AND mailbox_id = $2 AND node_id = $3
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(raw(node))
        .bind(raw(now))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(noted == 1)
}

/// Notes that everything was read and nothing is wrong. Answers whether the watch is still `node`'s.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn looked(tx: &mut Tx, mailbox: &Mailbox, node: NodeId, now: Timestamp) -> Result<bool> {
    let noted = on!(tx, c => sqlx::query(sql!("
        UPDATE mailbox_watches
        SET looked_at = $4, faults = 0, problem = NULL, problem_text = NULL
        WHERE workspace_id = $1 AND mailbox_id = $2 AND node_id = $3
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(raw(node))
        .bind(raw(now))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(noted == 1)
}

/// What a fault leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest<'a> {
    /// How many faults there were in a row, with this one.
    pub faults: u32,
    /// Until when the mailbox rests.
    pub until: Timestamp,
    /// What is shown.
    pub trouble: Option<&'a Trouble>,
}

/// Notes a fault, unless somebody changed the mailbox meanwhile.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn rest(tx: &mut Tx, mailbox: &Mailbox, node: NodeId, rest: &Rest<'_>) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE mailbox_watches
        SET faults = $5, rest_until = $6, problem = $7, problem_text = $8
        WHERE workspace_id = $1 AND mailbox_id = $2 AND node_id = $4
            AND EXISTS (SELECT 1 FROM mailboxes m WHERE m.workspace_id = $1 AND m.id = $2 AND m.version = $3)
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(mailbox.version)
        .bind(raw(node))
        .bind(raw(rest.faults))
        .bind(raw(rest.until))
        .bind(rest.trouble.map(|trouble| &trouble.code))
        .bind(rest.trouble.map(|trouble| &trouble.text))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Gives the watch back.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn release(tx: &mut Tx, mailbox: &Mailbox, node: NodeId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE mailbox_watches
        SET node_id = NULL, connected_at = NULL
        WHERE workspace_id = $1 AND mailbox_id = $2 AND node_id = $3
    "))
        .bind(raw(mailbox.workspace_id))
        .bind(raw(mailbox.id))
        .bind(raw(node))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets what was wrong, so that the mailbox is watched anew at once: somebody changed it.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn forget_trouble(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE mailbox_watches
        SET faults = 0, rest_until = NULL, problem = NULL, problem_text = NULL
        WHERE workspace_id = $1 AND mailbox_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets everything about the watching of a mailbox that is gone.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: MailboxId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM mailbox_watches WHERE workspace_id = $1 AND mailbox_id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        mailboxes, nodes,
        testing::{Backend, database, id, mailbox_of_ada},
    };

    const HERE: NodeId = NodeId(id(1));
    const THERE: NodeId = NodeId(id(2));

    #[rstest]
    #[tokio::test]
    async fn one_node_watches_a_mailbox_and_another_takes_over_when_it_is_silent(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let mailbox = mailbox_of_ada(&mut tx).await;
        nodes::beat(&mut tx, HERE, Timestamp(0), Timestamp(100)).await.unwrap();
        let [early, late] = [Timestamp(50), Timestamp(100)];
        assert!(claim(&mut tx, &mailbox, HERE, Timestamp(100), early).await.unwrap());
        assert!(claim(&mut tx, &mailbox, HERE, Timestamp(100), early).await.unwrap(), "it has it already");
        assert!(!claim(&mut tx, &mailbox, THERE, Timestamp(101), early).await.unwrap());
        let watchable =
            async |tx: &mut Tx, node, alive| list(tx, mailbox.workspace_id, node, late, alive).await.unwrap().len();
        assert_eq!((watchable(&mut tx, HERE, early).await, watchable(&mut tx, THERE, early).await), (1, 0));
        assert!(connected(&mut tx, &mailbox, HERE, Timestamp(102)).await.unwrap());

        assert_eq!(watchable(&mut tx, THERE, late).await, 1);
        assert!(claim(&mut tx, &mailbox, THERE, Timestamp(200), late).await.unwrap());
        assert!(!looked(&mut tx, &mailbox, HERE, Timestamp(201)).await.unwrap(), "it is another's now");
        assert!(looked(&mut tx, &mailbox, THERE, Timestamp(202)).await.unwrap());
        release(&mut tx, &mailbox, HERE).await.unwrap();
        let watch = find(&mut tx, mailbox.workspace_id, mailbox.id).await.unwrap().unwrap();
        assert_eq!((watch.node_id, watch.connected_at, watch.looked_at), (Some(THERE), None, Some(Timestamp(202))));
    }

    #[rstest]
    #[tokio::test]
    async fn a_mailbox_rests_after_a_fault_until_its_time_or_until_somebody_changes_it(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let mut mailbox = mailbox_of_ada(&mut tx).await;
        let (workspace, alive) = (mailbox.workspace_id, Timestamp(0));
        let trouble = Trouble { code: "refused".into(), text: "NO".into() };
        let wrong = Rest { faults: 2, until: Timestamp(500), trouble: Some(&trouble) };
        assert!(claim(&mut tx, &mailbox, HERE, Timestamp(1), alive).await.unwrap());
        rest(&mut tx, &mailbox, HERE, &wrong).await.unwrap();
        release(&mut tx, &mailbox, HERE).await.unwrap();
        assert_eq!(list(&mut tx, workspace, HERE, Timestamp(499), alive).await.unwrap(), []);
        assert!(!claim(&mut tx, &mailbox, HERE, Timestamp(499), alive).await.unwrap());
        assert_eq!(list(&mut tx, workspace, HERE, Timestamp(500), alive).await.unwrap().len(), 1);
        let watch = find(&mut tx, workspace, mailbox.id).await.unwrap().unwrap();
        assert_eq!((watch.faults, watch.problem.as_deref(), watch.node_id), (2, Some("refused"), None));

        forget_trouble(&mut tx, workspace, mailbox.id).await.unwrap();
        assert!(claim(&mut tx, &mailbox, HERE, Timestamp(2), alive).await.unwrap());
        mailboxes::update(&mut tx, &mailbox).await.unwrap();
        rest(&mut tx, &mailbox, HERE, &wrong).await.unwrap();
        let watch = find(&mut tx, workspace, mailbox.id).await.unwrap().unwrap();
        assert_eq!((watch.faults, watch.problem), (0, None), "the fault was of the mailbox as it was");

        mailbox.version += 1;
        mailboxes::update(&mut tx, &Mailbox { reads: false, ..mailbox }).await.unwrap();
        assert_eq!(list(&mut tx, workspace, HERE, Timestamp(900), alive).await.unwrap(), []);
    }
}
