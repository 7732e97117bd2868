//! People: whom we write to.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::PersonId;
use engine::people::{NewPerson, PersonChange, PersonView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::session::UserName;
use crate::{
    app::App,
    caller::Caller,
    problem::{Problem, Result},
    version::{if_match, tagged},
};

/// As many as a completion shows.
const DEFAULT_LIMIT: u64 = 20;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_people, create_person)).routes(routes!(get_person, edit_person))
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    #[schema(value_type = uuid::Uuid)]
    id: PersonId,
    version: i64,
    /// Both names in the order their language puts them, or else the address.
    name: String,
    #[schema(required)]
    first_name: Option<String>,
    #[schema(required)]
    last_name: Option<String>,
    #[schema(required)]
    company: Option<String>,
    #[schema(required)]
    title: Option<String>,
    #[schema(required)]
    phone: Option<String>,
    /// An IANA name.
    #[schema(required)]
    time_zone: Option<String>,
    #[schema(required)]
    language: Option<String>,
    #[schema(required)]
    linkedin_url: Option<String>,
    /// The primary address.
    address: String,
    addresses: Vec<PersonAddress>,
    owner: UserName,
}

/// An address of a person.
#[derive(Debug, Serialize, ToSchema)]
struct PersonAddress {
    address: String,
    primary: bool,
}

/// People by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonList {
    items: Vec<Person>,
}

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeopleQuery {
    /// The beginnings of words of name, company or address.
    #[serde(default)]
    q: String,
    /// 1 to 200; 20 when absent.
    limit: Option<u64>,
}

/// A person as somebody describes them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonInput {
    address: String,
    first_name: Option<String>,
    last_name: Option<String>,
    company: Option<String>,
}

/// What changes about a person; absent fields stay, empty ones are removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonEdit {
    first_name: Option<String>,
    last_name: Option<String>,
    company: Option<String>,
    title: Option<String>,
    phone: Option<String>,
    time_zone: Option<String>,
    language: Option<String>,
    linkedin_url: Option<String>,
}

impl From<PersonView> for Person {
    fn from(PersonView { person, addresses, owner: (id, name) }: PersonView) -> Self {
        let addresses = addresses.into_iter().map(|it| PersonAddress { address: it.address, primary: it.is_primary });
        Self {
            id: person.id,
            version: person.version,
            name: person.display_name(),
            first_name: person.first_name,
            last_name: person.last_name,
            company: person.company,
            title: person.title,
            phone: person.phone,
            time_zone: person.time_zone,
            language: person.language,
            linkedin_url: person.linkedin_url,
            address: person.address,
            addresses: addresses.collect(),
            owner: UserName { id, name },
        }
    }
}

impl From<PersonEdit> for PersonChange {
    fn from(said: PersonEdit) -> Self {
        Self {
            first_name: said.first_name,
            last_name: said.last_name,
            company: said.company,
            title: said.title,
            phone: said.phone,
            time_zone: said.time_zone,
            language: said.language,
            linkedin_url: said.linkedin_url,
        }
    }
}

fn shown(view: PersonView) -> Response {
    let version = view.person.version;
    tagged(version, Person::from(view))
}

/// List people
///
/// One's own, by name; while somebody types, those whose words begin so.
#[utoipa::path(
    get, path = "/people", operation_id = "list_people", tag = "people",
    params(PeopleQuery), responses((status = 200, body = PersonList))
)]
async fn list_people(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<PersonList>> {
    let people = app.engine.people(&caller.actor, &query.q, query.limit.unwrap_or(DEFAULT_LIMIT)).await?;
    Ok(Json(PersonList { items: people.into_iter().map(Person::from).collect() }))
}

/// Create a person
///
/// An address belongs to one person of the workspace. Whose it is, only those hear who may see the person.
#[utoipa::path(
    post, path = "/people", operation_id = "create_person", tag = "people", request_body = PersonInput,
    responses((status = 201, body = Person), (status = 409, description = "The address belongs to a person already."))
)]
async fn create_person(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<PersonInput>,
) -> Result<(StatusCode, Response)> {
    let PersonInput { address, first_name, last_name, company } = said;
    let wanted = NewPerson { address, first_name, last_name, company };
    Ok((StatusCode::CREATED, shown(app.engine.create_person(&caller.actor, wanted).await?)))
}

/// Get a person
#[utoipa::path(
    get, path = "/people/{id}", operation_id = "get_person", tag = "people",
    params(("id" = uuid::Uuid, Path)), responses((status = 200, body = Person))
)]
async fn get_person(State(app): State<App>, caller: Caller, Path(id): Path<PersonId>) -> Result<Response> {
    Ok(shown(app.engine.person(&caller.actor, id).await?))
}

/// Edit a person
#[utoipa::path(
    patch, path = "/people/{id}", operation_id = "edit_person", tag = "people",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header)), request_body = PersonEdit,
    responses((status = 200, body = Person), (status = 412, description = "Changed since; `current` holds the person."))
)]
async fn edit_person(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<PersonId>,
    headers: HeaderMap,
    Json(said): Json<PersonEdit>,
) -> Result<Response> {
    match app.engine.change_person(&caller.actor, id, if_match(&headers)?, said.into()).await {
        Err(conflict @ engine::Error::Changed) => {
            let current = app.engine.person(&caller.actor, id).await?;
            Err(Problem::from(conflict).with_current(Person::from(current)))
        }
        changed => Ok(shown(changed?)),
    }
}
