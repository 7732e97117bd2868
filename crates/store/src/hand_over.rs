//! What a deactivated member leaves behind goes to somebody else: emails and folder counts. (People: `people`.)

use domain::{Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{on, raw, sql},
    emails::Email,
};

/// The scheduled emails of `owner`, locked until the transaction ends, so that no worker takes them meanwhile.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn lock_scheduled(tx: &mut Tx, workspace: WorkspaceId, owner: UserId) -> Result<Vec<Email>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        UPDATE emails SET version = version + 1
        WHERE workspace_id = $1 AND owner_id = $2 AND status = 'scheduled' RETURNING *
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .fetch_all(c).await)?)
}

/// Gives all emails of `from`, and what came back about them, to `to`. What may still be written or sent loses its identity, which was not the heir's. What
/// is being sent keeps its version, so that the worker can still record what came of it.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn emails(tx: &mut Tx, workspace: WorkspaceId, from: UserId, to: UserId) -> Result<u64> {
    // Each condition is that of an index. What was under way in the first statement may be at rest in the second.
    let under_way = on!(tx, c => sqlx::query(sql!("
        UPDATE emails SET owner_id = $3 WHERE workspace_id = $1 AND owner_id = $2 AND status = 'in_progress'
    "))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(|done| done.rows_affected()))?;
    let at_rest = on!(tx, c => sqlx::query(sql!("
        UPDATE emails SET
            version = version + 1,
            owner_id = $3,
            identity_id = CASE WHEN status = 'draft' OR status_before IN ('draft', 'scheduled') THEN NULL
                ELSE identity_id END,
            status_before = CASE WHEN status_before = 'scheduled' THEN 'draft' ELSE status_before END
        WHERE workspace_id = $1 AND owner_id = $2 AND status <> 'in_progress'
    "))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(|done| done.rows_affected()))?;
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO folder_counts (workspace_id, owner_id, status, emails)
        SELECT left_behind.workspace_id, heir.user_id, left_behind.status, left_behind.emails
        FROM folder_counts left_behind
        JOIN members heir ON heir.workspace_id = left_behind.workspace_id AND heir.user_id = $3
        WHERE left_behind.workspace_id = $1 AND left_behind.owner_id = $2
        ON CONFLICT (workspace_id, owner_id, status) DO UPDATE SET emails = folder_counts.emails + excluded.emails
    "))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("UPDATE received SET owner_id = $3 WHERE workspace_id = $1 AND owner_id = $2"))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("DELETE FROM folder_counts WHERE workspace_id = $1 AND owner_id = $2"))
        .bind(raw(workspace))
        .bind(raw(from))
        .execute(c).await.map(drop))?;
    crate::feed::hand_over(tx, workspace, from, to).await?;
    crate::stops::hand_over(tx, workspace, from, to).await?;
    Ok(at_rest + under_way)
}

/// Deletes the identities, mailboxes and personal channels of `owner`, secrets and all: nobody else may send in their
/// name or read their mail.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn retire_senders(tx: &mut Tx, workspace: WorkspaceId, owner: UserId, now: Timestamp) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE identities SET version = version + 1, deleted_at = $3, is_default = FALSE, verification_hash = NULL
        WHERE workspace_id = $1 AND user_id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .bind(raw(now))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("
        UPDATE mailboxes SET version = version + 1, deleted_at = $3, secret = NULL
        WHERE workspace_id = $1 AND owner_id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .bind(raw(now))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("
        UPDATE channels SET version = version + 1, deleted_at = $3, secret = NULL
        WHERE workspace_id = $1 AND owner_id = $2 AND deleted_at IS NULL
    "))
        .bind(raw(workspace))
        .bind(raw(owner))
        .bind(raw(now))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        emails, folder_counts,
        testing::{Backend, database, id, member},
    };
    use domain::{EmailId, Status, authorization::Role};
    use rstest::rstest;

    #[rstest]
    #[tokio::test]
    async fn emails_and_counts_move_together(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let (ada, bob) = (member(&mut tx, 1, 11, Role::Member).await, member(&mut tx, 1, 12, Role::Member).await);
        let north = ada.workspace_id;
        let statuses = [Status::Draft, Status::Scheduled, Status::Delivered, Status::Deleted];
        for (n, (owner, status)) in
            [ada.user_id, bob.user_id].into_iter().flat_map(|o| statuses.map(|s| (o, s))).enumerate()
        {
            let email_id = EmailId(id(100 + n as u128));
            let mut email = emails::Email::draft(north, email_id, owner, Timestamp(1));
            emails::insert(&mut tx, &email).await.unwrap();
            email.status = status;
            email.status_before = (status == Status::Deleted).then_some(Status::Scheduled);
            emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();
        }
        let before = folder_counts::list(&mut tx, north, bob.user_id).await.unwrap();
        let locked = lock_scheduled(&mut tx, north, ada.user_id).await.unwrap();
        assert_eq!(locked.iter().map(|email| email.id).collect::<Vec<_>>(), [EmailId(id(101))]);

        assert_eq!(super::emails(&mut tx, north, ada.user_id, bob.user_id).await.unwrap(), 4);
        let after = folder_counts::list(&mut tx, north, bob.user_id).await.unwrap();
        assert_eq!(after.len(), before.len());
        assert!(before.iter().all(|(status, count)| after.contains(&(*status, count * 2))), "{before:?} {after:?}");
        assert_eq!(folder_counts::list(&mut tx, north, ada.user_id).await.unwrap(), []);
        let deleted = emails::find(&mut tx, north, EmailId(id(103))).await.unwrap();
        assert_eq!((deleted.owner_id, deleted.status_before), (bob.user_id, Some(Status::Draft)));
    }

    #[rstest]
    #[tokio::test]
    async fn what_is_being_sent_is_recorded_with_the_heir(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let (ada, bob) = (member(&mut tx, 1, 11, Role::Member).await, member(&mut tx, 1, 12, Role::Member).await);
        let mut email = emails::Email::draft(ada.workspace_id, EmailId(id(100)), ada.user_id, Timestamp(1));
        emails::insert(&mut tx, &email).await.unwrap();
        email.status = Status::InProgress;
        emails::update(&mut tx, &mut email, Status::Draft).await.unwrap();

        super::emails(&mut tx, ada.workspace_id, ada.user_id, bob.user_id).await.unwrap();
        // The worker claimed it before.
        email.status = Status::Delivered;
        emails::update(&mut tx, &mut email, Status::InProgress).await.unwrap();
        assert_eq!(email.owner_id, bob.user_id);
        let counts = folder_counts::list(&mut tx, ada.workspace_id, bob.user_id).await.unwrap();
        assert!(counts.contains(&(Status::Delivered, 1)) && counts.contains(&(Status::InProgress, 0)), "{counts:?}");
    }
}
