use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::time::{MINUTE, SECOND};

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
const SAFARI: &str = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15";

/// A visit that was first taken for a person's.
fn visit(n: u128, at: i64, target: Target, ip: &str, agent: &str) -> Visit {
    Visit {
        id: EventId(Uuid::from_u128(n)),
        at: Timestamp(at),
        target,
        client: Client { ip: Some(ip.parse().unwrap()), user_agent: Some(agent.into()) },
        verdict: Verdict::Human,
        why: Why::Nothing,
    }
}

fn answered(at: i64) -> Context {
    Context { replied_at: Some(Timestamp(at)), ..Context::default() }
}

fn said(visits: &[Visit]) -> Vec<(Verdict, Why)> {
    judge_together(visits, Context::default()).into_iter().map(|now| (now.verdict, now.why)).collect()
}

#[test]
fn a_burst_withdraws_its_clicks_and_the_open_they_imply() {
    let mut visits = vec![visit(1, 0, Target::Pixel, "192.0.2.9", CHROME)];
    for n in 0..5 {
        visits.push(visit(
            2 + u128::from(n),
            33 * SECOND + i64::from(n) * 200_000,
            Target::Link(n),
            "192.0.2.7",
            CHROME,
        ));
    }
    let now = said(&visits);
    assert_eq!(now[0], (Verdict::Machine, Why::SameClient));
    assert!(now[1..].iter().all(|it| *it == (Verdict::Machine, Why::Burst)), "{now:?}");
}

#[test]
fn a_person_reads_before_they_follow_the_next_link_and_may_click_twice() {
    let visits = [
        visit(1, 0, Target::Pixel, "192.0.2.9", CHROME),
        visit(2, 20 * SECOND, Target::Link(0), "192.0.2.9", CHROME),
        visit(3, 20 * SECOND + 300_000, Target::Link(0), "192.0.2.9", CHROME),
        visit(4, 32 * SECOND, Target::Link(1), "192.0.2.9", CHROME),
    ];
    assert!(said(&visits).iter().all(|it| it.0 == Verdict::Human));
}

#[test]
fn a_burst_says_nothing_about_the_reader_elsewhere() {
    let visits = [
        visit(1, 0, Target::Link(0), "192.0.2.9", CHROME),
        visit(2, 500_000, Target::Link(1), "192.0.2.9", CHROME),
        visit(3, MINUTE, Target::Pixel, "198.51.100.4", CHROME),
        visit(4, 9 * MINUTE, Target::Pixel, "192.0.2.9", CHROME),
    ];
    let now = said(&visits);
    assert_eq!((now[2].0, now[3].0), (Verdict::Human, Verdict::Human));
}

#[test]
fn a_click_elsewhere_seconds_after_a_click_is_its_echo() {
    let visits = [
        visit(1, 0, Target::Link(0), "192.0.2.9", CHROME),
        visit(2, 12 * SECOND, Target::Link(0), "198.51.100.4", SAFARI),
        visit(3, 4 * MINUTE, Target::Link(0), "203.0.113.4", SAFARI),
    ];
    assert_eq!(said(&visits).map_whys(), [Why::Nothing, Why::Echo, Why::Nothing]);
}

#[test]
fn after_an_answer_a_view_is_nobodys_in_particular_unless_the_reader_was_there_before() {
    let visits = [
        visit(1, 0, Target::Pixel, "192.0.2.9", CHROME),
        visit(2, MINUTE, Target::Pixel, "192.0.2.9", CHROME),
        visit(3, MINUTE, Target::Pixel, "198.51.100.4", CHROME),
        visit(4, MINUTE, Target::Link(0), "198.51.100.4", CHROME),
    ];
    let now: Vec<_> = judge_together(&visits, answered(SECOND)).iter().map(|it| (it.verdict, it.why)).collect();
    assert_eq!(now[2], (Verdict::Unknown, Why::AfterReply));
    assert!([now[0], now[1], now[3]].iter().all(|it| it.0 == Verdict::Human), "{now:?}");
}

#[test]
fn what_follows_a_view_that_was_too_soon_is_too_soon_unless_somebody_else_does_it() {
    let soon =
        Visit { verdict: Verdict::Unknown, why: Why::TooSoon, ..visit(1, 0, Target::Pixel, "192.0.2.9", CHROME) };
    let same = visit(2, 40 * SECOND, Target::Link(0), "192.0.2.9", CHROME);
    let browser = visit(3, 50 * SECOND, Target::Link(0), "192.0.2.9", SAFARI);
    let later = visit(4, 4 * MINUTE, Target::Link(0), "192.0.2.9", CHROME);
    assert_eq!(
        said(&[soon, same, browser, later]).map_whys(),
        [Why::TooSoon, Why::TooSoon, Why::Nothing, Why::Nothing]
    );
}

