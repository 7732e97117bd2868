//! Who is not to be mailed: what holds now, and everything that ever happened to it.

mod held;
mod history;
mod lists;

use domain::{
    EmailId, PersonId, StopId, Timestamp, UserId, WorkspaceId,
    address::kept_forms,
    stops::{Cause, Motive, Scope, Source},
};
use sea_query::{Asterisk, Expr, ExprTrait, Order, Query};
use sea_query_sqlx::SqlxBinder;

pub use held::{Held, held};
pub use history::{Changed, StopChange, add_change, changes_of_person};
pub use lists::{Listed, Which, list};

use crate::{
    Result, Tx,
    columns::{changed_one, fetch_built, from_row, on, raw, sql},
};

/// Why somebody is not to be mailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Its id.
    pub id: StopId,
    /// The address it is about, as addresses are compared.
    pub address: String,
    /// Whose address it was.
    pub person_id: Option<PersonId>,
    /// Why.
    pub cause: Cause,
    /// Whose mail is held back.
    pub scope: Scope,
    /// How we learnt of it.
    pub source: Source,
    /// What the recipient chose as the reason.
    pub motive: Option<Motive>,
    /// The email it came from.
    pub email_id: Option<EmailId>,
    /// Which user did it.
    pub by_user: Option<UserId>,
    /// What was said about it.
    pub note: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}
from_row!(Stop { id, address, person_id, cause, scope, source, motive, email_id, by_user, note, at });

/// Adds a stop; `false` when the address is stopped for this cause and scope already.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, stop: &Stop) -> Result<bool> {
    let inserted = on!(tx, c => sqlx::query(sql!("
        INSERT INTO stops (
            workspace_id, id, address, person_id, cause, scope, source, motive, email_id, by_user, note, at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (workspace_id, address, cause, scope) DO NOTHING
    "))
        .bind(raw(workspace))
        .bind(raw(stop.id))
        .bind(&stop.address)
        .bind(raw(stop.person_id))
        .bind(raw(stop.cause))
        .bind(raw(stop.scope))
        .bind(raw(stop.source))
        .bind(raw(stop.motive))
        .bind(raw(stop.email_id))
        .bind(raw(stop.by_user))
        .bind(&stop.note)
        .bind(raw(stop.at))
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(inserted == 1)
}

/// The stop.
///
/// # Errors
/// [`crate::Error::NotFound`] when it holds no more.
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: StopId) -> Result<Stop> {
    Ok(on!(tx, c => sqlx::query_as(sql!("SELECT * FROM stops WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// The stops that name an address, however it is spelled.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn of_address(tx: &mut Tx, workspace: WorkspaceId, address: &str) -> Result<Vec<Stop>> {
    let mut select = Query::select();
    select
        .column(Asterisk)
        .from("stops")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("address").is_in(kept_forms(address)))
        .order_by("at", Order::Asc)
        .order_by("id", Order::Asc);
    Ok(fetch_built!(tx, select)?)
}

/// Takes a stop away: it holds no more.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: StopId) -> Result<()> {
    changed_one!(tx, c => sqlx::query(sql!("DELETE FROM stops WHERE workspace_id = $1 AND id = $2"))
        .bind(raw(workspace))
        .bind(raw(id))
        .execute(c).await)
}

/// Who wanted no more mail of `from` wants none of `to` either, who goes on in their place. The history stays as it was.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn hand_over(tx: &mut Tx, workspace: WorkspaceId, from: UserId, to: UserId) -> Result<()> {
    let (from, to) = (Scope::Sender(from), Scope::Sender(to));
    on!(tx, c => sqlx::query(sql!("
        UPDATE stops SET scope = $3
        WHERE workspace_id = $1 AND scope = $2 AND NOT EXISTS (
            SELECT 1 FROM stops heirs
            WHERE heirs.workspace_id = stops.workspace_id AND heirs.address = stops.address AND heirs.cause = stops.cause
                AND heirs.scope = $3
        )
    "))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(drop))?;
    Ok(())
}

#[cfg(test)]
mod tests;
