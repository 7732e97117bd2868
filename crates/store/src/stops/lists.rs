//! Everybody who is stopped, the newest first: ids are in the order of time.

use domain::{PersonId, StopId, UserId, WorkspaceId, stops::Scope};
use sea_query::{Expr, ExprTrait, JoinType, LikeExpr, Order, Query, SelectStatement, UnionType};
use sea_query_sqlx::SqlxBinder;

use super::Stop;
use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, raw},
};

/// A stop with the names that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The stop.
    pub stop: Stop,
    /// First name of whose address it is now.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Whose person that is.
    pub owner_id: Option<UserId>,
    /// The name of the user who did it.
    pub by_name: Option<String>,
    /// The subject of the email it came from.
    pub subject: Option<String>,
    /// Whose email that is.
    pub email_owner_id: Option<UserId>,
}
from_row!(Listed { ..stop: Stop, first_name, last_name, owner_id, by_name, subject, email_owner_id });

/// Which stops are wanted.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Only those of people of this user.
    pub owner: Option<UserId>,
    /// Only those of this person or of an address of theirs.
    pub person: Option<PersonId>,
    /// Only those whose address or name contains this, in lower case.
    pub text: Option<String>,
    /// Only those before this one in the list.
    pub before: Option<StopId>,
}

/// The newest `limit` stops of these, newest first. Whoever left one sender and then everybody is there once: what holds back
/// less than another stop of theirs for the same cause is left out.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn list(tx: &mut Tx, workspace: WorkspaceId, which: &Which, limit: u64) -> Result<Vec<Listed>> {
    let of_address = Expr::col(("a", "workspace_id"))
        .equals(("s", "workspace_id"))
        .and(Expr::col(("a", "normalised")).equals(("s", "address")));
    // Whose address it is now; or whose it was, if it is nobody's any more.
    let person = Expr::col(("p", "workspace_id"))
        .equals(("s", "workspace_id"))
        .and(Expr::col(("p", "id")).eq(Expr::cust("COALESCE(a.person_id, s.person_id)")));
    let of_email = Expr::col(("e", "workspace_id"))
        .equals(("s", "workspace_id"))
        .and(Expr::col(("e", "id")).equals(("s", "email_id")));
    let mut select = Query::select();
    select
        .column(("s", sea_query::Asterisk))
        .column(("p", "first_name"))
        .column(("p", "last_name"))
        .column(("p", "owner_id"))
        .expr_as(Expr::col(("u", "name")), "by_name")
        .column(("e", "subject"))
        .expr_as(Expr::col(("e", "owner_id")), "email_owner_id")
        .from_as("stops", "s")
        .join_as(JoinType::LeftJoin, "person_addresses", "a", of_address)
        .join_as(JoinType::LeftJoin, "people", "p", person)
        .join_as(JoinType::LeftJoin, "users", "u", Expr::col(("u", "id")).equals(("s", "by_user")))
        .join_as(JoinType::LeftJoin, "emails", "e", of_email)
        .and_where(Expr::col(("s", "workspace_id")).eq(raw(workspace)))
        .and_where(Expr::col(("s", "scope")).eq(raw(Scope::Workspace)).or(Expr::exists(wider()).not()))
        .order_by(("s", "id"), Order::Desc)
        .limit(limit);
    if let Some(owner) = which.owner {
        select.and_where(Expr::col(("p", "owner_id")).eq(raw(owner)));
    }
    if let Some(person) = which.person {
        select.and_where(Expr::col(("s", "id")).in_subquery(of_person(workspace, person)));
    }
    if let Some(text) = &which.text {
        let pattern = || LikeExpr::new(format!("%{}%", escaped(text))).escape('\\');
        select.and_where(Expr::col(("s", "address")).like(pattern()).or(Expr::col(("p", "sort_name")).like(pattern())));
    }
    if let Some(id) = which.before {
        select.and_where(Expr::col(("s", "id")).lt(raw(id)));
    }
    Ok(fetch_built!(tx, select)?)
}

/// A stop of the same address or person, for the same cause, that holds back everybody's mail.
fn wider() -> SelectStatement {
    let same = |column: &'static str| Expr::col(("w", column)).equals(("s", column));
    Query::select()
        .expr(Expr::val(1))
        .from_as("stops", "w")
        .and_where(same("workspace_id"))
        .and_where(same("cause"))
        .and_where(Expr::col(("w", "scope")).eq(raw(Scope::Workspace)))
        .and_where(same("address").or(same("person_id")))
        .take()
}

/// The stops of a person and of the addresses that are theirs now, each found by its index.
pub(super) fn of_person(workspace: WorkspaceId, person: PersonId) -> SelectStatement {
    let addresses = Query::select()
        .column("normalised")
        .from("person_addresses")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("person_id").eq(raw(person)))
        .take();
    let mut named = Query::select()
        .column("id")
        .from("stops")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("address").in_subquery(addresses))
        .take();
    let theirs = Query::select()
        .column("id")
        .from("stops")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("person_id").eq(raw(person)))
        .take();
    named.union(UnionType::All, theirs).take()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
