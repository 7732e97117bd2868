//! Whose email is next: the lanes of a channel take turns, one email each.
//!
//! A large batch has a lane of its own beside its owner's single emails, so that nobody's one email stands behind
//! somebody's ten thousand. The worker and the [forecast](crate::forecast) ask the same function.

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Unbounded},
};

use crate::UserId;

/// What takes turns on a channel: somebody's single emails, or somebody's bulk mail. Within a lane the email due first goes
/// first, and of those due at once the one with the lower id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lane {
    /// Whose mail it is.
    pub owner: UserId,
    /// Whether it was queued together with many others.
    pub bulk: bool,
}

/// The turns of a channel. Kept from one look to the next, so that a lane that comes in between waits for no more than one
/// email of each other lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turns {
    last: Option<Lane>,
}

impl Turns {
    /// The lane whose turn it is among those that have something to send; from now on it had its turn.
    pub fn next<T>(&mut self, lanes: &BTreeMap<Lane, T>) -> Option<Lane> {
        let after = self.last.and_then(|last| lanes.range((Excluded(last), Unbounded)).next());
        let (lane, _) = after.or_else(|| lanes.iter().next())?;
        self.last = Some(*lane);
        Some(*lane)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn lane(n: u128) -> Lane {
        Lane { owner: UserId(Uuid::from_u128(n)), bulk: false }
    }

    #[test]
    fn lanes_take_turns_and_a_new_one_waits_for_one_email_of_each_other() {
        let mut lanes = BTreeMap::from([(lane(1), 'a'), (lane(3), 'c')]);
        let mut turns = Turns::default();
        let mut next = |lanes: &BTreeMap<Lane, char>| turns.next(lanes).unwrap();
        assert_eq!([next(&lanes), next(&lanes), next(&lanes)], [lane(1), lane(3), lane(1)]);
        lanes.insert(lane(2), 'b');
        assert_eq!([next(&lanes), next(&lanes), next(&lanes)], [lane(2), lane(3), lane(1)]);
        lanes.remove(&lane(2));
        assert_eq!(next(&lanes), lane(3));
        assert_eq!(turns.next::<char>(&BTreeMap::new()), None);
    }
}
