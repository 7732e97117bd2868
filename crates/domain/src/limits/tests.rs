use super::*;
use crate::time::{DAY, HOUR, MINUTE, SECOND};
use proptest::prelude::*;

/// What the store would read for these attempts, for one more email.
fn recent(limits: &Limits, attempts: &[Timestamp], now: Timestamp) -> Recent {
    let newest: Vec<_> = attempts.iter().rev().copied().collect();
    let began = limits.day_reset.day_began(now);
    let day: Vec<_> = attempts.iter().filter(|at| **at > began).copied().collect();
    let skipped = day.len().saturating_sub(limits.per_day.unwrap_or(0) as usize);
    Recent {
        minute: newest
            .iter()
            .take(limits.per_minute.unwrap_or(0) as usize)
            .filter(|at| now.since(**at) < MINUTE)
            .copied()
            .collect(),
        day: u32::try_from(day.len()).unwrap(),
        leaving: day.into_iter().skip(skipped).take(1).collect(),
        batch: newest.iter().take(limits.batch_size.unwrap_or(0) as usize).copied().collect(),
    }
}

fn rule(domain: &str, per_minute: Option<u32>, per_day: Option<u32>) -> DomainRule {
    DomainRule { domain: domain.into(), per_minute, per_day }
}

fn at_noon_in_rome() -> DayReset {
    DayReset::At { minute_of_day: 720, zone: "Europe/Rome".into() }
}

#[test]
fn without_limits_everything_goes() {
    let none = Limits::default();
    assert_eq!(allowance(&none, &Recent::default(), Timestamp(0)), Allowance { now: u32::MAX, then: None });
    assert_eq!(
        domain_allowance(&none, "x.example", &Recent::default(), Timestamp(0)),
        Allowance { now: u32::MAX, then: None }
    );
    assert!(none.is_unlimited());
}

#[test]
fn a_limit_of_zero_lets_nothing_through() {
    let limits = Limits { per_minute: Some(0), ..Limits::default() };
    assert_eq!(allowance(&limits, &Recent::default(), Timestamp(0)).now, 0);
    let limits = Limits { domain_rules: vec![rule("x.example", None, Some(0))], ..Limits::default() };
    assert_eq!(domain_allowance(&limits, "x.example", &Recent::default(), Timestamp(0)).now, 0);
}

#[test]
fn the_daily_limit_names_the_moment_the_oldest_leaves_the_window() {
    let limits = Limits { per_day: Some(2), ..Limits::default() };
    let attempts = [Timestamp(5 * SECOND), Timestamp(9 * SECOND)];
    let now = Timestamp(MINUTE);
    let allowance = allowance(&limits, &recent(&limits, &attempts, now), now);
    assert_eq!(allowance, Allowance { now: 0, then: Some((attempts[0].plus(DAY), WaitReason::LimitPerDay)) });
}

#[test]
fn a_day_with_a_reset_ends_there_and_then_the_whole_limit_may_go() {
    let limits = Limits { per_day: Some(2), day_reset: at_noon_in_rome(), ..Limits::default() };
    let noon: Timestamp = "2026-06-10T10:00:00Z".parse().unwrap();
    let attempts = [noon.plus(-2 * HOUR), noon.plus(-HOUR)];
    let at = |now| allowance(&limits, &recent(&limits, &attempts, now), now);
    assert_eq!(at(noon.plus(-1)), Allowance { now: 0, then: Some((noon, WaitReason::LimitPerDay)) });
    assert_eq!(at(noon).now, 2);
}

#[test]
fn after_a_batch_the_channel_pauses_and_then_a_whole_batch_may_go() {
    let limits = Limits { batch_size: Some(3), batch_pause_s: Some(60), ..Limits::default() };
    let attempts = [Timestamp(0), Timestamp(SECOND), Timestamp(2 * SECOND)];
    let at = |now| allowance(&limits, &recent(&limits, &attempts, now), now);
    assert_eq!(
        at(Timestamp(3 * SECOND)),
        Allowance { now: 0, then: Some((Timestamp(62 * SECOND), WaitReason::BatchPause)) }
    );
    assert_eq!(at(Timestamp(62 * SECOND)).now, 3);
}

