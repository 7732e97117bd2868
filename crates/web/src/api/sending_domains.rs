//! Sending domains: whether receivers believe their mail, and the keys that sign it.

mod keys;

use axum::{Json, extract::State};
use domain::{
    ChannelId, Timestamp,
    address::readable_domain,
    deliverability::{FindingCode, FindingSubject, FindingVerdict, Receiver, RecordKind, RefusalCause, RefusedWhen},
};
use engine::sending_domains::{self as engine_side, DomainCheck};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::keys::DkimKey;
use crate::{app::App, caller::Caller, problem::Result, text::Text};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sending_domains))
        .routes(routes!(check_sending_domain))
        .merge(keys::routes())
}

type SubjectText = Text<FindingSubject>;
type VerdictText = Text<FindingVerdict>;
type FindingCodeText = Text<FindingCode>;
type RecordKindText = Text<RecordKind>;
type ReceiverText = Text<Receiver>;
type RefusedWhenText = Text<RefusedWhen>;
type RefusalCauseText = Text<RefusalCause>;

/// A domain, and a channel that its mail leaves by.
#[derive(Debug, Serialize, ToSchema)]
struct SendingDomain {
    #[schema(value_type = uuid::Uuid)]
    channel_id: ChannelId,
    channel_name: String,
    /// As DNS spells it.
    domain: String,
    /// As people read it.
    readable: String,
    /// The addresses of identities that are sent from.
    addresses: Vec<String>,
    /// Our DKIM keys, oldest first.
    keys: Vec<DkimKey>,
}

/// The workspace's sending domains.
#[derive(Debug, Serialize, ToSchema)]
struct SendingDomainList {
    items: Vec<SendingDomain>,
}

/// Which domain, and through which channel.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DomainCheckInput {
    #[schema(value_type = uuid::Uuid)]
    channel_id: ChannelId,
    domain: String,
}

/// What DNS says about a sending domain.
#[derive(Debug, Serialize, ToSchema)]
struct DeliverabilityReport {
    #[schema(value_type = String, format = DateTime)]
    checked_at: Timestamp,
    /// The domain of the return address, where it is not the one that was asked about: SPF is looked for there.
    #[schema(required)]
    return_domain: Option<String>,
    /// One for each subject, one for each key, and one for the MX of each domain that mail comes back to.
    findings: Vec<Finding>,
    /// Who would refuse mail, and why; empty where nothing speaks for it.
    refusals: Vec<Refusal>,
}

/// One thing that was found.
#[derive(Debug, Serialize, ToSchema)]
struct Finding {
    subject: SubjectText,
    verdict: VerdictText,
    code: FindingCodeText,
    /// The name, term or number that it is about.
    #[schema(required)]
    param: Option<String>,
    /// What DNS holds now.
    found: Vec<String>,
    /// What to publish.
    #[schema(required)]
    publish: Option<DnsRecord>,
}

/// A record, exactly as it has to stand in DNS.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DnsRecord {
    /// The whole name, without a final dot.
    name: String,
    kind: RecordKindText,
    value: String,
}

/// One reason to be refused.
#[derive(Debug, Serialize, ToSchema)]
struct Refusal {
    receiver: ReceiverText,
    when: RefusedWhenText,
    cause: RefusalCauseText,
    /// How the receiver's answer begins; empty where the mail is put under spam instead.
    answer: &'static str,
}

impl From<domain::deliverability::DnsRecord> for DnsRecord {
    fn from(record: domain::deliverability::DnsRecord) -> Self {
        Self { name: record.name, kind: Text(record.kind), value: record.value }
    }
}

impl From<engine_side::SendingDomain> for SendingDomain {
    fn from(domain: engine_side::SendingDomain) -> Self {
        Self {
            channel_id: domain.channel_id,
            channel_name: domain.channel_name,
            readable: readable_domain(&domain.domain),
            domain: domain.domain,
            addresses: domain.addresses,
            keys: domain.keys.into_iter().map(DkimKey::from).collect(),
        }
    }
}

impl From<DomainCheck> for DeliverabilityReport {
    fn from(DomainCheck { return_domain, report, at }: DomainCheck) -> Self {
        let finding = |finding: domain::deliverability::Finding| Finding {
            subject: Text(finding.subject),
            verdict: Text(finding.verdict),
            code: Text(finding.code),
            param: finding.param,
            found: finding.found,
            publish: finding.publish.map(DnsRecord::from),
        };
        let refusal = |refusal: domain::deliverability::Refusal| Refusal {
            receiver: Text(refusal.receiver),
            when: Text(refusal.when),
            cause: Text(refusal.cause),
            answer: refusal.answer,
        };
        Self {
            checked_at: at,
            return_domain,
            findings: report.findings.into_iter().map(finding).collect(),
            refusals: report.refusals.into_iter().map(refusal).collect(),
        }
    }
}

/// List the sending domains
///
/// The domains of everybody's identities, each with the channel that its mail leaves by. For administrators.
#[utoipa::path(
    get, path = "/sending-domains", operation_id = "list_sending_domains", tag = "sending-domains",
    responses((status = 200, body = SendingDomainList))
)]
async fn list_sending_domains(State(app): State<App>, caller: Caller) -> Result<Json<SendingDomainList>> {
    let domains = app.engine.sending_domains(&caller.actor).await?;
    Ok(Json(SendingDomainList { items: domains.into_iter().map(SendingDomain::from).collect() }))
}

/// Check a sending domain
///
/// Asks DNS for SPF, DKIM, DMARC and MX, and says what receivers make of it. Sends nothing. For administrators.
#[utoipa::path(
    post, path = "/sending-domains/check", operation_id = "check_sending_domain", tag = "sending-domains",
    request_body = DomainCheckInput, responses((status = 200, body = DeliverabilityReport))
)]
async fn check_sending_domain(
    State(app): State<App>,
    caller: Caller,
    Json(said): Json<DomainCheckInput>,
) -> Result<Json<DeliverabilityReport>> {
    Ok(Json(app.engine.check_sending_domain(&caller.actor, said.channel_id, &said.domain).await?.into()))
}
