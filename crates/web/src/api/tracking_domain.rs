//! The workspace's own tracking host.

use axum::{Json, extract::State, http::StatusCode};
use domain::Timestamp;
use engine::tracking_domain::{HostCertificate, HostCheck, HostState, HostStep, OwnHost, TrackingDomainView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{sending_domains::DnsRecord, step_outcome::StepOutcome};
use crate::{app::App, caller::Caller, problem::Result, text::Text};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_tracking_domain, enter_tracking_domain, remove_tracking_domain))
        .routes(routes!(check_tracking_domain))
        .routes(routes!(activate_tracking_domain, deactivate_tracking_domain))
}

type HostStateText = Text<HostState>;
type HostStepText = Text<HostStep>;

/// Where pixels and links lead.
#[derive(Debug, Serialize, ToSchema)]
struct TrackingDomain {
    /// Where they lead without a host of one's own; decided by the operator.
    default_url: String,
    /// The host of one's own.
    #[schema(required)]
    own: Option<OwnTrackingHost>,
}

/// A host of one's own.
#[derive(Debug, Serialize, ToSchema)]
struct OwnTrackingHost {
    /// As DNS spells it, with a port where it is not 443.
    host: String,
    /// The same as people read it.
    readable: String,
    state: HostStateText,
    /// What has to be published for it.
    record: DnsRecord,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    active_since: Option<Timestamp>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    checked_at: Option<Timestamp>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// A stable code for what was wrong at the last check.
    #[schema(required)]
    problem: Option<String>,
    /// The same in words of who was asked.
    #[schema(required)]
    problem_text: Option<String>,
    /// The certificate that was last seen there.
    #[schema(required)]
    certificate: Option<TrackingCertificate>,
}

/// The certificate of a host of one's own.
#[derive(Debug, Serialize, ToSchema)]
struct TrackingCertificate {
    /// Until when it is good.
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// Whether it is ordered and renewed here, and not by a proxy.
    ordered_here: bool,
    /// Why it was not renewed, in the authority's words.
    #[schema(required)]
    problem_text: Option<String>,
}

/// The host that links are to lead to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrackingDomainInput {
    host: String,
}

/// What came of asking the host.
#[derive(Debug, Serialize, ToSchema)]
struct TrackingDomainTest {
    /// Whether it can be used.
    ok: bool,
    /// Every step that was taken; only the last can have failed.
    steps: Vec<TrackingDomainTestStep>,
    own: OwnTrackingHost,
}

/// A step on the way to the host's answer.
#[derive(Debug, Serialize, ToSchema)]
struct TrackingDomainTestStep {
    step: HostStepText,
    #[serde(flatten)]
    outcome: StepOutcome,
}

impl From<OwnHost> for OwnTrackingHost {
    fn from(own: OwnHost) -> Self {
        let (problem, problem_text) = own.problem.unzip();
        Self {
            host: own.host,
            readable: own.readable,
            state: Text(own.state),
            record: own.record.into(),
            active_since: own.active_since,
            checked_at: own.checked_at,
            failing_since: own.failing_since,
            problem,
            problem_text,
            certificate: own.certificate.map(TrackingCertificate::from),
        }
    }
}

impl From<HostCertificate> for TrackingCertificate {
    fn from(certificate: HostCertificate) -> Self {
        Self { ends_at: certificate.ends_at, ordered_here: certificate.ordered_here, problem_text: certificate.problem }
    }
}

impl From<TrackingDomainView> for TrackingDomain {
    fn from(view: TrackingDomainView) -> Self {
        Self { default_url: view.default_url, own: view.own.map(OwnTrackingHost::from) }
    }
}

impl From<HostCheck> for TrackingDomainTest {
    fn from(check: HostCheck) -> Self {
        let ok = check.is_ok();
        let steps = check
            .steps
            .into_iter()
            .map(|step| TrackingDomainTestStep { step: Text(step.step), outcome: StepOutcome::from(step) });
        Self { ok, steps: steps.collect(), own: check.own.into() }
    }
}

/// Get the tracking domain
#[utoipa::path(
    get, path = "/tracking-domain", operation_id = "get_tracking_domain", tag = "tracking-domain",
    responses((status = 200, body = TrackingDomain))
)]
async fn get_tracking_domain(State(app): State<App>, caller: Caller) -> Result<Json<TrackingDomain>> {
    Ok(Json(app.engine.tracking_domain(&caller.actor).await?.into()))
}

/// Enter a tracking domain
///
/// New mail uses it once it is switched on. Links that were sent with the one before go on working.
#[utoipa::path(
    put, path = "/tracking-domain", operation_id = "enter_tracking_domain", tag = "tracking-domain",
    request_body = TrackingDomainInput, responses((status = 200, body = TrackingDomain))
)]
async fn enter_tracking_domain(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<TrackingDomainInput>,
) -> Result<Json<TrackingDomain>> {
    Ok(Json(app.engine.enter_tracking_domain(&caller.actor, &said.host).await?.into()))
}

/// Remove the tracking domain
///
/// New mail uses the default host. Links that were sent go on working for as long as the name leads here.
#[utoipa::path(
    delete, path = "/tracking-domain", operation_id = "remove_tracking_domain", tag = "tracking-domain",
    responses((status = 204))
)]
async fn remove_tracking_domain(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    app.engine.remove_tracking_domain(&caller.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Check the tracking domain
///
/// Looks its name up, connects, checks the certificate, and makes a request that only this server can answer.
#[utoipa::path(
    post, path = "/tracking-domain/check", operation_id = "check_tracking_domain", tag = "tracking-domain",
    responses((status = 200, body = TrackingDomainTest))
)]
async fn check_tracking_domain(State(app): State<App>, caller: Caller) -> Result<Json<TrackingDomainTest>> {
    Ok(Json(app.engine.check_tracking_domain(&caller.actor).await?.into()))
}

/// Use the tracking domain for new mail
///
/// Checks it first, and leaves it off when something is wrong: then `ok` is false.
#[utoipa::path(
    put, path = "/tracking-domain/active", operation_id = "activate_tracking_domain", tag = "tracking-domain",
    responses((status = 200, body = TrackingDomainTest))
)]
async fn activate_tracking_domain(State(app): State<App>, caller: Caller) -> Result<Json<TrackingDomainTest>> {
    Ok(Json(app.engine.activate_tracking_domain(&caller.actor).await?.into()))
}

/// Use the default host for new mail
///
/// Links that were sent go on working.
#[utoipa::path(
    delete, path = "/tracking-domain/active", operation_id = "deactivate_tracking_domain", tag = "tracking-domain",
    responses((status = 200, body = TrackingDomain))
)]
async fn deactivate_tracking_domain(State(app): State<App>, caller: Caller) -> Result<Json<TrackingDomain>> {
    Ok(Json(app.engine.deactivate_tracking_domain(&caller.actor).await?.into()))
}