#[test]
fn a_domain_has_its_own_rule_or_that_of_every_other_domain() {
    let rules = vec![rule("big.example", Some(9), None), rule("*", Some(1), None), rule("free.example", None, None)];
    let limits = Limits { domain_rules: rules, ..Limits::default() };
    let allowed = |domain| domain_allowance(&limits, domain, &Recent::default(), Timestamp(0)).now;
    assert_eq!([allowed("big.example"), allowed("small.example"), allowed("free.example")], [9, 1, u32::MAX]);
    let got_one = Recent { minute: vec![Timestamp(0)], ..Recent::default() };
    assert_eq!(
        domain_allowance(&limits, "small.example", &got_one, Timestamp(SECOND)),
        Allowance { now: 0, then: Some((Timestamp(MINUTE), WaitReason::LimitPerDomain)) }
    );
}

#[test]
fn a_rule_holds_for_its_domain_however_either_is_spelled() {
    for kept in ["bücher.example", "xn--bcher-kva.example"] {
        let limits = Limits { domain_rules: vec![rule(kept, Some(1), None)], ..Limits::default() };
        for address in ["info@Bücher.example", "info@XN--bcher-kva.example"] {
            assert!(limits.of_domain(&crate::address::domain_of(address)).is_some(), "{kept} {address}");
        }
    }
}

/// Sends whatever `allowed` says as fast as it says so.
fn flood(limits: &Limits, allowed: impl Fn(&Recent, Timestamp) -> Allowance, rounds: u32) -> Vec<Timestamp> {
    let mut now = "2026-03-28T20:00:00Z".parse::<Timestamp>().unwrap();
    let mut attempts: Vec<Timestamp> = Vec::new();
    for _ in 0..rounds {
        let allowance = allowed(&recent(limits, &attempts, now), now);
        for _ in 0..allowance.now.min(100) {
            attempts.push(now);
        }
        if let (0, Some((until, _))) = (allowance.now, allowance.then) {
            assert!(until > now);
            now = until;
        }
    }
    attempts
}

fn most_within(attempts: &[Timestamp], window: i64) -> usize {
    (0..attempts.len())
        .map(|i| attempts[i..].iter().take_while(|later| later.since(attempts[i]) < window).count())
        .max()
        .unwrap_or(0)
}

fn most_a_day(attempts: &[Timestamp], reset: &DayReset) -> usize {
    match reset {
        DayReset::Rolling => most_within(attempts, DAY),
        DayReset::At { .. } => {
            let mut days = std::collections::BTreeMap::<Timestamp, usize>::new();
            for at in attempts {
                *days.entry(reset.day_ends(*at)).or_default() += 1;
            }
            days.into_values().max().unwrap_or(0)
        }
    }
}

fn any_reset() -> impl Strategy<Value = DayReset> {
    let at = |(minute_of_day, zone): (u16, usize)| DayReset::At {
        minute_of_day,
        zone: ["Europe/Rome", "America/Los_Angeles", "UTC"][zone].into(),
    };
    prop_oneof![Just(DayReset::Rolling), (0u16..1440, 0usize..3).prop_map(at)]
}

proptest! {
    #[test]
    fn no_window_ever_holds_more_than_its_limit(
        minute in 1u32..20, day in 1u32..60, batch in 1u32..10, pause in 1u32..90, reset in any_reset()
    ) {
        let limits = Limits {
            batch_size: Some(batch),
            batch_pause_s: Some(pause),
            per_minute: Some(minute),
            per_day: Some(day),
            day_reset: reset,
            ..Limits::default()
        };
        let attempts = flood(&limits, |recent, now| allowance(&limits, recent, now), 400);
        prop_assert!(most_within(&attempts, MINUTE) <= minute as usize);
        prop_assert!(most_a_day(&attempts, &limits.day_reset) <= day as usize);
        prop_assert!(attempts.len() >= day as usize);
    }

    #[test]
    fn no_domain_ever_gets_more_than_its_rule_allows(minute in 1u32..9, day in 1u32..40, reset in any_reset()) {
        let rules = vec![rule("other.example", Some(1), None), rule("*", Some(minute), Some(day))];
        let limits = Limits { day_reset: reset, domain_rules: rules, ..Limits::default() };
        let own = limits.of_domain("x.example").unwrap();
        let attempts = flood(&own, |recent, now| domain_allowance(&limits, "x.example", recent, now), 300);
        prop_assert!(most_within(&attempts, MINUTE) <= minute as usize);
        prop_assert!(most_a_day(&attempts, &limits.day_reset) <= day as usize);
        prop_assert!(attempts.len() >= day as usize);
    }
}
