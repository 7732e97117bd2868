//! The folders of the Command Center: pages and counts.

use domain::{
    EmailId, Status,
    authorization::{Action, Actor},
    input::{Code, Invalid},
    text_enum,
};
use store::emails::{Listed, Order, Sort};

use crate::{Engine, Result};

text_enum!(
    /// What a list shows: a folder, or all that is undelivered.
    Folder {
        /// Accepted and not refused since.
        Delivered = "delivered",
        /// Put away.
        Archived = "archived",
        /// Will go out later.
        Scheduled = "scheduled",
        /// Saved, not sent.
        Draft = "draft",
        /// Being handed over, or of uncertain fate.
        InProgress = "in_progress",
        /// Failed, bounced and spam together.
        Undelivered = "undelivered",
        /// Never left.
        Failed = "failed",
        /// Refused by the recipient's server.
        Bounced = "bounced",
        /// Marked as spam.
        Spam = "spam",
    }
);

text_enum!(
    /// What a list is ordered by.
    SortKey {
        /// The last human event.
        Activity = "activity",
        /// When it was sent.
        Sent = "sent",
        /// When it was first saved.
        Created = "created",
        /// When it was last changed.
        Updated = "updated",
        /// When it goes out.
        Due = "due",
        /// When it became undelivered.
        Failed = "failed",
    }
);

/// The most rows of a page.
pub(crate) const MAX_PAGE: u32 = 200;

/// The most emails whose ids are told at once: a few megabytes.
const MAX_IDS: usize = 100_000;

/// What to list.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// The folder.
    pub folder: Folder,
    /// The order; `None` is the folder's own.
    pub sort: Option<SortKey>,
    /// Newest or latest first; `None` is the folder's own.
    pub descending: Option<bool>,
    /// Rows, 1 to 200.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next_cursor: Option<String>,
}

/// The emails of a folder, first to last.
#[derive(Debug, PartialEq, Eq)]
pub struct FolderIds {
    /// The first hundred thousand.
    pub ids: Vec<EmailId>,
    /// Whether the folder holds more.
    pub more: bool,
}

/// How many emails each folder holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FolderCounts {
    counts: [i64; <Status as domain::TextEnum>::ALL.len()],
    /// How many of those in progress are of uncertain fate.
    pub uncertain: i64,
}

impl FolderCounts {
    /// The emails in a folder.
    pub fn of(&self, status: Status) -> i64 {
        self.counts[status as usize]
    }
}

impl Folder {
    pub(super) fn statuses(self) -> &'static [Status] {
        match self {
            Self::Delivered => &[Status::Delivered],
            Self::Archived => &[Status::Archived],
            Self::Scheduled => &[Status::Scheduled],
            Self::Draft => &[Status::Draft],
            Self::InProgress => &[Status::InProgress],
            Self::Undelivered => &[Status::Failed, Status::Bounced, Status::Spam],
            Self::Failed => &[Status::Failed],
            Self::Bounced => &[Status::Bounced],
            Self::Spam => &[Status::Spam],
        }
    }

    /// The orders this folder offers: those by which every row of it has a value. The first is its own.
    fn sorts(self) -> &'static [SortKey] {
        match self {
            Self::Delivered | Self::Archived => &[SortKey::Activity, SortKey::Sent, SortKey::Created, SortKey::Updated],
            Self::Scheduled => &[SortKey::Due, SortKey::Created, SortKey::Updated],
            Self::Draft | Self::InProgress => &[SortKey::Updated, SortKey::Created],
            Self::Undelivered | Self::Failed | Self::Bounced | Self::Spam => {
                &[SortKey::Failed, SortKey::Created, SortKey::Updated]
            }
        }
    }

    /// The order somebody chose, or the folder's own.
    fn order(self, sort: Option<SortKey>, descending: Option<bool>) -> Result<(Sort, Order)> {
        let sorts = self.sorts();
        let sort = sort.unwrap_or(sorts[0]);
        if !sorts.contains(&sort) {
            return Err(Invalid::new("sort", Code::Unknown).into());
        }
        let descending = descending.unwrap_or(sort != SortKey::Due);
        Ok((column(sort), if descending { Order::Desc } else { Order::Asc }))
    }
}

