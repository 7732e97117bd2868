//! People we write to or call: their names, their addresses, and the words they are found by while somebody types.

use domain::{
    PersonId, Timestamp, UserId, WorkspaceId,
    address::{kept_forms, normalised},
    person::{display_name, full_name, index_words},
};
use sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_query_sqlx::SqlxBinder;

use crate::{
    Error, Result, Tx,
    columns::{fetch_built, from_row, on, raw, sql},
};

/// Somebody we write to or call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The workspace they belong to.
    pub workspace_id: WorkspaceId,
    /// Their id.
    pub id: PersonId,
    /// Raised by each edit.
    pub version: i64,
    /// Whose person it is.
    pub owner_id: UserId,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Where they work.
    pub company: Option<String>,
    /// As what.
    pub title: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
    /// Their IANA time zone.
    pub time_zone: Option<String>,
    /// Their language.
    pub language: Option<String>,
    /// Their profile.
    pub linkedin_url: Option<String>,
    /// The address we write to.
    pub address: String,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
}
from_row!(Person {
    workspace_id,
    id,
    version,
    owner_id,
    first_name,
    last_name,
    company,
    title,
    phone,
    time_zone,
    language,
    linkedin_url,
    address,
    created_at,
    updated_at,
});

impl Person {
    /// Both names in the order their language puts them, as far as they are known.
    pub fn full_name(&self) -> Option<String> {
        full_name(self.first_name.as_deref(), self.last_name.as_deref())
    }

    /// What lists show: the name, or else the address.
    pub fn display_name(&self) -> String {
        display_name(self.first_name.as_deref(), self.last_name.as_deref(), &self.address)
    }
}

/// An address of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAddress {
    /// Whose.
    pub person_id: PersonId,
    /// As it was typed.
    pub address: String,
    /// As it is compared.
    pub normalised: String,
    /// Whether it is the one we write to.
    pub is_primary: bool,
}
from_row!(PersonAddress { person_id, address, normalised, is_primary });

/// Adds a person with their primary address.
///
/// # Errors
/// [`Error::Conflict`] when the workspace has a person with this address.
pub async fn insert(tx: &mut Tx, person: &Person) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO people (
            workspace_id, id, version, owner_id, first_name, last_name, company, title, phone, time_zone, language,
            linkedin_url, sort_name, created_at, updated_at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    "))
        .bind(raw(person.workspace_id))
        .bind(raw(person.id))
        .bind(person.version)
        .bind(raw(person.owner_id))
        .bind(&person.first_name)
        .bind(&person.last_name)
        .bind(&person.company)
        .bind(&person.title)
        .bind(&person.phone)
        .bind(&person.time_zone)
        .bind(&person.language)
        .bind(&person.linkedin_url)
        .bind(person.display_name().to_lowercase())
        .bind(raw(person.created_at))
        .bind(raw(person.updated_at))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("
        INSERT INTO person_addresses (workspace_id, normalised, address, person_id, is_primary)
        VALUES ($1, $2, $3, $4, TRUE)
    "))
        .bind(raw(person.workspace_id))
        .bind(normalised(&person.address))
        .bind(&person.address)
        .bind(raw(person.id))
        .execute(c).await.map(drop))?;
    insert_words(tx, person, &[&person.address]).await
}

