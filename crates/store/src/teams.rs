//! Teams and who is in them.

use domain::{TeamId, Timestamp, UserId, WorkspaceId};

use crate::{
    Result, Tx,
    columns::{changed_one, from_row, on, raw, sql},
};

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its workspace.
    pub workspace_id: WorkspaceId,
    /// Its id.
    pub id: TeamId,
    /// What people call it; no two of a workspace are called the same.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}
from_row!(Team { workspace_id, id, name, created_at });

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMember {
    /// The team.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// The user.
    pub user_id: UserId,
    /// The user's name.
    pub user_name: String,
    /// Since when they are deactivated.
    pub deactivated_at: Option<Timestamp>,
}
from_row!(TeamMember { team_id, team_name, user_id, user_name, deactivated_at });

/// Adds a team.
///
/// # Errors
/// [`crate::Error::Conflict`] when another has the name.
pub async fn insert(tx: &mut Tx, team: &Team) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO teams (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)
    "))
        .bind(raw(team.workspace_id))
        .bind(raw(team.id))
        .bind(&team.name)
        .bind(raw(team.created_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The team.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: TeamId) -> Result<Team> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM teams WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// All teams by name.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Team>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM teams WHERE workspace_id = $1 ORDER BY name, id"))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

/// Who is in which team, by the names of team and user, deactivated members too.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list_members(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<TeamMember>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT tm.team_id, t.name AS team_name, tm.user_id, u.name AS user_name, m.deactivated_at
        FROM team_members tm
        JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
        JOIN members m ON m.workspace_id = tm.workspace_id AND m.user_id = tm.user_id
        JOIN users u ON u.id = tm.user_id
        WHERE tm.workspace_id = $1 ORDER BY t.name, u.name, tm.user_id
    "))
        .bind(raw(workspace))
        .fetch_all(c).await)?)
}

/// Gives the team another name.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Conflict`] when another has the name.
pub async fn rename(tx: &mut Tx, workspace: WorkspaceId, id: TeamId, name: &str) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("UPDATE teams SET name = $3 WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .bind(name)
        .execute(c).await)
}

/// Deletes the team; its members stay members of the workspace.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: TeamId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("DELETE FROM teams WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await)
}

/// Adds a member to a team, and says whether they were not in it before.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn add_member(tx: &mut Tx, workspace: WorkspaceId, team: TeamId, user: UserId) -> Result<bool> {
    let added = on!(tx, c => sqlx::query(sql!("
        INSERT INTO team_members (workspace_id, team_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(raw(team))
        .bind(raw(user))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(added == 1)
}

/// Takes a member out of a team, and says whether they were in it.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn remove_member(tx: &mut Tx, workspace: WorkspaceId, team: TeamId, user: UserId) -> Result<bool> {
    let removed = on!(tx, c => sqlx::query(sql!("
        DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2 AND user_id = $3
    "))
        .bind(raw(workspace))
        .bind(raw(team))
        .bind(raw(user))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(removed == 1)
}

/// Whether two users are in a team together.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn share(tx: &mut Tx, workspace: WorkspaceId, one: UserId, other: UserId) -> Result<bool> {
    let (count,): (i64,) = on!(tx, c => sqlx::query_as(sql!("
        SELECT count(*) FROM team_members a
        JOIN team_members b ON b.workspace_id = a.workspace_id AND b.team_id = a.team_id
        WHERE a.workspace_id = $1 AND a.user_id = $2 AND b.user_id = $3
    "))
        .bind(raw(workspace))
        .bind(raw(one))
        .bind(raw(other))
        .fetch_one(c).await)?;
    Ok(count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        testing::{Backend, database, id, member},
    };
    use domain::authorization::Role;
    use rstest::rstest;

    fn team(workspace: u128, n: u128) -> Team {
        Team {
            workspace_id: WorkspaceId(id(workspace)),
            id: TeamId(id(n)),
            name: format!("Team {n}"),
            created_at: Timestamp(1),
        }
    }

    #[rstest]
    #[tokio::test]
    async fn names_are_unique_within_a_workspace(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        member(&mut tx, 1, 11, Role::Admin).await;
        member(&mut tx, 2, 21, Role::Admin).await;
        let (one, two) = (team(1, 1), team(1, 2));
        insert(&mut tx, &two).await.unwrap();
        insert(&mut tx, &one).await.unwrap();
        insert(&mut tx, &team(2, 1)).await.unwrap();
        assert_eq!(list(&mut tx, one.workspace_id).await.unwrap(), [one.clone(), two.clone()]);
        rename(&mut tx, one.workspace_id, one.id, "North").await.unwrap();
        assert_eq!(find(&mut tx, one.workspace_id, one.id).await.unwrap().name, "North");
        delete(&mut tx, one.workspace_id, one.id).await.unwrap();
        assert!(matches!(delete(&mut tx, one.workspace_id, one.id).await, Err(Error::NotFound)));
        assert!(find(&mut tx, WorkspaceId(id(2)), one.id).await.is_ok());
        assert!(matches!(rename(&mut tx, WorkspaceId(id(2)), two.id, "X").await, Err(Error::NotFound)));
        let twin = Team { id: TeamId(id(3)), ..two };
        assert!(matches!(insert(&mut tx, &twin).await, Err(Error::Conflict { table }) if table == "teams"));
    }

    #[rstest]
    #[tokio::test]
    async fn two_users_share_a_team_while_both_are_in_it(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let ada = member(&mut tx, 1, 11, Role::Manager).await;
        let bob = member(&mut tx, 1, 12, Role::Member).await;
        let (workspace, team) = (ada.workspace_id, team(1, 1));
        insert(&mut tx, &team).await.unwrap();
        assert!(add_member(&mut tx, workspace, team.id, ada.user_id).await.unwrap());
        assert!(!add_member(&mut tx, workspace, team.id, ada.user_id).await.unwrap());
        assert!(!share(&mut tx, workspace, ada.user_id, bob.user_id).await.unwrap());
        assert!(add_member(&mut tx, workspace, team.id, bob.user_id).await.unwrap());
        assert!(share(&mut tx, workspace, ada.user_id, bob.user_id).await.unwrap());
        let listed = list_members(&mut tx, workspace).await.unwrap();
        assert_eq!(listed.iter().map(|row| row.user_name.as_str()).collect::<Vec<_>>(), ["User 11", "User 12"]);
        assert_eq!(listed[0].team_name, "Team 1");
        assert!(remove_member(&mut tx, workspace, team.id, bob.user_id).await.unwrap());
        assert!(!remove_member(&mut tx, workspace, team.id, bob.user_id).await.unwrap());
        assert!(!share(&mut tx, workspace, ada.user_id, bob.user_id).await.unwrap());
        delete(&mut tx, workspace, team.id).await.unwrap();
        assert_eq!(list_members(&mut tx, workspace).await.unwrap(), []);
    }
}
