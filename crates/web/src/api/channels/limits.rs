//! How much may go through a channel.

use domain::limits::{DEFAULT_CONNECTIONS, DayReset, DomainRule, Limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much may go through a channel; null is no limit, zero lets nothing through.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelLimits {
    /// Connections to the server at once, for each node: 1 to 50; 4 when absent. Nodes share the other limits, not this one.
    #[serde(default = "default_connections")]
    #[schema(required)]
    connections: i64,
    /// Emails in a batch.
    #[schema(required)]
    batch_size: Option<i64>,
    /// Seconds between batches.
    #[schema(required)]
    batch_pause_s: Option<i64>,
    /// Emails in any sixty seconds.
    #[schema(required)]
    per_minute: Option<i64>,
    /// Emails a day.
    #[schema(required)]
    per_day: Option<i64>,
    /// When the provider begins a new day; null: no more than `per_day` in any twenty-four hours.
    #[schema(required)]
    day_reset: Option<ChannelDayReset>,
    /// What single recipient domains may get; each domain once, 100 at the most.
    #[serde(default)]
    #[schema(required)]
    domain_rules: Vec<ChannelDomainRule>,
}

/// When the day of a limit a day begins.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelDayReset {
    /// Minutes since midnight, 0 to 1439.
    minute_of_day: i64,
    /// An IANA time zone.
    zone: String,
}

/// How much one recipient domain may get.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChannelDomainRule {
    /// Such as `gmail.com`; `*` is every domain without a rule of its own, each for itself.
    domain: String,
    /// Emails in any sixty seconds.
    #[schema(required)]
    per_minute: Option<i64>,
    /// Emails on the channel's day.
    #[schema(required)]
    per_day: Option<i64>,
}

fn default_connections() -> i64 {
    DEFAULT_CONNECTIONS.into()
}

impl From<Limits> for ChannelLimits {
    fn from(limits: Limits) -> Self {
        let rule = |rule: DomainRule| ChannelDomainRule {
            domain: rule.domain,
            per_minute: rule.per_minute.map(i64::from),
            per_day: rule.per_day.map(i64::from),
        };
        Self {
            connections: limits.connections.into(),
            batch_size: limits.batch_size.map(i64::from),
            batch_pause_s: limits.batch_pause_s.map(i64::from),
            per_minute: limits.per_minute.map(i64::from),
            per_day: limits.per_day.map(i64::from),
            day_reset: match limits.day_reset {
                DayReset::Rolling => None,
                DayReset::At { minute_of_day, zone } => {
                    Some(ChannelDayReset { minute_of_day: minute_of_day.into(), zone })
                }
            },
            domain_rules: limits.domain_rules.into_iter().map(rule).collect(),
        }
    }
}

impl From<ChannelLimits> for Limits {
    /// What no figure can be is out of range, as the check of the range will say.
    fn from(limits: ChannelLimits) -> Self {
        let figure = |limit: i64| u32::try_from(limit).unwrap_or(u32::MAX);
        let rule = |rule: ChannelDomainRule| DomainRule {
            domain: rule.domain,
            per_minute: rule.per_minute.map(figure),
            per_day: rule.per_day.map(figure),
        };
        Self {
            connections: figure(limits.connections),
            batch_size: limits.batch_size.map(figure),
            batch_pause_s: limits.batch_pause_s.map(figure),
            per_minute: limits.per_minute.map(figure),
            per_day: limits.per_day.map(figure),
            day_reset: limits.day_reset.map_or(DayReset::Rolling, |reset| DayReset::At {
                minute_of_day: u16::try_from(reset.minute_of_day).unwrap_or(u16::MAX),
                zone: reset.zone,
            }),
            domain_rules: limits.domain_rules.into_iter().map(rule).collect(),
        }
    }
}