/// Saves everything but the addresses, if nobody changed it since it was read; its `version` is the one read.
///
/// # Errors
/// [`Error::Changed`] when somebody did.
pub async fn update(tx: &mut Tx, person: &Person) -> Result<()> {
    let changed = on!(tx, c => sqlx::query(sql!("
        UPDATE people
        SET version = version + 1, first_name = $4, last_name = $5, company = $6, title = $7, phone = $8, time_zone = $9,
            language = $10, linkedin_url = $11, sort_name = $12, updated_at = $13
        WHERE workspace_id = $1 AND id = $2 AND version = $3
    "))
        .bind(raw(person.workspace_id))
        .bind(raw(person.id))
        .bind(person.version)
        .bind(&person.first_name)
        .bind(&person.last_name)
        .bind(&person.company)
        .bind(&person.title)
        .bind(&person.phone)
        .bind(&person.time_zone)
        .bind(&person.language)
        .bind(&person.linkedin_url)
        .bind(person.display_name().to_lowercase())
        .bind(raw(person.updated_at))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Err(Error::Changed);
    }
    on!(tx, c => sqlx::query(sql!("DELETE FROM person_words WHERE workspace_id = $1 AND person_id = $2"))
        .bind(raw(person.workspace_id))
        .bind(raw(person.id))
        .execute(c).await.map(drop))?;
    let addresses = addresses(tx, person.workspace_id, &[person.id]).await?;
    let addresses: Vec<&str> = addresses.iter().map(|address| address.address.as_str()).collect();
    insert_words(tx, person, &addresses).await
}

async fn insert_words(tx: &mut Tx, person: &Person, addresses: &[&str]) -> Result<()> {
    let names = [&person.first_name, &person.last_name, &person.company].into_iter().flatten().map(String::as_str);
    for word in index_words(names.chain(addresses.iter().copied())) {
        on!(tx, c => sqlx::query(sql!("
            INSERT INTO person_words (workspace_id, owner_id, word, person_id) VALUES ($1, $2, $3, $4)
        "))
            .bind(raw(person.workspace_id))
            .bind(raw(person.owner_id))
            .bind(word)
            .bind(raw(person.id))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// The person.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, id: PersonId) -> Result<Person> {
    Ok(on!(tx, c => sqlx::query_as(sql!("
        SELECT p.*, a.address
        FROM people p
        JOIN person_addresses a ON a.workspace_id = p.workspace_id AND a.person_id = p.id AND a.is_primary
        WHERE p.workspace_id = $1 AND p.id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(id))
        .fetch_one(c).await)?)
}

/// Those of `ids`, in no particular order.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_all(tx: &mut Tx, workspace: WorkspaceId, ids: &[PersonId]) -> Result<Vec<Person>> {
    let mut select = people(workspace);
    select.and_where(Expr::col(("p", "id")).is_in(ids.iter().copied().map(raw)));
    Ok(fetch_built!(tx, select)?)
}

/// The person an address belongs to, however it is spelled. (Of two whom an earlier version took for two because of that, the
/// one that was added first.)
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find_by_address(tx: &mut Tx, workspace: WorkspaceId, address: &str) -> Result<Person> {
    let found: Vec<Person> = fetch_built!(tx, of_address(workspace, address))?;
    found.into_iter().next().ok_or(Error::NotFound)
}

fn of_address(workspace: WorkspaceId, address: &str) -> SelectStatement {
    let whose = Query::select()
        .column("person_id")
        .from("person_addresses")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("normalised").is_in(kept_forms(address)))
        .take();
    people(workspace)
        .and_where(Expr::col(("p", "id")).in_subquery(whose))
        .order_by(("p", "id"), Order::Asc)
        .limit(1)
        .take()
}

/// The addresses of these people, the primary first.
///
/// # Errors
/// [`Error::Database`].
pub async fn addresses(tx: &mut Tx, workspace: WorkspaceId, people: &[PersonId]) -> Result<Vec<PersonAddress>> {
    let mut select = Query::select();
    select
        .columns(["person_id", "address", "normalised", "is_primary"])
        .from("person_addresses")
        .and_where(Expr::col("workspace_id").eq(raw(workspace)))
        .and_where(Expr::col("person_id").is_in(people.iter().copied().map(raw)))
        .order_by("is_primary", Order::Desc)
        .order_by("normalised", Order::Asc);
    Ok(fetch_built!(tx, select)?)
}

/// The people of `owner` for whom each of `words` begins one of theirs, by name; all of them when there are no words.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    owner: UserId,
    words: &[String],
    limit: u64,
) -> Result<Vec<Person>> {
    let mut select = people(workspace);
    select
        .and_where(Expr::col(("p", "owner_id")).eq(raw(owner)))
        .order_by(("p", "sort_name"), Order::Asc)
        .order_by(("p", "id"), Order::Asc)
        .limit(limit);
    for word in words {
        // A range instead of LIKE, so that both databases use the index: no word holds the last code point there is.
        let begins_with_it = Query::select()
            .column("person_id")
            .from("person_words")
            .and_where(Expr::col("workspace_id").eq(raw(workspace)))
            .and_where(Expr::col("owner_id").eq(raw(owner)))
            .and_where(Expr::col("word").gte(word.as_str()))
            .and_where(Expr::col("word").lt(format!("{word}{}", char::MAX)))
            .take();
        select.and_where(Expr::col(("p", "id")).in_subquery(begins_with_it));
    }
    Ok(fetch_built!(tx, select)?)
}

/// Gives all people of one user to another.
///
/// # Errors
/// [`Error::Database`].
pub async fn hand_over(tx: &mut Tx, workspace: WorkspaceId, from: UserId, to: UserId) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE people SET version = version + 1, owner_id = $3 WHERE workspace_id = $1 AND owner_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("
        UPDATE person_words SET owner_id = $3 WHERE workspace_id = $1 AND owner_id = $2
    "))
        .bind(raw(workspace))
        .bind(raw(from))
        .bind(raw(to))
        .execute(c).await.map(drop))?;
    Ok(())
}

fn people(workspace: WorkspaceId) -> SelectStatement {
    let primary = Expr::col(("a", "workspace_id"))
        .equals(("p", "workspace_id"))
        .and(Expr::col(("a", "person_id")).equals(("p", "id")))
        .and(Expr::col(("a", "is_primary")));
    let mut select = Query::select();
    select
        .column(("p", sea_query::Asterisk))
        .column(("a", "address"))
        .from_as("people", "p")
        .join_as(JoinType::Join, "person_addresses", "a", primary)
        .and_where(Expr::col(("p", "workspace_id")).eq(raw(workspace)));
    select
}

#[cfg(test)]
mod tests;
