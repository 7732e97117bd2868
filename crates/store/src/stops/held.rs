//! The gate's question, asked for many addresses at once: who of these is held back, and by what?

use std::collections::HashMap;

use domain::{
    PersonId, UserId, WorkspaceId,
    address::{domain_of, kept_forms, normalised, spellings},
    reasons::FailureReason,
    stops::{Cause, Scope, blocking_domains, gravest},
};
use sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Result, Tx,
    columns::{fetch_built, from_row, raw},
};

/// What holds some addresses and people back.
#[derive(Debug, Default)]
pub struct Held {
    by_address: HashMap<String, Vec<(Cause, Scope)>>,
    by_person: HashMap<PersonId, Vec<(Cause, Scope)>>,
    domains: Vec<String>,
}

/// One finding. `address` is set where it was found by the address, and `cause` is empty for a blocked domain.
struct Row {
    address: Option<String>,
    person_id: Option<PersonId>,
    cause: Option<Cause>,
    scope: Option<Scope>,
}
from_row!(Row { address, person_id, cause, scope });

impl Held {
    /// Why mail of `owner` must not go to `address`, which is `person`'s as far as that is known.
    pub fn against(
        &self,
        owner: UserId,
        address: &str,
        person: Option<PersonId>,
        non_commercial: bool,
    ) -> Option<FailureReason> {
        if self.blocks(&domain_of(address)) {
            return Some(FailureReason::BlockedDomain);
        }
        let causes = self.of(address, person).filter(|(_, scope)| scope.covers(owner)).map(|(cause, _)| cause);
        gravest(causes, non_commercial).map(Cause::failure)
    }

    fn blocks(&self, domain: &str) -> bool {
        let is_blocked = |domain: &str| self.domains.iter().any(|blocked| blocked == domain);
        !self.domains.is_empty() && spellings(domain).iter().any(|domain| blocking_domains(domain).any(is_blocked))
    }

    /// Whose mail whoever has `address` unsubscribed from, whatever else is known of them.
    pub fn unsubscribed_from(&self, address: &str, person: Option<PersonId>) -> impl Iterator<Item = Scope> {
        self.of(address, person).filter(|(cause, _)| *cause == Cause::Unsubscribed).map(|(_, scope)| scope)
    }

    fn of(&self, address: &str, person: Option<PersonId>) -> impl Iterator<Item = (Cause, Scope)> {
        let of_address = self.by_address.get(&normalised(address)).into_iter().flatten();
        let of_person = person.and_then(|person| self.by_person.get(&person)).into_iter().flatten();
        of_address.chain(of_person).copied()
    }

    /// Whether nobody is held back.
    pub fn is_empty(&self) -> bool {
        self.by_address.is_empty() && self.by_person.is_empty() && self.domains.is_empty()
    }
}

/// What holds back any of `addresses`, their people, and `people`: one statement, each part of it by an index.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn held<'a>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    addresses: impl IntoIterator<Item = &'a str>,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<Held> {
    let select = question(workspace, addresses, people);
    let rows: Vec<Row> = fetch_built!(tx, select)?;
    let mut held = Held::default();
    for row in rows {
        match (row.address, row.person_id, row.cause.zip(row.scope)) {
            (Some(address), _, Some(cause)) => held.by_address.entry(normalised(&address)).or_default().push(cause),
            (None, Some(person), Some(cause)) => held.by_person.entry(person).or_default().push(cause),
            (Some(domain), _, None) => held.domains.push(domain),
            (None, ..) => {}
        }
    }
    Ok(held)
}

/// Each address, person and domain is asked for once, however many emails go there.
pub(super) fn question<'a>(
    workspace: WorkspaceId,
    addresses: impl IntoIterator<Item = &'a str>,
    people: impl IntoIterator<Item = PersonId>,
) -> SelectStatement {
    let mut addresses: Vec<String> = addresses.into_iter().flat_map(kept_forms).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let mut people: Vec<PersonId> = people.into_iter().collect();
    people.sort_unstable();
    people.dedup();
    let domains: Vec<String> = addresses.iter().flat_map(|address| spellings(&domain_of(address))).collect();
    let mut domains: Vec<&str> = domains.iter().flat_map(|domain| blocking_domains(domain)).collect();
    domains.sort_unstable();
    domains.dedup();
    let mut select = of_addresses(workspace, &addresses);
    select
        .union(UnionType::All, of_owners_of(workspace, &addresses))
        .union(UnionType::All, of_people(workspace, &people))
        .union(UnionType::All, blocked(workspace, &domains))
        .take()
}

/// Stops that name one of the addresses.
fn of_addresses(workspace: WorkspaceId, addresses: &[String]) -> SelectStatement {
    Query::select()
        .column(("s", "address"))
        .column(("s", "person_id"))
        .column(("s", "cause"))
        .column(("s", "scope"))
        .from_as("stops", "s")
        .and_where(Expr::col(("s", "workspace_id")).eq(raw(workspace)))
        .and_where(Expr::col(("s", "address")).is_in(addresses.iter().map(String::as_str)))
        .take()
}

/// Stops of the people to whom the addresses belong, by another address of theirs.
fn of_owners_of(workspace: WorkspaceId, addresses: &[String]) -> SelectStatement {
    let of_the_same_person = Expr::col(("s", "workspace_id"))
        .equals(("a", "workspace_id"))
        .and(Expr::col(("s", "person_id")).equals(("a", "person_id")));
    Query::select()
        .expr_as(Expr::col(("a", "normalised")), "address")
        .column(("s", "person_id"))
        .column(("s", "cause"))
        .column(("s", "scope"))
        .from_as("person_addresses", "a")
        .join_as(JoinType::Join, "stops", "s", of_the_same_person)
        .and_where(Expr::col(("a", "workspace_id")).eq(raw(workspace)))
        .and_where(Expr::col(("a", "normalised")).is_in(addresses.iter().map(String::as_str)))
        .and_where(Expr::col(("s", "cause")).ne(raw(Cause::HardBounce)))
        .take()
}

/// Stops of people who are known already.
fn of_people(workspace: WorkspaceId, people: &[PersonId]) -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust("NULL"), "address")
        .column(("s", "person_id"))
        .column(("s", "cause"))
        .column(("s", "scope"))
        .from_as("stops", "s")
        .and_where(Expr::col(("s", "workspace_id")).eq(raw(workspace)))
        .and_where(Expr::col(("s", "person_id")).is_in(people.iter().copied().map(raw)))
        .and_where(Expr::col(("s", "cause")).ne(raw(Cause::HardBounce)))
        .take()
}

fn blocked(workspace: WorkspaceId, domains: &[&str]) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col("domain"), "address")
        .expr_as(Expr::cust("NULL"), "person_id")
        .expr_as(Expr::cust("NULL"), "cause")
        .expr_as(Expr::cust("NULL"), "scope")
        .from("blocked_domains")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("domain").is_in(domains.iter().copied()))
        .take()
}
