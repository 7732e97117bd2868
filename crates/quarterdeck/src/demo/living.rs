//! After the past: recipients react as time passes, and now and then a member writes to somebody, so that the screen moves.

use std::time::Duration;

use engine::emails::DraftChange;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use simulator::letters;

use super::{Demo, cast::Cast, mail_folder};
use crate::error::{Error, Result};

/// How often new mail is looked for.
const LOOK: Duration = Duration::from_millis(200);
/// How many seconds pass between two letters that a member writes.
const BETWEEN_LETTERS: std::ops::Range<u64> = 40..120;

/// The demo as it goes on.
pub(super) struct Living {
    demo: Demo,
    cast: Option<Cast>,
}

impl Living {
    pub(super) fn new(demo: Demo, cast: Option<Cast>) -> Self {
        Self { demo, cast }
    }

    /// Goes on for ever.
    pub(super) async fn go_on(self) {
        tokio::join!(self.demo.world.live(), self.keep_mail(), self.write_letters());
    }

    async fn keep_mail(&self) {
        let Some(folder) = &self.demo.options.keep_mail else { return };
        if let Err(error) = self.write_mail_into(folder).await {
            tracing::error!(%error, "received mail is no longer kept");
        }
    }

    async fn write_mail_into(&self, folder: &std::path::Path) -> Result<()> {
        let failed = |source| Error::File { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let (mut accepted, mut written) = (0, 0);
        loop {
            let now = self.demo.world.counters().accepted;
            if now != accepted {
                accepted = now;
                written = mail_folder::write_new(&self.demo.world, folder, written).await?;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn write_letters(&self) {
        let Some(cast) = &self.cast else { return };
        let mut dice = StdRng::seed_from_u64(self.demo.options.seed ^ 2);
        loop {
            tokio::time::sleep(Duration::from_secs(dice.random_range(BETWEEN_LETTERS))).await;
            let contact = dice.random_range(0..cast.contacts.len());
            if let Err(error) = self.write(cast, contact, dice.random()).await {
                tracing::warn!(%error, "nobody wrote this time");
            }
        }
    }

    async fn write(&self, cast: &Cast, contact: usize, nth: u64) -> Result<()> {
        let to = &cast.contacts[contact];
        let member = &cast.members[to.owner];
        let letter = letters::choose(self.demo.options.seed, &to.recipient.language, nth);
        let change = DraftChange {
            identity_id: Some(Some(member.identity)),
            person_id: Some(Some(to.id)),
            subject: Some(letter.subject.to_owned()),
            body_html: Some(letter.body_html.to_owned()),
            ..DraftChange::default()
        };
        let draft = self.demo.engine.create_draft(&member.actor, None, change).await?.listed.email;
        self.demo.engine.send(&member.actor, draft.id, draft.version, None).await?;
        Ok(())
    }
}
