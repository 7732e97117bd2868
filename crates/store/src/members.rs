//! Members: which users belong to a workspace, and as what.

use domain::{Timestamp, UserId, WorkspaceId, authorization::Role};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A user in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The user.
    pub user_id: UserId,
    /// What they are there.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
    /// When they were last here.
    pub last_seen_at: Option<Timestamp>,
    /// Since when they are deactivated.
    pub deactivated_at: Option<Timestamp>,
}
from_row!(Member { workspace_id, user_id, role, created_at, last_seen_at, deactivated_at });

/// A member with the name and address of their user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMember {
    /// The user.
    pub user_id: UserId,
    /// What colleagues call them.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// What they are in the workspace.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
    /// When they were last here.
    pub last_seen_at: Option<Timestamp>,
    /// Since when they are deactivated.
    pub deactivated_at: Option<Timestamp>,
}
from_row!(NamedMember { user_id, name, email, role, created_at, last_seen_at, deactivated_at });

/// Adds a member.
///
/// # Errors
/// [`crate::Error::Conflict`] when the user is a member already.
pub async fn insert(tx: &mut Tx, member: &Member) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO members (workspace_id, user_id, role, created_at, last_seen_at, deactivated_at)
        VALUES ($1, $2, $3, $4, $5, $6)
    "))
        .bind(raw(member.workspace_id))
        .bind(raw(member.user_id))
        .bind(raw(member.role))
        .bind(raw(member.created_at))
        .bind(raw(member.last_seen_at))
        .bind(raw(member.deactivated_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The member, active or not.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, user: UserId) -> Result<Member> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM members WHERE workspace_id = $1 AND user_id = $2"))
        .bind(raw(workspace))
        .bind(raw(user))
        .fetch_one(c).await)?)
}

/// What a user is in their workspaces, the oldest membership first, deactivated ones too.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<Member>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM members WHERE user_id = $1 ORDER BY created_at, workspace_id
    "))
        .bind(raw(user))
        .fetch_all(c).await)?)
}

/// All members of a workspace by name, deactivated ones too.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<NamedMember>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT m.user_id, u.name, u.email, m.role, m.created_at, m.last_seen_at, m.deactivated_at
        FROM members m JOIN users u ON u.id = m.user_id
        WHERE m.workspace_id = $1 ORDER BY u.name, m.user_id
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

/// How many active members administer the workspace.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn count_admins(tx: &mut Tx, workspace: WorkspaceId) -> Result<i64> {
    let (count,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT count(*) FROM members WHERE workspace_id = $1 AND role = 'admin' AND deactivated_at IS NULL
    "))
        .bind(raw(workspace))
        .fetch_one(c).await)?;
    Ok(count)
}

/// Gives the member another role.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn set_role(tx: &mut Tx, workspace: WorkspaceId, user: UserId, role: Role) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE members SET role = $3 WHERE workspace_id = $1 AND user_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(raw(role))
        .execute(c).await)
}

/// Deactivates the member, or with `None` makes them active again.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn set_deactivated(tx: &mut Tx, workspace: WorkspaceId, user: UserId, at: Option<Timestamp>) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE members SET deactivated_at = $3 WHERE workspace_id = $1 AND user_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(raw(at))
        .execute(c).await)
}

/// Notes that the member is here.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn set_last_seen(tx: &mut Tx, workspace: WorkspaceId, user: UserId, at: Timestamp) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE members SET last_seen_at = $3 WHERE workspace_id = $1 AND user_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(raw(at))
        .execute(c).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        testing::{Backend, database, id, member},
    };
    use rstest::rstest;

    const NORTH: WorkspaceId = WorkspaceId(id(1));

    #[rstest]
    #[tokio::test]
    async fn roles_and_deactivation_are_kept_per_workspace(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let ada = member(&mut tx, 1, 11, Role::Admin).await;
        let bob = member(&mut tx, 1, 12, Role::Member).await;
        let south = member(&mut tx, 2, 13, Role::Admin).await;
        assert_eq!(count_admins(&mut tx, NORTH).await.unwrap(), 1);
        set_role(&mut tx, NORTH, bob.user_id, Role::Admin).await.unwrap();
        assert_eq!(count_admins(&mut tx, NORTH).await.unwrap(), 2);
        set_deactivated(&mut tx, NORTH, ada.user_id, Some(Timestamp(9))).await.unwrap();
        assert_eq!(count_admins(&mut tx, NORTH).await.unwrap(), 1);
        set_last_seen(&mut tx, NORTH, bob.user_id, Timestamp(8)).await.unwrap();

        let listed = list(&mut tx, NORTH).await.unwrap();
        assert_eq!(listed.iter().map(|m| m.user_id).collect::<Vec<_>>(), [ada.user_id, bob.user_id]);
        assert_eq!(listed[0].deactivated_at, Some(Timestamp(9)));
        assert_eq!((listed[1].role, listed[1].last_seen_at), (Role::Admin, Some(Timestamp(8))));
        assert_eq!(of_user(&mut tx, south.user_id).await.unwrap(), std::slice::from_ref(&south));
        let elsewhere = find(&mut tx, NORTH, south.user_id).await;
        assert!(matches!(elsewhere, Err(Error::NotFound)));
        for refused in [
            set_role(&mut tx, NORTH, south.user_id, Role::Member).await,
            set_deactivated(&mut tx, NORTH, south.user_id, None).await,
            set_last_seen(&mut tx, NORTH, south.user_id, Timestamp(1)).await,
        ] {
            assert!(matches!(refused, Err(Error::NotFound)));
        }
        assert!(matches!(insert(&mut tx, &ada).await, Err(Error::Conflict { table }) if table == "members"));
    }
}
