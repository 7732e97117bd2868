use super::*;
use crate::{
    UserId,
    limits::{DayReset, DomainRule},
    time::{DAY, HOUR, MINUTE, SECOND},
};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_800_000_000 * SECOND);

fn lane(owner: u128, bulk: bool) -> Lane {
    Lane { owner: UserId(Uuid::from_u128(owner)), bulk }
}

fn waiting(n: u128, lane: Lane, next_at: Timestamp) -> Waiting {
    Waiting { id: EmailId(Uuid::from_u128(n)), lane, next_at, domain: "a.example".into(), recipients: 1 }
}

fn outlook(limits: &Limits) -> Outlook<'_> {
    Outlook {
        limits,
        recent: Recent::default(),
        domains: BTreeMap::new(),
        turns: Turns::default(),
        stop: None,
        now: NOW,
    }
}

fn at(seconds: i64, held_by: impl Into<Option<WaitReason>>) -> Expected {
    Expected { at: Some(NOW.plus(seconds * SECOND)), held_by: held_by.into() }
}

#[test]
fn without_limits_each_goes_when_it_is_due() {
    let limits = Limits::default();
    let emails = [waiting(1, lane(1, false), NOW.plus(-HOUR)), waiting(2, lane(1, false), NOW.plus(HOUR))];
    assert_eq!(forecast(&outlook(&limits), &emails), [at(0, None), at(3600, None)]);
    let stop = Some(Stop { reason: WaitReason::ChannelPaused, until: Some(NOW.plus(MINUTE)) });
    let resting = Outlook { stop, ..outlook(&limits) };
    assert_eq!(forecast(&resting, &emails), [at(60, WaitReason::ChannelPaused), at(3600, None)]);
    let stop = Some(Stop { reason: WaitReason::ClockJumped, until: None });
    let still = Outlook { stop, ..outlook(&limits) };
    assert_eq!(forecast(&still, &emails), [Expected { at: None, held_by: Some(WaitReason::ClockJumped) }; 2]);
}

#[test]
fn a_limit_a_minute_spreads_mail_over_minutes() {
    let limits = Limits { per_minute: Some(2), ..Limits::default() };
    let emails: Vec<_> = (1..=5).map(|n| waiting(n, lane(1, true), NOW)).collect();
    let held = |seconds| at(seconds, WaitReason::LimitPerMinute);
    assert_eq!(forecast(&outlook(&limits), &emails), [at(0, None), at(0, None), held(60), held(60), held(120)]);
}

#[test]
fn one_email_goes_beside_a_batch_of_ten_thousand() {
    let limits = Limits { per_minute: Some(10), ..Limits::default() };
    let mut emails: Vec<_> = (1..=10_000).map(|n| waiting(n, lane(1, true), NOW.plus(-HOUR))).collect();
    emails.push(waiting(20_000, lane(1, false), NOW));
    emails.push(waiting(20_001, lane(2, false), NOW.plus(5 * MINUTE)));
    let expected = forecast(&outlook(&limits), &emails);
    assert_eq!(expected[10_000..], [at(0, None), at(300, None)]);
    assert_eq!(expected[9_999], at(60_000, WaitReason::LimitPerMinute));
}

#[test]
fn the_longest_wait_is_the_reason() {
    let limits = Limits { per_minute: Some(2), per_day: Some(4), ..Limits::default() };
    let emails: Vec<_> = (1..=7).map(|n| waiting(n, lane(1, true), NOW)).collect();
    let (minute, day) = (WaitReason::LimitPerMinute, WaitReason::LimitPerDay);
    let tomorrow = 24 * 3600;
    assert_eq!(
        forecast(&outlook(&limits), &emails),
        [
            at(0, None),
            at(0, None),
            at(60, minute),
            at(60, minute),
            at(tomorrow, day),
            at(tomorrow, day),
            at(tomorrow + 60, day)
        ]
    );
}

