//! The words with the unsubscribe link: the workspace's settings, and what each user wrote.

use domain::{UserId, WorkspaceId, stops::Wording};
use sea_query::{Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Error, Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
};

/// What an administrator decided about the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Raised by each change; 0 before the first.
    pub version: i64,
    /// Whether every email gets them at its end.
    pub appended: bool,
    /// Who writes them.
    pub wording: Wording,
    /// The administrator's words, cleaned HTML; empty for those the product comes with.
    pub html: String,
}
from_row!(Settings { version, appended, wording, html });

struct Text {
    user_id: UserId,
    html: String,
}
from_row!(Text { user_id, html });

/// The settings; `None` while nobody has decided anything.
///
/// # Errors
/// [`Error::Database`].
pub async fn settings(tx: &mut Tx, workspace: WorkspaceId) -> Result<Option<Settings>> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT version, appended, wording, html FROM unsubscribe_settings WHERE workspace_id = $1
    "))
        .bind(raw(workspace))
        .fetch_optional(c).await)?)
}

/// Saves the settings, if nobody changed them since they were read; their `version` is the one read.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn save_settings(tx: &mut Tx, workspace: WorkspaceId, settings: &Settings) -> Result<()> {
    let saved = on!(tx, c => sqlx::query(sql!("
        INSERT INTO unsubscribe_settings (workspace_id, version, appended, wording, html)
        VALUES ($1, $2 + 1, $3, $4, $5)
        ON CONFLICT (workspace_id) DO UPDATE
        SET version = excluded.version, appended = excluded.appended, wording = excluded.wording, html = excluded.html
        WHERE unsubscribe_settings.version = $2
    "))
        .bind(raw(workspace))
        .bind(settings.version)
        .bind(settings.appended)
        .bind(raw(settings.wording))
        .bind(&settings.html)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if saved == 0 { Err(Error::Changed) } else { Ok(()) }
}

/// What each of `users` wrote: those who wrote nothing are missing.
///
/// # Errors
/// [`Error::Database`].
pub async fn of_users(tx: &mut Tx, workspace: WorkspaceId, users: &[UserId]) -> Result<Vec<(UserId, String)>> {
    let mut select = Query::select();
    select
        .columns(["user_id", "html"])
        .from("unsubscribe_texts")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("user_id").is_in(users.iter().copied().map(raw)));
    let texts: Vec<Text> = fetch_built!(tx, select)?;
    Ok(texts.into_iter().map(|text| (text.user_id, text.html)).collect())
}

/// Saves what a user wrote.
///
/// # Errors
/// [`Error::Database`].
pub async fn save_of_user(tx: &mut Tx, workspace: WorkspaceId, user: UserId, html: &str) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO unsubscribe_texts (workspace_id, user_id, html) VALUES ($1, $2, $3)
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET html = excluded.html
    "))
        .bind(raw(workspace))
        .bind(raw(user))
        .bind(html)
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::authorization::Role;
    use rstest::rstest;

    use super::*;
    use crate::testing::{Backend, database, member};

    #[rstest]
    #[tokio::test]
    async fn settings_are_saved_by_who_read_the_current_ones(
        #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    ) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let workspace = member(&mut tx, 1, 2, Role::Admin).await.workspace_id;
        assert_eq!(settings(&mut tx, workspace).await.unwrap(), None);
        let first = Settings { version: 0, appended: true, wording: Wording::Admin, html: "<p>x</p>".into() };
        save_settings(&mut tx, workspace, &first).await.unwrap();
        let saved = settings(&mut tx, workspace).await.unwrap().unwrap();
        assert_eq!(saved, Settings { version: 1, ..first.clone() });
        assert!(matches!(save_settings(&mut tx, workspace, &first).await, Err(Error::Changed)));
        save_settings(&mut tx, workspace, &Settings { wording: Wording::Users, ..saved }).await.unwrap();
        assert_eq!(settings(&mut tx, workspace).await.unwrap().unwrap().version, 2);
    }

    #[rstest]
    #[tokio::test]
    async fn each_user_writes_their_own(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let one = member(&mut tx, 1, 2, Role::Member).await;
        let other = member(&mut tx, 1, 3, Role::Member).await;
        save_of_user(&mut tx, one.workspace_id, one.user_id, "a").await.unwrap();
        save_of_user(&mut tx, one.workspace_id, one.user_id, "b").await.unwrap();
        let texts = of_users(&mut tx, one.workspace_id, &[one.user_id, other.user_id]).await.unwrap();
        assert_eq!(texts, [(one.user_id, "b".to_owned())]);
    }
}
