//! What waits to be recorded, in frames: each goes to the store in one transaction.
//!
//! A frame stands in a file as well ([`super::frame_file`]), written every [`KEEP`] whatever the store does: a kill costs what came
//! since. The transaction that records a frame notes its number, so that a frame read again after a kill is recorded once.

use std::{
    collections::VecDeque,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{NodeId, Timestamp, time::DAY};
use store::visits::frames::FrameId;

use super::{
    frame_file::{FrameFile, Left},
    visits::{Asked, Times, Waiting, add},
};

/// How often what came is written down.
pub(super) const KEEP: Duration = Duration::from_millis(25);

/// How long it is known which frames are recorded. A visit that waited for longer, because nothing was started in its folder,
/// is left out rather than counted twice.
pub(super) const KNOWN_FOR: i64 = 30 * DAY;

/// Different visits in a frame.
const MOST: usize = 1000;

/// What is recorded in one transaction.
pub(super) struct Frame {
    pub(super) id: FrameId,
    pub(super) visits: Waiting,
    /// The store may have it already, or a part of it: nothing is added to it.
    is_closed: bool,
    file: Option<FrameFile>,
}

/// The frames of this process that wait, oldest first, and those of dead ones.
#[derive(Default)]
pub(super) struct Frames {
    waiting: VecDeque<Frame>,
    newest: i64,
    folder: Option<PathBuf>,
    /// Whether the last writing failed: it is said once, and not forty times a second.
    fails: bool,
}

impl Frames {
    /// Writes to `folder` from now on. What dead processes left there goes first, as far as it came after `since`.
    pub(super) fn keep_in(&mut self, folder: &Path, since: Timestamp) -> io::Result<()> {
        for Left { id, file, visits } in FrameFile::of_the_dead(folder)? {
            let mut frame = Frame { id, visits: Waiting::new(), is_closed: true, file: Some(file) };
            let visits = visits.into_iter().filter(|(_, times)| times.at > since);
            visits.for_each(|(asked, times)| add(&mut frame.visits, asked, times));
            self.waiting.push_back(frame);
        }
        self.folder = Some(folder.to_owned());
        Ok(())
    }

    /// Whether they are written to a folder.
    pub(super) fn are_kept(&self) -> bool {
        self.folder.is_some()
    }

    /// How many different visits wait.
    pub(super) fn visits(&self) -> usize {
        self.waiting.iter().map(|frame| frame.visits.len()).sum()
    }

    /// Adds what came to the frames and to their files: the same again to where it waits, the rest to the newest, as it came.
    pub(super) fn add(&mut self, node: NodeId, came: Waiting) {
        let mut came: Vec<_> = came.into_iter().collect();
        came.sort_by_key(|(asked, times)| (times.at, asked.email));
        let mut written = Vec::new();
        for frame in self.waiting.iter_mut().filter(|frame| !frame.is_closed) {
            let (again, rest) = came.into_iter().partition(|(asked, _)| frame.visits.contains_key(asked));
            written.extend(frame.take(again));
            came = rest;
        }
        while !came.is_empty() {
            if self.waiting.back().is_none_or(|frame| frame.is_closed || frame.visits.len() >= MOST) {
                self.begin(node);
            }
            let Some(frame) = self.waiting.back_mut() else { return };
            let rest = came.split_off(came.len().min(MOST - frame.visits.len()));
            written.extend(frame.take(came));
            came = rest;
        }
        for written in written {
            self.say(written);
        }
    }

    fn begin(&mut self, node: NodeId) {
        self.newest += 1;
        let id = FrameId { node, number: self.newest };
        let file = self.folder.as_ref().map(|folder| FrameFile::create(folder, id));
        let file = file.and_then(|made| made.map_err(|error| self.say(Err(error))).ok());
        self.waiting.push_back(Frame { id, visits: Waiting::new(), is_closed: false, file });
    }

    /// The next to be recorded.
    pub(super) fn next(&mut self) -> Option<Frame> {
        self.waiting.pop_front()
    }

    /// One that could not be recorded is the next again.
    pub(super) fn put_back(&mut self, frame: Frame) {
        self.waiting.push_front(Frame { is_closed: true, ..frame });
    }

    fn say(&mut self, written: io::Result<()>) {
        match written {
            Err(error) if !self.fails => {
                tracing::warn!(%error, "visits cannot be written down; a kill costs those that are not recorded yet");
                self.fails = true;
            }
            Ok(()) if self.fails => {
                tracing::info!("visits are written down again");
                self.fails = false;
            }
            _ => {}
        }
    }
}

impl Frame {
    /// Adds visits; how writing them down went, if it has a file.
    fn take(&mut self, some: Vec<(Asked, Times)>) -> Option<io::Result<()>> {
        let file = self.file.as_mut().filter(|_| !some.is_empty());
        let written = file.map(|file| file.append(&some));
        for (asked, times) in some {
            add(&mut self.visits, asked, times);
        }
        written
    }

    /// It is recorded: its file is not needed any more.
    pub(super) fn recorded(self) {
        if let Some(file) = self.file {
            file.remove();
        }
    }

    /// What it holds, oldest first.
    pub(super) fn in_order(&self) -> Vec<(&Asked, &Times)> {
        let mut visits: Vec<_> = self.visits.iter().collect();
        visits.sort_by_key(|(asked, times)| (times.at, asked.email));
        visits
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::tracking::visits::tests::{asked, once};

    const NODE: NodeId = NodeId(Uuid::from_u128(7));

    fn came(visits: std::ops::Range<u128>) -> Waiting {
        visits.map(|n| (asked(n), once(1))).collect()
    }

    fn next(frames: &mut Frames) -> (FrameId, usize) {
        let frame = frames.next().unwrap();
        (frame.id, frame.visits.len())
    }

    #[test]
    fn what_comes_while_a_frame_waits_joins_it_until_somebody_tried_to_record_it() {
        let mut frames = Frames::default();
        frames.add(NODE, came(0..10));
        frames.add(NODE, came(5..20));
        assert_eq!(frames.visits(), 20);
        let frame = frames.next().unwrap();
        assert_eq!((frame.visits.len(), frame.visits[&asked(5)].requests), (20, 2));
        frames.put_back(frame);
        frames.add(NODE, came(0..2500));
        let of = |number| FrameId { node: NODE, number };
        let all: Vec<_> = (0..4).map(|_| next(&mut frames)).collect();
        assert_eq!(all, [(of(1), 20), (of(2), 1000), (of(3), 1000), (of(4), 500)]);
        assert_eq!(frames.visits(), 0);
    }

    #[test]
    fn the_same_again_waits_in_the_frame_that_has_it() {
        let mut frames = Frames::default();
        for _ in 0..100 {
            frames.add(NODE, came(0..2500));
        }
        assert_eq!(frames.visits(), 2500);
        let requests = |frame: Frame| frame.visits.values().map(|times| times.requests).sum::<u64>();
        let all: Vec<_> = std::iter::from_fn(|| frames.next()).map(requests).collect();
        assert_eq!(all, [100_000, 100_000, 50_000]);
    }

    #[test]
    fn frames_of_the_dead_go_first_and_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let mut dead = Frames::default();
        dead.keep_in(folder.path(), Timestamp(0)).unwrap();
        dead.add(NODE, came(0..1500));
        dead.next().unwrap().recorded();
        let mut frames = Frames::default();
        frames.keep_in(folder.path(), Timestamp(0)).unwrap();
        assert_eq!(frames.visits(), 0, "its owner lives");
        drop(dead);
        frames.keep_in(folder.path(), Timestamp(0)).unwrap();
        let other = NodeId(Uuid::from_u128(8));
        frames.add(other, came(0..1));
        assert_eq!(next(&mut frames), (FrameId { node: NODE, number: 2 }, 500));
        assert_eq!(next(&mut frames), (FrameId { node: other, number: 1 }, 1));
    }

    #[test]
    fn what_waited_longer_than_it_is_known_to_be_recorded_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let mut dead = Frames::default();
        dead.keep_in(folder.path(), Timestamp(0)).unwrap();
        dead.add(NODE, [(asked(1), once(5)), (asked(2), once(6))].into());
        drop(dead);
        let mut frames = Frames::default();
        frames.keep_in(folder.path(), Timestamp(5)).unwrap();
        assert!(frames.next().unwrap().visits.into_keys().eq([asked(2)]));
    }

    #[test]
    fn without_room_for_files_visits_wait_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut frames = Frames::default();
        frames.keep_in(&folder.path().join("visits"), Timestamp(0)).unwrap();
        std::fs::remove_dir(folder.path().join("visits")).unwrap();
        frames.add(NODE, came(0..3));
        assert!(frames.fails);
        assert_eq!(frames.visits(), 3);
    }
}