#[test]
fn three_tabs_are_a_burst_right_after_the_dispatch_and_a_person_later() {
    let tabs: Vec<Visit> =
        (0..3).map(|n| visit(u128::from(n), i64::from(n) * 2 * SECOND, Target::Link(n), "192.0.2.9", CHROME)).collect();
    let after = |wait: i64| Context { sent_at: Some(Timestamp(-wait)), ..Context::default() };
    assert!(judge_together(&tabs, after(MINUTE)).iter().all(|it| it.why == Why::Burst));
    assert!(judge_together(&tabs, after(6 * MINUTE)).iter().all(|it| it.verdict == Verdict::Human));
}

#[test]
fn a_client_that_asks_for_the_head_is_a_machine_when_it_asks_again() {
    let head =
        Visit { verdict: Verdict::Machine, why: Why::HeadRequest, ..visit(1, 0, Target::Link(0), "192.0.2.9", CHROME) };
    let same = visit(2, SECOND, Target::Link(0), "192.0.2.9", CHROME);
    let colleague = visit(3, 2 * SECOND, Target::Link(0), "192.0.2.9", SAFARI);
    assert_eq!(said(&[head, same, colleague]).map_whys(), [Why::HeadRequest, Why::SameClient, Why::Nothing]);
}

trait Whys {
    fn map_whys(self) -> Vec<Why>;
}

impl Whys for Vec<(Verdict, Why)> {
    fn map_whys(self) -> Vec<Why> {
        self.into_iter().map(|it| it.1).collect()
    }
}

fn any_visits() -> impl Strategy<Value = Vec<Visit>> {
    let target = prop_oneof![Just(Target::Pixel), (0..4u16).prop_map(Target::Link)];
    let first = prop::sample::select(vec![
        (Verdict::Human, Why::Nothing),
        (Verdict::Machine, Why::ScannerNetwork),
        (Verdict::Machine, Why::AppleMailPrivacy),
        (Verdict::Unknown, Why::TooSoon),
        (Verdict::Own, Why::SignedIn),
    ]);
    let one = (0..90_000i64, target, 0..4u8, any::<bool>(), first);
    prop::collection::vec(one, 0..12).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(n, (millis, target, host, chrome, (verdict, why)))| Visit {
                verdict,
                why,
                ..visit(
                    n as u128,
                    millis * 1000,
                    target,
                    &format!("192.0.{host}.1"),
                    if chrome { CHROME } else { SAFARI },
                )
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn together_nobody_becomes_a_person(visits in any_visits()) {
        for (visit, now) in visits.iter().zip(judge_together(&visits, Context::default())) {
            match visit.verdict {
                Verdict::Machine | Verdict::Own => prop_assert_eq!((visit.verdict, visit.why), (now.verdict, now.why)),
                Verdict::Human => prop_assert!(now.verdict != Verdict::Own),
                Verdict::Unknown => prop_assert!(matches!(now.verdict, Verdict::Machine | Verdict::Unknown)),
            }
        }
    }

    #[test]
    fn the_order_in_which_visits_become_known_does_not_matter(visits in any_visits()) {
        let mut backwards = visits.clone();
        backwards.reverse();
        let mut now = judge_together(&backwards, Context::default());
        now.reverse();
        prop_assert_eq!(now, judge_together(&visits, Context::default()));
    }

    #[test]
    fn more_evidence_takes_no_machine_back(visits in any_visits()) {
        let fewer = &visits[..visits.len().saturating_sub(1)];
        for (before, now) in judge_together(fewer, Context::default()).iter().zip(judge_together(&visits, Context::default())) {
            prop_assert!(before.verdict != Verdict::Machine || now.verdict == Verdict::Machine);
        }
    }

    /// Whoever records visits reads only what happened around them, and says less of a person or leaves it: this is why that
    /// is enough.
    #[test]
    fn a_part_of_the_evidence_says_at_most_what_all_of_it_says(visits in any_visits(), kept in any::<u16>()) {
        let part: Vec<Visit> =
            visits.iter().enumerate().filter(|(n, _)| kept >> n & 1 == 1).map(|(_, visit)| visit.clone()).collect();
        let all = judge_together(&visits, Context::default());
        for now in judge_together(&part, Context::default()) {
            let whole = all.iter().find(|it| it.id == now.id).unwrap();
            prop_assert!(now.verdict == whole.verdict || now.verdict.is_lowered_by(whole.verdict));
        }
    }

    #[test]
    fn an_answer_makes_nobody_human(visits in any_visits(), replied in 0..90_000_000i64) {
        let without = judge_together(&visits, Context::default());
        for (before, now) in without.iter().zip(judge_together(&visits, answered(replied))) {
            prop_assert!(now.verdict != Verdict::Human || before.verdict == Verdict::Human);
        }
    }
}