#[test]
fn what_was_sent_already_counts() {
    let limits = Limits { per_day: Some(2), batch_size: Some(5), batch_pause_s: Some(30), ..Limits::default() };
    let sent = [NOW.plus(-10 * HOUR), NOW.plus(-2 * HOUR)];
    let recent = Recent { day: 2, leaving: sent.to_vec(), batch: vec![sent[1], sent[0]], ..Recent::default() };
    let emails: Vec<_> = (1..=3).map(|n| waiting(n, lane(1, false), NOW)).collect();
    let expected = forecast(&Outlook { recent, ..outlook(&limits) }, &emails);
    let day = WaitReason::LimitPerDay;
    assert_eq!(expected, [at(14 * 3600, day), at(22 * 3600, day), at(38 * 3600, day)]);
}

#[test]
fn a_domain_at_its_limit_is_stepped_over() {
    let rule = DomainRule { domain: "a.example".into(), per_minute: Some(1), per_day: None };
    let limits = Limits { domain_rules: vec![rule], ..Limits::default() };
    let to = |n, domain: &str| Waiting { domain: domain.into(), ..waiting(n, lane(1, true), NOW) };
    let emails = [to(1, "a.example"), to(2, "a.example"), to(3, "b.example"), to(4, "a.example")];
    let held = |seconds| at(seconds, WaitReason::LimitPerDomain);
    assert_eq!(forecast(&outlook(&limits), &emails), [at(0, None), held(60), at(0, None), held(120)]);
}

#[test]
fn what_leaves_now_is_told_in_order_with_whose_turn_is_next() {
    let rule = DomainRule { domain: "a.example".into(), per_minute: Some(1), per_day: None };
    let limits = Limits { per_minute: Some(3), domain_rules: vec![rule], ..Limits::default() };
    let to = |n, owner, domain: &str| Waiting { domain: domain.into(), ..waiting(n, lane(owner, false), NOW) };
    let emails = [
        to(1, 1, "a.example"),
        to(2, 1, "b.example"),
        to(3, 1, "b.example"),
        to(4, 2, "a.example"),
        to(5, 3, "c.example"),
        Waiting { next_at: NOW.plus(1), ..to(6, 3, "d.example") },
    ];
    let id = |n: u128| EmailId(Uuid::from_u128(n));
    let (gone, mut turns) = leaving(&outlook(&limits), &emails, 10);
    assert_eq!(gone, [id(1), id(5), id(2)], "the second lane has nothing that may go");
    let all = BTreeMap::from([1, 2, 3].map(|owner| (lane(owner, false), owner)));
    assert_eq!(turns.next(&all), Some(lane(2, false)));
    assert_eq!(leaving(&outlook(&limits), &emails, 1).0, [id(1)]);
    let stop = Some(Stop { reason: WaitReason::ChannelPaused, until: Some(NOW.plus(MINUTE)) });
    assert_eq!(leaving(&Outlook { stop, ..outlook(&limits) }, &emails, 10).0, []);
}

#[test]
fn domains_that_take_nothing_now_are_told_with_when_to_look_again() {
    let rule = |domain: &str, limit| DomainRule { domain: domain.into(), per_minute: Some(limit), per_day: None };
    let limits = Limits { domain_rules: vec![rule("a.example", 1), rule("b.example", 0)], ..Limits::default() };
    let recent = Recent { minute: vec![NOW.plus(-20 * SECOND)], day: 1, ..Recent::default() };
    let domains = BTreeMap::from([("a.example".to_owned(), recent)]);
    let to = |n, domain: &str| Waiting { domain: domain.into(), ..waiting(n, lane(1, true), NOW) };
    let emails = ["a.example", "a.example", "b.example", "c.example"].map(|domain| to(1, domain));
    let full = full_domains(&Outlook { domains, ..outlook(&limits) }, &emails);
    assert_eq!(full.keys().collect::<Vec<_>>(), ["a.example", "b.example"]);
    assert_eq!(full["a.example"], NOW.plus(40 * SECOND));
    assert!(full["b.example"] > NOW);
}

