//! Users: who signs in. Global, because the address is all that a person brings; what they may do stands in `members`.

use domain::{Timestamp, UserId, address::kept_forms};
use sea_query::{Asterisk, Expr, ExprTrait, Query};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{changed_one, fetch_built, from_row, on, raw, sql},
};

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The address they sign in with, as addresses are compared.
    pub email: String,
    /// What colleagues call them.
    pub name: String,
    /// Their password as a PHC string; `None` until they chose one.
    pub password_hash: Option<String>,
    /// The IANA time zone that times are shown in.
    pub time_zone: String,
    /// The language of the interface.
    pub language: String,
    /// For how long Send can be undone.
    pub undo_window_s: u32,
    /// When they were added.
    pub created_at: Timestamp,
}
from_row!(User { id, email, name, password_hash, time_zone, language, undo_window_s, created_at });

/// Adds a user.
///
/// # Errors
/// [`crate::Error::Conflict`] when the address has a user already.
pub async fn insert(tx: &mut Tx, user: &User) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO users (id, email, name, password_hash, time_zone, language, undo_window_s, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    "))
        .bind(raw(user.id))
        .bind(&user.email)
        .bind(&user.name)
        .bind(&user.password_hash)
        .bind(&user.time_zone)
        .bind(&user.language)
        .bind(raw(user.undo_window_s))
        .bind(raw(user.created_at))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The user.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn find(tx: &mut Tx, id: UserId) -> Result<User> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM users WHERE id = $1")).bind(raw(id)).fetch_one(c).await)?)
}

/// The user who signs in with `email`, however it is spelled.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<User>> {
    let mut select = Query::select();
    select.column(Asterisk).from("users").and_where(Expr::col("email").is_in(kept_forms(email))).limit(1);
    let found: Vec<User> = fetch_built!(tx, select)?;
    Ok(found.into_iter().next())
}

/// Whether there is any user at all.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let found: Option<(i64,)> = on!(tx, c => sqlx::query_as(sql!("SELECT CAST(1 AS BIGINT) FROM users LIMIT 1"))
        .fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Saves what a user may change about themselves: name, time zone, language, undo window.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn update_profile(tx: &mut Tx, user: &User) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("
        UPDATE users SET name = $2, time_zone = $3, language = $4, undo_window_s = $5 WHERE id = $1
    "))
        .bind(raw(user.id))
        .bind(&user.name)
        .bind(&user.time_zone)
        .bind(&user.language)
        .bind(raw(user.undo_window_s))
        .execute(c).await)
}

/// Replaces the password.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn set_password(tx: &mut Tx, id: UserId, hash: &str) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("UPDATE users SET password_hash = $2 WHERE id = $1"))
        .bind(raw(id))
        .bind(hash)
        .execute(c).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        testing::{Backend, database, id, user},
    };
    use rstest::rstest;

    #[rstest]
    #[tokio::test]
    async fn an_address_has_one_user(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        assert!(!any(&mut tx).await.unwrap());
        let ada = user(1);
        insert(&mut tx, &ada).await.unwrap();
        assert!(any(&mut tx).await.unwrap());
        assert_eq!(find(&mut tx, ada.id).await.unwrap(), ada);
        assert_eq!(find_by_email(&mut tx, &ada.email).await.unwrap(), Some(ada.clone()));
        assert_eq!(find_by_email(&mut tx, "nobody@example.com").await.unwrap(), None);
        // As a version kept it that knew of lower case alone.
        let bea = User { id: UserId(id(3)), email: "bea@xn--bcher-kva.example".into(), ..ada.clone() };
        insert(&mut tx, &bea).await.unwrap();
        assert_eq!(find_by_email(&mut tx, "Bea@Bücher.example").await.unwrap(), Some(bea));
        let twin = User { id: UserId(id(2)), ..ada };
        assert!(matches!(insert(&mut tx, &twin).await, Err(Error::Conflict { table }) if table == "users"));
    }

    #[rstest]
    #[tokio::test]
    async fn profile_and_password_change_separately(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
        let db = database(backend).await;
        let mut tx = db.begin().await.unwrap();
        let mut ada = user(1);
        insert(&mut tx, &ada).await.unwrap();
        set_password(&mut tx, ada.id, "$new").await.unwrap();
        ada.name = "Ada Lovelace".into();
        ada.time_zone = "Europe/London".into();
        ada.language = "fr".into();
        ada.undo_window_s = 30;
        update_profile(&mut tx, &ada).await.unwrap();
        ada.password_hash = Some("$new".into());
        assert_eq!(find(&mut tx, ada.id).await.unwrap(), ada);
        assert!(matches!(set_password(&mut tx, UserId(id(7)), "$").await, Err(Error::NotFound)));
    }
}
