//! RFC 9457 problem documents: a stable type for programs, a sentence for people, the field at fault.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{authorization::Denied, checks::Check, input::Invalid};
use serde::Serialize;
use utoipa::ToSchema;

use crate::outage;

/// The result of an endpoint.
pub(crate) type Result<T> = std::result::Result<T, Problem>;

/// Why a request was not done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A stable path naming the kind of problem, such as `/problems/not-found`.
    #[serde(rename = "type")]
    kind: String,
    /// A sentence for people, in English; the interface has its own for every type.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What exactly could not be understood, for developers.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Fields that cannot be used as given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<FieldError>)]
    errors: Vec<Invalid>,
    /// What stands in the way of sending a draft.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::api::emails::CheckView>)]
    checks: Vec<Check>,
    /// Numbers and names that belong to the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<serde_json::Value>,
    /// The thing as it is now, when somebody else changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<serde_json::Value>,
}

/// A field that cannot be used as given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// The field's name.
    field: String,
    /// A stable code.
    code: String,
    /// Numbers and names that belong to the code.
    params: Option<serde_json::Value>,
}

impl Problem {
    /// A problem without particulars. `slug` is the last part of its type.
    pub(crate) fn new(status: StatusCode, slug: &str, title: &str) -> Self {
        Self {
            kind: format!("/problems/{slug}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            errors: Vec::new(),
            checks: Vec::new(),
            params: None,
            current: None,
        }
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Sign in first.")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing, or it is not yours to see.")
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Your role does not allow this.")
    }

    pub(crate) fn foreign_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "foreign-origin", "This request came from another site and was refused.")
    }

    pub(crate) fn precondition_required() -> Self {
        let title = "Say which version you edit, in the If-Match header.";
        Self::new(StatusCode::PRECONDITION_REQUIRED, "precondition-required", title)
    }

    pub(crate) fn too_large(max: u64) -> Self {
        let problem = Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "That is more than can be taken.");
        Self { params: Some(serde_json::json!({ "max": max })), ..problem }
    }

    /// A field was sent that nobody reads: a typing error would change what is done.
    pub(crate) fn unknown_field(field: &str) -> Self {
        let title = format!("There is no field \"{field}\" here.");
        let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-field", &title);
        Self { params: Some(serde_json::json!({ "field": field })), ..problem }
    }

    /// The same problem with what exactly could not be understood.
    pub(crate) fn with_detail(self, detail: &str) -> Self {
        Self { detail: Some(detail.to_owned()).filter(|detail| !detail.is_empty()), ..self }
    }

    /// The same problem with the thing as it is now.
    pub(crate) fn with_current(self, current: impl Serialize) -> Self {
        Self { current: serde_json::to_value(current).ok(), ..self }
    }
}

impl From<engine::Error> for Problem {
    fn from(error: engine::Error) -> Self {
        use engine::Error as E;
        match error {
            E::NotFound => Self::not_found(),
            E::Denied(Denied::Forbidden) => Self::forbidden(),
            E::Denied(Denied::ReadOnly) => Self::new(
                StatusCode::FORBIDDEN,
                "read-only",
                "You are viewing as somebody else, so nothing can be changed.",
            ),
            E::Invalid(errors) => {
                let problem =
                    Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Some fields cannot be used as given.");
                Self { errors, ..problem }
            }
            E::Changed => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "version-conflict",
                "Somebody changed this since you read it.",
            ),
            E::Conflict(what) => {
                let problem =
                    Self::new(StatusCode::CONFLICT, "conflict", "The state of things does not allow this now.");
                Self { params: Some(serde_json::json!({ "reason": what })), ..problem }
            }
            E::AddressTaken { person } => {
                let problem =
                    Self::new(StatusCode::CONFLICT, "address-taken", "A person with this address exists already.");
                Self { params: person.map(|person| serde_json::json!({ "person_id": person })), ..problem }
            }
            E::Blocked(checks) => {
                let problem =
                    Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-ready", "The draft cannot be sent as it is.");
                Self { checks, ..problem }
            }
            E::WrongCredentials => {
                Self::new(StatusCode::UNAUTHORIZED, "wrong-credentials", "The address or the password does not fit.")
            }
            E::TooManyAttempts { until } => {
                let problem =
                    Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", "Too many failures; wait a little.");
                Self { params: Some(serde_json::json!({ "until": until })), ..problem }
            }
            E::Expired => Self::new(StatusCode::GONE, "token-expired", "This link was used or is too old."),
            E::TooLarge { max } => Self::too_large(max),
            E::Unavailable(detail) => {
                outage::say(&detail);
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "The database does not answer; try again in a moment.",
                )
            }
            E::Internal(detail) => {
                tracing::error!(detail, "request failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something failed on our side; nothing was changed.",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(outage::RETRY_AFTER_S));
        }
        response
    }
}
