//! The description of the API, from the code that answers.

use axum::{Json, Router, routing::get};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{api, app::App, problem::Problem};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Quarterdeck",
        description = "Everything the interface does. A browser has a session cookie; a program sends an API token, as \
            `Authorization: Bearer`, and may do what its user may. Errors are RFC 9457 problem documents.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(Problem)),
    modifiers(&Credentials),
    security(("session" = []), ("token" = [])),
    tags(
        (name = "api-tokens", description = "Tokens by which programs act for a user"),
        (name = "audit", description = "Who did what, when and from where"),
        (name = "channels", description = "How mail leaves: SMTP accounts and relays, with their limits"),
        (name = "email-actions", description = "What is done to many emails at once, and undone"),
        (name = "emails", description = "Writing, sending, filing and reading about emails"),
        (name = "feed", description = "What people did with one's mail and what came back, newest first"),
        (name = "identities", description = "Names and addresses a user sends as"),
        (name = "invitations", description = "Inviting somebody to the workspace"),
        (name = "live", description = "Hearing of changes"),
        (name = "mailboxes", description = "Where sent mail is kept: uncertain emails are looked for there"),
        (name = "me", description = "One's own profile"),
        (name = "members", description = "Who belongs to the workspace"),
        (name = "password-resets", description = "Choosing a new password by a link"),
        (name = "people", description = "Whom we write to"),
        (name = "sending-domains", description = "Whether receivers believe a domain's mail, and the keys that sign it"),
        (name = "session", description = "Signing in and out"),
        (name = "setup", description = "Making the workspace and its first administrator"),
        (name = "teams", description = "Teams of members"),
        (name = "tracking-domain", description = "The workspace's own host for pixels and links"),
        (name = "workspace", description = "Settings of the workspace"),
    )
)]
struct Description;

/// The two ways to say who one is.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKeyValue::with_description("qd_session", "`__Host-qd_session` under https");
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token of a user"));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
    }
}

/// The description as an OpenAPI 3.1 document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().into_openapi()
}

/// The routes of the API with their description.
fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", api::routes())
}

/// The routes of the API, and the description under `/api/openapi.json`.
pub(crate) fn router() -> Router<App> {
    let (router, description) = described().split_for_parts();
    router.route("/api/openapi.json", get(async move || Json(description.clone())))
}