#[test]
fn a_limit_of_zero_never_lets_go_and_says_so() {
    let never = |reason| Expected { at: None, held_by: Some(reason) };
    let emails = [waiting(1, lane(1, false), NOW), waiting(2, lane(1, false), NOW.plus(DAY))];
    let limits = Limits { per_day: Some(0), ..Limits::default() };
    assert_eq!(forecast(&outlook(&limits), &emails), [never(WaitReason::LimitPerDay); 2]);
    let rule = DomainRule { domain: "*".into(), per_minute: Some(0), per_day: None };
    let limits = Limits { domain_rules: vec![rule], ..Limits::default() };
    assert_eq!(forecast(&outlook(&limits), &emails), [never(WaitReason::LimitPerDomain); 2]);
}

#[test]
fn copies_cost_as_much_as_they_are() {
    let limits = Limits { per_minute: Some(2), ..Limits::default() };
    let crowd = Waiting { recipients: 4, ..waiting(1, lane(1, false), NOW) };
    let expected = forecast(&outlook(&limits), &[crowd, waiting(2, lane(1, false), NOW)]);
    assert_eq!(expected, [at(0, None), at(120, WaitReason::LimitPerMinute)]);
}

fn any_limits() -> impl Strategy<Value = Limits> {
    let reset = prop_oneof![
        Just(DayReset::Rolling),
        (0u16..1440).prop_map(|minute_of_day| DayReset::At { minute_of_day, zone: "Europe/Rome".into() })
    ];
    let batch = prop::option::of((1u32..6, 1u32..200));
    let rule = prop::option::of((1u32..4, prop::option::of(1u32..30)));
    (prop::option::of(1u32..6), prop::option::of(1u32..40), batch, reset, rule).prop_map(
        |(per_minute, per_day, batch, day_reset, rule)| Limits {
            per_minute,
            per_day,
            batch_size: batch.map(|(size, _)| size),
            batch_pause_s: batch.map(|(_, pause)| pause),
            day_reset,
            domain_rules: rule
                .map(|(minute, per_day)| DomainRule { domain: "a.example".into(), per_minute: Some(minute), per_day })
                .into_iter()
                .collect(),
            ..Limits::default()
        },
    )
}

fn any_mail() -> impl Strategy<Value = Vec<Waiting>> {
    let one = (0u128..4, any::<bool>(), -600i64..3_000, 0usize..3);
    prop::collection::vec(one, 1..120).prop_map(|mail| {
        let each = mail.into_iter().enumerate().map(|(n, (owner, bulk, due, domain))| Waiting {
            domain: ["a.example", "b.example", "c.example"][domain].into(),
            ..waiting(n as u128, lane(owner, bulk), NOW.plus(due * SECOND))
        });
        each.collect()
    })
}

fn times<'a>(emails: &'a [Waiting], expected: &'a [Expected], which: impl Fn(&Waiting) -> bool + 'a) -> Vec<Timestamp> {
    let mut times: Vec<_> =
        emails.iter().zip(expected).filter(|(email, _)| which(email)).map(|(_, it)| it.at.unwrap()).collect();
    times.sort_unstable();
    times
}

/// Goes through `times` as the gate would: each has to be allowed by what went before.
fn all_allowed(limits: &Limits, times: &[Timestamp]) -> bool {
    let mut windows = crate::limits::Windows::of(limits, &Recent::default(), NOW);
    times.iter().all(|&at| {
        let allowed = windows.next(at) == Ok((at, None));
        windows.spend(at);
        allowed
    })
}

