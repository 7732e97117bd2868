//! The day that a limit counts: any twenty-four hours, or from the provider's own reset to the next.

use jiff::{ToSpan as _, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{Timestamp, time::DAY};

/// When a provider begins to count a new day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DayReset {
    /// Never: in any twenty-four hours no more than the limit.
    #[default]
    Rolling,
    /// Every day at a time on the provider's own clock.
    At {
        /// Minutes since midnight, 0 to 1439.
        minute_of_day: u16,
        /// An IANA name, such as `America/Los_Angeles`.
        zone: String,
    },
}

impl DayReset {
    /// Attempts after this moment count on the day of `now`. A rolling day began twenty-four hours ago.
    pub fn day_began(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Rolling => now.plus(-DAY),
            // A reset counts with its own day.
            Self::At { .. } => self.resets_around(now).rfind(|reset| *reset <= now).unwrap_or(now).plus(-1),
        }
    }

    /// When the day of `now` ends; of a rolling day, when `now` itself no longer counts.
    pub fn day_ends(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Rolling => now.plus(DAY),
            Self::At { .. } => self.resets_around(now).find(|reset| *reset > now).unwrap_or(now.plus(DAY)),
        }
    }

    /// The resets of the days around `now`, in order. Where the clock springs over the time of a reset, it takes place as
    /// much later as the clock sprang; a time that comes twice resets the first time (RFC 5545 §3.3.5).
    fn resets_around(&self, now: Timestamp) -> impl DoubleEndedIterator<Item = Timestamp> {
        let (minute, zone) = match self {
            Self::Rolling => (0, TimeZone::UTC),
            Self::At { minute_of_day, zone } => (*minute_of_day, TimeZone::get(zone).unwrap_or(TimeZone::UTC)),
        };
        let of_day = |part: u16| i8::try_from(part).unwrap_or_default();
        let time = Time::new(of_day(minute / 60 % 24), of_day(minute % 60), 0, 0).unwrap_or_default();
        let today = now.to_jiff().to_zoned(zone.clone()).date();
        // Two days to each side: a zone may skip a whole one.
        (-2i64..=2).filter_map(move |days| {
            let date = today.checked_add(days.days()).ok()?;
            date.to_datetime(time).to_zoned(zone.clone()).ok().map(|reset| Timestamp::from(reset.timestamp()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{HOUR, MINUTE, SECOND};
    use proptest::prelude::*;

    fn at(minute_of_day: u16, zone: &str) -> DayReset {
        DayReset::At { minute_of_day, zone: zone.into() }
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_reset_at_midnight_in_california_is_at_eight_or_at_seven_in_utc() {
        let reset = at(0, "America/Los_Angeles");
        assert_eq!(reset.day_ends(moment("2026-01-15T12:00:00Z")), moment("2026-01-16T08:00:00Z"));
        assert_eq!(reset.day_ends(moment("2026-07-15T12:00:00Z")), moment("2026-07-16T07:00:00Z"));
        assert_eq!(reset.day_ends(moment("2026-07-16T07:00:00Z")), moment("2026-07-17T07:00:00Z"));
    }

    #[test]
    fn a_reset_that_the_clock_springs_over_still_takes_place_and_one_that_comes_twice_counts_once() {
        let reset = at(150, "Europe/Rome");
        let spring = reset.day_ends(moment("2026-03-28T12:00:00Z"));
        assert_eq!(spring, moment("2026-03-29T01:30:00Z"), "02:30 does not exist: 03:30 summer time");
        let autumn = reset.day_ends(moment("2026-10-24T12:00:00Z"));
        assert_eq!(autumn, moment("2026-10-25T00:30:00Z"), "the first of two");
        assert_eq!(reset.day_ends(autumn), moment("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn a_day_that_a_zone_skips_is_no_obstacle() {
        let reset = at(0, "Pacific/Apia");
        let eve = moment("2011-12-30T09:59:00Z");
        assert_eq!(reset.day_ends(eve), moment("2011-12-30T10:00:00Z"));
        assert_eq!(reset.day_ends(moment("2011-12-30T10:00:00Z")), moment("2011-12-31T10:00:00Z"));
    }

    proptest! {
        #[test]
        fn every_moment_lies_in_exactly_one_day_of_at_most_25_hours(
            minute in 0u16..1440, second in 1_700_000_000i64..1_900_000_000, zone in 0usize..4
        ) {
            let zone = ["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"][zone];
            let (reset, now) = (at(minute, zone), Timestamp(second * SECOND));
            let (began, ends) = (reset.day_began(now), reset.day_ends(now));
            prop_assert!(began < now && now < ends);
            prop_assert!(ends.since(began) <= 25 * HOUR + MINUTE);
            prop_assert_eq!(reset.day_began(ends), ends.plus(-1));
            prop_assert_eq!(reset.day_ends(began.plus(1)), ends);
        }
    }
}
