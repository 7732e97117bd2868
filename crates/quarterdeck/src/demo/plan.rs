//! Who does what when: the working days of a few salespeople, by chance and always alike for the same seed.

use domain::{
    Timestamp,
    time::{DAY, HOUR, MINUTE, SECOND},
};
use jiff::{civil::Weekday, tz::TimeZone};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// The working day, in hours of UTC.
const MORNING: i64 = 7;
const EVENING: i64 = 16;

/// Something somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Writes to a contact, and sends it.
    Write { contact: usize },
    /// Follows up the last email to a contact, if that arrived.
    FollowUp { contact: usize },
    /// Writes to a contact, to be sent later.
    Schedule { contact: usize, at: Timestamp },
    /// Begins an email, and leaves it.
    Draft { contact: Option<usize> },
    /// Schedules an email with a field that the contact no longer has when it is due.
    LoseField { contact: usize },
    /// Sends an email whose answer gets lost.
    Lose,
    /// Puts away what is done, and marks what went well.
    Tidy,
    /// Delivers what is due; nobody does this.
    Deliver,
}

/// A deed and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) at: Timestamp,
    pub(super) deed: Deed,
}

/// Everything that is done between `from` and `now` by people with `contacts` contacts.
pub(super) fn plan(seed: u64, contacts: usize, from: Timestamp, now: Timestamp) -> Vec<Step> {
    let mut dice = StdRng::seed_from_u64(seed);
    let past = working_days(from, now);
    let ahead = working_days(now.plus(12 * HOUR), now.plus(now.since(from)));
    let mut steps = Vec::new();
    for contact in 0..contacts {
        plan_contact(&mut steps, &mut dice, contact, &past, now);
    }
    for contact in (0..contacts).filter(|&contact| is_scheduled(contact)) {
        let recently = now.plus(-dice.random_range(2 * HOUR..3 * DAY));
        let Some(at) = moment(&mut dice, &ahead) else { continue };
        steps.push(Step { at: recently, deed: Deed::Schedule { contact, at } });
    }
    for contact in [Some(4), Some(9), None, Some(18), Some(1), None, Some(6), Some(13)] {
        let recently = now.plus(-dice.random_range(HOUR..6 * DAY));
        steps.push(Step { at: recently, deed: Deed::Draft { contact } });
    }
    // Somebody to whom nobody else writes: without the field other letters could not be sent either.
    let untouched = (0..contacts).rev().find(|&contact| !is_written_to(contact) && !is_scheduled(contact));
    steps.extend(untouched.map(|contact| Step { at: now.plus(-26 * HOUR), deed: Deed::LoseField { contact } }));
    steps.push(Step { at: now.plus(-50 * MINUTE), deed: Deed::Lose });
    steps.extend(past.iter().map(|day| Step { at: day.plus((EVENING + 1) * HOUR), deed: Deed::Tidy }));
    steps.extend(deliveries(&steps, from, now));
    steps.retain(|step| step.at <= now);
    steps.sort_by_key(|step| step.at);
    steps
}

/// Eight contacts in nine got something already.
fn is_written_to(contact: usize) -> bool {
    contact % 9 != 8
}

/// Two contacts in seven will get something.
fn is_scheduled(contact: usize) -> bool {
    contact % 7 < 2
}

/// The first email to a contact, and what follows it.
fn plan_contact(steps: &mut Vec<Step>, dice: &mut StdRng, contact: usize, days: &[Timestamp], now: Timestamp) {
    if !is_written_to(contact) {
        return;
    }
    let Some(mut at) = moment(dice, days) else { return };
    steps.push(Step { at, deed: Deed::Write { contact } });
    while dice.random_bool(0.4) {
        at = at.plus(dice.random_range(2 * DAY..6 * DAY));
        if at >= now.plus(-HOUR) || !is_working(at) {
            return;
        }
        steps.push(Step { at, deed: Deed::FollowUp { contact } });
    }
}

/// The server looks after each thing sent, when its undo window is over, and every hour for what was put off.
fn deliveries(steps: &[Step], from: Timestamp, now: Timestamp) -> Vec<Step> {
    let deliver = |at| Step { at, deed: Deed::Deliver };
    let sends = |deed| matches!(deed, Deed::Write { .. } | Deed::FollowUp { .. } | Deed::Lose);
    let after_sends = steps.iter().filter(|step| sends(step.deed)).map(|step| deliver(step.at.plus(12 * SECOND)));
    let hours = (0..now.since(from) / HOUR).map(|hour| deliver(from.plus(hour * HOUR)));
    after_sends.chain(hours).chain([deliver(now)]).collect()
}

/// A moment of one of the `days`.
fn moment(dice: &mut StdRng, days: &[Timestamp]) -> Option<Timestamp> {
    let day = days.get(dice.random_range(0..days.len().max(1)))?;
    Some(day.plus(dice.random_range(MORNING * HOUR..EVENING * HOUR)))
}

/// The midnights with which the working days between `from` and `until` begin; today is not one of them before its evening.
fn working_days(from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let midnight = from.0.div_euclid(DAY) * DAY + DAY;
    let midnights = (0..).map(|n| Timestamp(midnight + n * DAY));
    midnights.take_while(|day| day.plus(EVENING * HOUR) < until).filter(|day| is_working(*day)).collect()
}

fn is_working(day: Timestamp) -> bool {
    !matches!(day.to_jiff().to_zoned(TimeZone::UTC).weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_770_000_000_000_000);

    fn three_weeks(seed: u64) -> Vec<Step> {
        plan(seed, 200, NOW.plus(-21 * DAY), NOW)
    }

    #[test]
    fn the_same_seed_plans_the_same_and_another_one_something_else() {
        assert_eq!(three_weeks(1), three_weeks(1));
        assert_ne!(three_weeks(1), three_weeks(2));
    }

    #[test]
    fn steps_come_in_order_within_their_weeks() {
        let steps = three_weeks(1);
        assert!(steps.is_sorted_by_key(|step| step.at));
        assert!(steps.iter().all(|step| step.at >= NOW.plus(-21 * DAY) && step.at <= NOW));
    }

    #[test]
    fn nobody_writes_at_the_weekend_or_schedules_into_the_past() {
        for step in three_weeks(1) {
            match step.deed {
                Deed::Write { .. } | Deed::FollowUp { .. } => assert!(is_working(step.at), "{step:?}"),
                Deed::Schedule { at, .. } => assert!(at > NOW && is_working(at), "{step:?}"),
                _ => {}
            }
        }
    }

    #[test]
    fn there_is_something_for_every_folder() {
        let steps = three_weeks(1);
        let count = |is: fn(&Deed) -> bool| steps.iter().filter(|step| is(&step.deed)).count();
        assert!(count(|deed| matches!(deed, Deed::Write { .. })) > 150);
        assert!(count(|deed| matches!(deed, Deed::FollowUp { .. })) > 20);
        assert!(count(|deed| matches!(deed, Deed::Schedule { .. })) > 30);
        assert!(count(|deed| matches!(deed, Deed::Draft { .. })) > 5);
    }
}