impl Engine {
    /// A page of a folder of the user whose mail `actor` looks at.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for an order the folder does not offer, a bad limit or cursor.
    pub async fn list_emails(&self, actor: &Actor, query: &ListQuery) -> Result<Page<Listed>> {
        let owner = actor.seen_user();
        self.allow(actor, Action::See { owner })?;
        let (sort, order) = query.folder.order(query.sort, query.descending)?;
        if !(1..=MAX_PAGE).contains(&query.limit) {
            return Err(Invalid::new("limit", Code::OutOfRange { min: 1, max: i64::from(MAX_PAGE) }).into());
        }
        let after = query.cursor.as_deref().map(read_cursor).transpose()?;
        let limit = query.limit as usize;

        // One ordered read for each status and a merge: every read stays on its index.
        let mut rows = Vec::new();
        let mut tx = self.db().read().await?;
        for &status in query.folder.statuses() {
            let fetch = u64::from(query.limit) + 1;
            let found =
                store::emails::list(&mut tx, actor.workspace, owner, status, (sort, order.clone()), after, fetch)
                    .await?;
            rows.extend(found);
        }
        rows.sort_by_key(|row| (sort.key(&row.email), row.email.id));
        if order == Order::Desc {
            rows.reverse();
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| format!("{}_{}", sort.key(&row.email), row.email.id));
        Ok(Page { items: rows, next_cursor })
    }

    /// The ids of a folder of the user whose mail `actor` looks at, in the order of its list: what came into the folder
    /// after somebody chose all of it is not among them.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for an order the folder does not offer.
    pub async fn list_email_ids(
        &self,
        actor: &Actor,
        folder: Folder,
        sort: Option<SortKey>,
        descending: Option<bool>,
    ) -> Result<FolderIds> {
        let owner = actor.seen_user();
        self.allow(actor, Action::See { owner })?;
        let (sort, order) = folder.order(sort, descending)?;
        let mut found = Vec::new();
        let mut tx = self.db().read().await?;
        for &status in folder.statuses() {
            let fetch = MAX_IDS as u64 + 1;
            let sorted = (sort, order.clone());
            found.extend(store::folder_ids::list(&mut tx, actor.workspace, owner, status, sorted, fetch).await?);
        }
        found.sort_unstable();
        if order == Order::Desc {
            found.reverse();
        }
        let more = found.len() > MAX_IDS;
        Ok(FolderIds { ids: found.into_iter().take(MAX_IDS).map(|(_, id)| id).collect(), more })
    }

    /// The folders' counts of the user whose mail `actor` looks at.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn count_emails(&self, actor: &Actor) -> Result<FolderCounts> {
        let owner = actor.seen_user();
        self.allow(actor, Action::See { owner })?;
        let mut tx = self.db().read().await?;
        let mut counts = FolderCounts::default();
        for (status, emails) in store::folder_counts::list(&mut tx, actor.workspace, owner).await? {
            counts.counts[status as usize] = emails;
        }
        counts.uncertain = store::folder_counts::uncertain(&mut tx, actor.workspace, owner).await?;
        Ok(counts)
    }
}

fn column(sort: SortKey) -> Sort {
    match sort {
        SortKey::Activity => Sort::Activity,
        SortKey::Sent => Sort::Sent,
        SortKey::Created => Sort::Created,
        SortKey::Updated => Sort::Updated,
        SortKey::Due => Sort::Due,
        SortKey::Failed => Sort::Failed,
    }
}

fn read_cursor(text: &str) -> Result<(i64, EmailId)> {
    text.split_once('_')
        .and_then(|(key, id)| Some((key.parse().ok()?, id.parse().ok()?)))
        .ok_or_else(|| Invalid::new("cursor", Code::Unknown).into())
}
