//! Deleted emails that can no longer come back: which there are, and what goes of them.

use domain::{EmailId, Status, Timestamp, UserId, WorkspaceId};
use sea_query::{Expr, ExprTrait, LockBehavior, LockType, Order, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx, attachments,
    bodies::compress,
    columns::{changed_one, fetch_built, on, raw, sql},
    folder_counts,
};

/// Up to `limit` emails that were deleted before `before` and are not erased, the first ones first, locked until the
/// transaction ends. Those that another node erases just now are left out.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn to_erase(tx: &mut Tx, workspace: WorkspaceId, before: Timestamp, limit: u64) -> Result<Vec<EmailId>> {
    let mut select = Query::select();
    select
        .column("id")
        .from("emails")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("erased_at").is_null())
        .and_where(Expr::col("deleted_at").lt(raw(before)))
        .and_where(Expr::col("status").eq(raw(Status::Deleted)))
        .order_by("deleted_at", Order::Asc)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let ids: Vec<(uuid::Uuid,)> = fetch_built!(tx, select)?;
    Ok(ids.into_iter().map(|(id,)| EmailId(id)).collect())
}

/// Whether anybody outside may have the email, or answered it.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn has_left(tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<bool> {
    let (traces,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT
            (SELECT COUNT(*) FROM sent_messages WHERE workspace_id = $1 AND email_id = $2)
            + (SELECT COUNT(*) FROM received WHERE workspace_id = $1 AND email_id = $2)
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?;
    Ok(traces > 0)
}

/// Erases the words and the files of an email. Its row, its ledger and its history stay: links and unsubscribe links in what
/// was sent work, and what comes back is matched.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn erase(tx: &mut Tx, workspace: WorkspaceId, id: EmailId, now: Timestamp) -> Result<()> {
    remove_contents(tx, workspace, id).await?;
    on!(tx, c => sqlx::query(sql!("
        UPDATE sent_messages SET subject = '', html = $3, is_difference = FALSE WHERE workspace_id = $1 AND email_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(compress("")?)
        .execute(c).await.map(drop))?;
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE emails SET version = version + 1, subject = '', snippet = '', attachment_count = 0, erased_at = $3
        WHERE workspace_id = $1 AND id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(raw(now))
        .execute(c).await)
}

/// Removes an email that never left, with everything that belongs to it.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn remove(tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<()> {
    remove_contents(tx, workspace, id).await?;
    for statement in [
        sql!("DELETE FROM feed_entries WHERE workspace_id = $1 AND email_id = $2"),
        sql!("DELETE FROM visits WHERE workspace_id = $1 AND email_id = $2"),
        sql!("DELETE FROM sent_looks WHERE workspace_id = $1 AND email_id = $2"),
        sql!("DELETE FROM sent_copies WHERE workspace_id = $1 AND email_id = $2"),
        sql!("DELETE FROM sent_ids WHERE workspace_id = $1 AND email_id = $2"),
        sql!("DELETE FROM recipients WHERE workspace_id = $1 AND email_id = $2"),
        sql!("DELETE FROM events WHERE workspace_id = $1 AND email_id = $2"),
    ] {
        on!(tx, c => sqlx::query(statement).bind(raw(workspace)).bind(raw(id)).execute(c).await.map(drop))?;
    }
    let (owner, status): (uuid::Uuid, String) = on!(tx, c => sqlx::query_as(sql!("
        DELETE FROM emails WHERE workspace_id = $1 AND id = $2 RETURNING owner_id, status
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?;
    let status: Status = status.parse().map_err(|_| crate::Error::Corrupt(status))?;
    folder_counts::add(tx, workspace, UserId(owner), status, -1).await
}

/// What was written, and the files.
async fn remove_contents(tx: &mut Tx, workspace: WorkspaceId, id: EmailId) -> Result<()> {
    for file in attachments::list(tx, workspace, id).await? {
        attachments::delete(tx, workspace, id, file.id).await?;
    }
    on!(tx, c => sqlx::query(sql!("DELETE FROM email_bodies WHERE workspace_id = $1 AND email_id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::authorization::Role;
    use rstest::rstest;

    use super::*;
    use crate::{
        emails::{self, Email},
        testing::{Backend, database, id, member},
    };

    #[rstest]
    #[tokio::test]
    async fn the_first_deleted_go_first_and_nothing_else_goes(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let owner = member(&mut tx, 1, 2, Role::Member).await.user_id;
        let workspace = WorkspaceId(id(1));
        for (n, deleted_at) in [(10, Some(30)), (11, Some(20)), (12, None), (13, Some(40))] {
            let mut email = Email::draft(workspace, EmailId(id(n)), owner, Timestamp(1));
            emails::insert(&mut tx, &email).await.unwrap();
            if let Some(at) = deleted_at {
                (email.status, email.deleted_at) = (Status::Deleted, Some(Timestamp(at)));
                emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
            }
        }
        let before = Timestamp(40);
        let [second, first] = [EmailId(id(10)), EmailId(id(11))];
        assert_eq!(to_erase(&mut tx, workspace, before, 9).await.unwrap(), [first, second]);
        assert_eq!(to_erase(&mut tx, workspace, before, 1).await.unwrap(), [first]);
        assert!(!has_left(&mut tx, workspace, first).await.unwrap());
        remove(&mut tx, workspace, first).await.unwrap();
        erase(&mut tx, workspace, second, Timestamp(50)).await.unwrap();
        assert_eq!(to_erase(&mut tx, workspace, before, 9).await.unwrap(), []);
        assert!(matches!(remove(&mut tx, workspace, first).await, Err(crate::Error::NotFound)));
        let mut counts = folder_counts::list(&mut tx, workspace, owner).await.unwrap();
        counts.sort();
        assert_eq!(counts, [(Status::Draft, 1), (Status::Deleted, 2)]);
    }
}
