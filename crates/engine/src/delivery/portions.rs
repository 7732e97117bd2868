//! How much of what was claimed is in memory at a time: with large files, a claim would weigh gigabytes.

use std::{collections::HashMap, sync::Arc};

use domain::EmailId;
use store::{attachments::Attachment, emails::Claimed};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::crew::Crew;
use crate::{Engine, Result};

/// What the files of emails that are rendered together weigh at most, in bytes; a heavier email is rendered alone. While one
/// such portion is rendered, the next is in memory already.
const PORTION: u64 = 8 << 20;

/// What rendered messages that wait for a connection weigh at most, in KiB; a heavier one waits alone.
const ROOM: u32 = 64 << 10;

/// Room for rendered messages.
pub(super) struct Room(Arc<Semaphore>);

/// A message's place, until it is dropped.
pub(super) type Place = Option<OwnedSemaphorePermit>;

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOM as usize)))
    }

    /// A place for a message of `bytes`, as soon as there is one.
    pub(super) async fn take(&self, bytes: usize) -> Place {
        let weight = u32::try_from(bytes >> 10).map_or(ROOM, |weight| weight.clamp(1, ROOM));
        // Nobody closes the room.
        Arc::clone(&self.0).acquire_many_owned(weight).await.ok()
    }
}

/// Emails that are rendered together.
pub(super) struct Portion {
    pub(super) emails: Vec<Claimed>,
    /// Their files, without contents.
    pub(super) files: HashMap<EmailId, Vec<Attachment>>,
}

impl Portion {
    pub(super) fn ids(&self) -> Vec<EmailId> {
        self.emails.iter().map(|email| email.id).collect()
    }
}

impl Engine {
    /// What was claimed, in the order it came, in portions that are rendered one after the other.
    pub(super) async fn portions(&self, crew: &Crew, ids: &[EmailId], emails: Vec<Claimed>) -> Result<Vec<Portion>> {
        let mut files: HashMap<EmailId, Vec<Attachment>> = HashMap::new();
        for file in store::attachments::list_all(&mut self.db().read().await?, crew.workspace(), ids).await? {
            files.entry(file.email_id).or_default().push(file);
        }
        let weight = |email: &Claimed| files.get(&email.id).into_iter().flatten().map(|file| file.size).sum();
        let mut portions = Vec::new();
        for emails in divided(emails, weight) {
            let files = emails.iter().filter_map(|email| files.remove_entry(&email.id)).collect();
            portions.push(Portion { emails, files });
        }
        Ok(portions)
    }
}

/// `all` in their order, in runs that weigh [`PORTION`] at most, or are one.
fn divided<T>(all: Vec<T>, weight: impl Fn(&T) -> u64) -> Vec<Vec<T>> {
    let mut portions: Vec<Vec<T>> = Vec::new();
    let mut filled = 0;
    for it in all {
        let added = weight(&it);
        match portions.last_mut() {
            Some(portion) if filled + added <= PORTION => {
                filled += added;
                portion.push(it);
            }
            _ => {
                filled = added;
                portions.push(vec![it]);
            }
        }
    }
    portions
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_light_is_rendered_together_and_what_is_heavy_alone() {
        let heavy = PORTION + 1;
        assert_eq!(divided(vec![1, 2, 3], |it| *it), [vec![1, 2, 3]]);
        assert_eq!(
            divided(vec![PORTION - 2, 2, 1, heavy, 0], |it| *it),
            [vec![PORTION - 2, 2], vec![1], vec![heavy], vec![0]]
        );
        assert!(divided(Vec::<u64>::new(), |it| *it).is_empty());
    }

    #[tokio::test]
    async fn a_message_waits_until_there_is_room_and_the_heaviest_has_it_alone() {
        let room = Room::new();
        let half = room.take((ROOM as usize / 2) << 10).await;
        let giant = async { room.take(usize::MAX).await };
        tokio::pin!(giant);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut giant).await.is_err());
        drop(half);
        assert!(giant.await.is_some());
    }
}
