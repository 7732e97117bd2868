//! The live feed: what people did with one's mail and what came back, newest first.

use std::collections::BTreeSet;

use domain::{
    EmailId, EventId, TextEnum, Timestamp, UserId, WorkspaceId,
    authorization::{Action, Actor},
    feed::FeedKind,
    input::{Code, Invalid},
    time::SECOND,
};
use store::{
    emails::Listed,
    feed::{After, Wanted},
};

pub use store::feed::{Entry, MAX_NEW};

use crate::{
    Engine, Result,
    live::{Change, Topic},
};

/// What happened this short a time ago may still be on its way into the store: nobody has seen it yet.
const ON_ITS_WAY: i64 = 2 * SECOND;

/// The most entries of one page.
const MAX_PAGE: u32 = 200;

/// Which entries to read.
#[derive(Debug, Clone, Default)]
pub struct FeedQuery {
    /// Only these kinds; all when empty.
    pub kinds: Vec<FeedKind>,
    /// Also views and clicks by machines.
    pub automatic: bool,
    /// Entries, 1 to 200.
    pub limit: u32,
    /// [`FeedPage::next_cursor`] of the page before.
    pub cursor: Option<String>,
}

/// Some entries, and where the next begin.
#[derive(Debug)]
pub struct FeedPage {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// The emails they are about, each once.
    pub emails: Vec<Listed>,
    /// What was shown until then had been seen before.
    pub seen_until: Option<Timestamp>,
    /// Up to when the feed is told here, for [`Engine::mark_feed_seen`]: the newest entry, or a moment ago.
    pub as_of: Timestamp,
    /// Where the next page begins; `None` on the last.
    pub next_cursor: Option<String>,
}

/// What is new since the feed was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedNews {
    /// New entries, [`MAX_NEW`] at the most.
    pub count: u32,
    /// When the next entry is shown whose verdict is not settled yet.
    pub next_at: Option<Timestamp>,
}

impl Engine {
    /// A page of the feed of the user whose mail `actor` looks at.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for a limit or a cursor that cannot be used.
    pub async fn live_feed(&self, actor: &Actor, query: &FeedQuery) -> Result<FeedPage> {
        let owner = actor.seen_user();
        self.allow(actor, Action::See { owner })?;
        if !(1..=MAX_PAGE).contains(&query.limit) {
            return Err(Invalid::new("limit", Code::OutOfRange { min: 1, max: i64::from(MAX_PAGE) }).into());
        }
        let now = self.now();
        let wanted = Wanted {
            kinds: if query.kinds.is_empty() { FeedKind::ALL } else { &query.kinds },
            automatic: query.automatic,
            now,
            after: query.cursor.as_deref().map(read_cursor).transpose()?,
            limit: query.limit + 1,
        };
        let mut tx = self.db().read().await?;
        let mut entries = store::feed::list(&mut tx, actor.workspace, owner, &wanted).await?;
        let limit = query.limit as usize;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().filter(|_| more).map(|entry| &entry.event);
        let next_cursor = last.map(|event| format!("{}_{}", event.at.0, event.id));
        let mut ids: Vec<EmailId> = entries.iter().map(|entry| entry.event.email_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let emails = store::emails::find_listed_each(&mut tx, actor.workspace, &ids).await?;
        let seen_until = store::feed::seen_at(&mut tx, actor.workspace, owner).await?;
        let newest = entries.iter().map(|entry| entry.settles_at).max();
        let as_of = now.plus(-ON_ITS_WAY).max(newest.unwrap_or(Timestamp(0)));
        Ok(FeedPage { entries, emails, seen_until, as_of, next_cursor })
    }

    /// What is new in the feed of the user whose mail `actor` looks at.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn feed_news(&self, actor: &Actor) -> Result<FeedNews> {
        let owner = actor.seen_user();
        self.allow(actor, Action::See { owner })?;
        let (workspace, now) = (actor.workspace, self.now());
        let mut tx = self.db().read().await?;
        let since = store::feed::seen_at(&mut tx, workspace, owner).await?.unwrap_or(Timestamp(0));
        Ok(FeedNews {
            count: store::feed::count_new(&mut tx, workspace, owner, since, now).await?,
            next_at: store::feed::next_settling(&mut tx, workspace, owner, now).await?,
        })
    }

    /// Notes that `actor` has seen what the feed showed at `until`.
    ///
    /// # Errors
    /// [`crate::Error::Denied`] while viewing as somebody else.
    pub async fn mark_feed_seen(&self, actor: &Actor, until: Timestamp) -> Result<()> {
        self.allow(actor, Action::Change { owner: actor.seen_user() })?;
        let mut tx = self.db().begin().await?;
        store::feed::mark_seen(&mut tx, actor.workspace, actor.user, until.min(self.now())).await?;
        tx.commit().await?;
        self.tell_feed(actor.workspace, actor.user);
        Ok(())
    }

    /// Tells open screens that the feed of `owner` changed.
    pub(crate) fn tell_feed(&self, workspace: WorkspaceId, owner: UserId) {
        self.live().tell(Change { workspace, owner: Some(owner), topic: Topic::Feed, emails: Vec::new() });
    }

    /// Tells the owners of changed emails that their feeds changed.
    pub(crate) fn tell_feeds(&self, workspace: WorkspaceId, changed: &[(UserId, EmailId)]) {
        let owners: BTreeSet<UserId> = changed.iter().map(|(owner, _)| *owner).collect();
        for owner in owners {
            self.tell_feed(workspace, owner);
        }
    }
}

fn read_cursor(text: &str) -> Result<After> {
    text.split_once('_')
        .and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse::<EventId>().ok()?)))
        .ok_or_else(|| Invalid::new("cursor", Code::Unknown).into())
}