proptest! {
    #[test]
    fn no_limit_is_broken_by_the_times_foretold(limits in any_limits(), emails in any_mail()) {
        let expected = forecast(&outlook(&limits), &emails);
        prop_assert!(all_allowed(&limits, &times(&emails, &expected, |_| true)));
        if let Some(own) = limits.of_domain("a.example") {
            prop_assert!(all_allowed(&own, &times(&emails, &expected, |email| email.domain == "a.example")));
        }
        for (email, expected) in emails.iter().zip(&expected) {
            let own = email.next_at.max(NOW);
            prop_assert!(expected.at.unwrap() >= own);
            prop_assert_eq!(expected.held_by.is_some(), expected.at.unwrap() > own);
        }
    }

    #[test]
    fn what_leaves_now_is_what_was_foretold_for_now(limits in any_limits(), emails in any_mail()) {
        let expected = forecast(&outlook(&limits), &emails);
        let foretold: std::collections::BTreeSet<EmailId> = emails
            .iter()
            .zip(&expected)
            .filter(|(_, expected)| expected.at == Some(NOW))
            .map(|(email, _)| email.id)
            .collect();
        let (gone, _) = leaving(&outlook(&limits), &emails, usize::MAX);
        prop_assert_eq!(gone.into_iter().collect::<std::collections::BTreeSet<_>>(), foretold);
    }

    #[test]
    fn the_order_inside_a_lane_is_kept(limits in any_limits(), emails in any_mail()) {
        let expected = forecast(&outlook(&limits), &emails);
        let mut rows: Vec<_> = emails.iter().zip(&expected).collect();
        rows.sort_by_key(|(email, _)| (email.next_at, email.id));
        for (i, (email, expected)) in rows.iter().enumerate() {
            let later = rows[i..].iter().filter(|(other, _)| other.lane == email.lane && other.domain == email.domain);
            for (_, other) in later {
                prop_assert!(other.at >= expected.at);
            }
        }
    }

    #[test]
    fn a_single_email_is_behind_at_most_one_of_each_other_lane(due in 0i64..7_200, emails in any_mail()) {
        let limits = Limits { per_minute: Some(1), ..Limits::default() };
        let mut emails = emails;
        let single = waiting(5_000, lane(2, false), NOW.plus(due * SECOND));
        emails.retain(|email| email.lane != single.lane);
        emails.push(single.clone());
        let expected = forecast(&outlook(&limits), &emails);
        let goes = expected.last().unwrap().at.unwrap();
        for other in (0..4).flat_map(|owner| [lane(owner, false), lane(owner, true)]) {
            let between = times(&emails, &expected, |email| email.lane == other && email.id != single.id);
            let between = between.into_iter().filter(|at| *at >= single.next_at && *at < goes).count();
            prop_assert!(between <= 1, "{between} of {other:?}");
        }
    }

    #[test]
    fn the_forecast_of_what_is_left_is_the_same_after_some_have_gone(limits in any_limits(), emails in any_mail()) {
        // The gate reads the past from the ledger; the forecast has to go on from there.
        let limits = Limits { domain_rules: Vec::new(), day_reset: DayReset::Rolling, ..limits };
        let first = forecast(&outlook(&limits), &emails);
        let mut order: Vec<usize> = (0..emails.len()).collect();
        order.sort_by_key(|&i| first[i].at);
        let half = first[order[order.len() / 2]].at.unwrap();
        let gone = times(&emails, &first, |_| true).into_iter().filter(|at| *at < half).collect::<Vec<_>>();
        let newest: Vec<_> = gone.iter().rev().copied().collect();
        let day: Vec<_> = gone.iter().filter(|at| half.since(**at) < DAY).copied().collect();
        let recent = Recent {
            minute: newest.iter().filter(|at| half.since(**at) < MINUTE).copied().collect(),
            day: u32::try_from(day.len()).unwrap(),
            leaving: day,
            batch: newest.iter().take(limits.batch_size.unwrap_or(0) as usize).copied().collect(),
        };
        let left: Vec<_> = (0..emails.len()).filter(|&i| first[i].at.unwrap() >= half).collect();
        let rest: Vec<_> = left.iter().map(|&i| emails[i].clone()).collect();
        let again = forecast(&Outlook { recent, now: half, ..outlook(&limits) }, &rest);
        let mut before: Vec<_> = left.iter().map(|&i| first[i].at).collect();
        let mut after: Vec<_> = again.iter().map(|it| it.at).collect();
        before.sort_unstable();
        after.sort_unstable();
        prop_assert_eq!(before, after);
    }
}
