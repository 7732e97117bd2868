//! Invitations that have not been accepted yet.

use domain::{InvitationId, TeamId, Timestamp, WorkspaceId, authorization::Role};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// Somebody invited to become a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// To this workspace.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: InvitationId,
    /// Whom, in lower case.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Into which teams.
    pub team_ids: Vec<TeamId>,
    /// SHA-256 of the link's token.
    pub token_hash: Vec<u8>,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// The row: the teams as JSON.
struct Row {
    workspace_id: WorkspaceId,
    id: InvitationId,
    email: String,
    role: Role,
    team_ids: String,
    token_hash: Vec<u8>,
    created_at: Timestamp,
    expires_at: Timestamp,
}
from_row!(Row { workspace_id, id, email, role, team_ids, token_hash, created_at, expires_at });

impl Row {
    fn read(self) -> Result<Invitation> {
        Ok(Invitation {
            workspace_id: self.workspace_id,
            id: self.id,
            email: self.email,
            role: self.role,
            team_ids: serde_json::from_str(&self.team_ids)?,
            token_hash: self.token_hash,
            created_at: self.created_at,
            expires_at: self.expires_at,
        })
    }
}

/// Adds an invitation; an earlier one to the same address is worth nothing from here on.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn replace(tx: &mut Tx, invitation: &Invitation) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("DELETE FROM invitations WHERE workspace_id = $1 AND email = $2"))
        .bind(raw(invitation.workspace_id))
        .bind(&invitation.email)
        .execute(c).await.map(drop))?;
    let team_ids = serde_json::to_string(&invitation.team_ids)?;
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO invitations (workspace_id, id, email, role, team_ids, token_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    "))
        .bind(raw(invitation.workspace_id))
        .bind(raw(invitation.id))
        .bind(&invitation.email)
        .bind(raw(invitation.role))
        .bind(team_ids)
        .bind(&invitation.token_hash)
        .bind(raw(invitation.created_at))
        .bind(raw(invitation.expires_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The invitation.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: InvitationId) -> Result<Invitation> {
    let row: Row = on!(tx, c => sqlx::query_as(sql!("SELECT * FROM invitations WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?;
    row.read()
}

/// The invitation whose link holds the token with this hash, whether it is too old or not.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_by_hash(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Invitation>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(sql!("SELECT * FROM invitations WHERE token_hash = $1"))
        .bind(token_hash)
        .fetch_optional(c).await)?;
    row.map(Row::read).transpose()
}

/// All invitations of the workspace, oldest first, those too old as well.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Invitation>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql!("
        SELECT * FROM invitations WHERE workspace_id = $1 ORDER BY created_at, id
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// Removes the invitation: it was accepted or withdrawn.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: InvitationId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("DELETE FROM invitations WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        testing::{Backend, database, id, workspace},
    };
    use rstest::rstest;

    #[rstest]
    #[tokio::test]
    async fn a_second_invitation_takes_the_place_of_the_first(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        for n in [1, 2] {
            crate::workspaces::insert(&mut tx, &workspace(n)).await.unwrap();
        }
        let north = WorkspaceId(id(1));
        let invitation = |n: u8| Invitation {
            workspace_id: north,
            id: InvitationId(id(n.into())),
            email: "ada@example.com".into(),
            role: Role::Manager,
            team_ids: vec![TeamId(id(5)), TeamId(id(6))],
            token_hash: vec![n],
            created_at: Timestamp(1),
            expires_at: Timestamp(9),
        };
        replace(&mut tx, &invitation(1)).await.unwrap();
        replace(&mut tx, &invitation(2)).await.unwrap();
        let elsewhere = Invitation { workspace_id: WorkspaceId(id(2)), ..invitation(3) };
        replace(&mut tx, &elsewhere).await.unwrap();

        assert_eq!(list(&mut tx, north).await.unwrap(), [invitation(2)]);
        assert_eq!(find_by_hash(&mut tx, &[1]).await.unwrap(), None);
        assert_eq!(find_by_hash(&mut tx, &[2]).await.unwrap(), Some(invitation(2)));
        assert_eq!(find(&mut tx, north, invitation(2).id).await.unwrap(), invitation(2));
        assert!(matches!(find(&mut tx, north, elsewhere.id).await, Err(Error::NotFound)));
        delete(&mut tx, north, invitation(2).id).await.unwrap();
        assert!(matches!(delete(&mut tx, north, invitation(2).id).await, Err(Error::NotFound)));
        assert_eq!(find_by_hash(&mut tx, &[3]).await.unwrap(), Some(elsewhere));
    }
}
