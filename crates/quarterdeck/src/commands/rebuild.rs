//! `quarterdeck rebuild`.

use super::progress::Progress;
use crate::{configuration::Configuration, error::Result, open};

pub(super) async fn run(configuration: &Configuration) -> Result<()> {
    let _lock = open::lock(&configuration.location())?;
    let engine = super::engine(configuration).await?;
    let mut progress = Progress::new("rebuilding");
    let rebuilt = engine.rebuild(|done| progress.tell("emails", done)).await?;
    engine.db().close().await;
    println!("{} emails looked at, {} mended; folders counted anew.", rebuilt.emails, rebuilt.mended);
    Ok(())
}
