//! `quarterdeck rebuild`.

use super::progress::Progress;
use crate::{configuration::Configuration, error::Result, node_mark, open};

pub(super) async fn run(configuration: &Configuration, rejudge: bool) -> Result<()> {
    let _lock = open::lock(&configuration.location())?;
    let engine = super::engine(configuration).await?;
    node_mark::tell_of_the_dead(&engine, &configuration.data_dir.value).await?;
    if rejudge {
        engine.use_networks(configuration.network_files().load()?);
    }
    let mut progress = Progress::new("rebuilding");
    let rebuilt = engine.rebuild(rejudge, |done| progress.tell("emails", done)).await?;
    engine.db().close().await;
    match rebuilt.given_back {
        0 => {}
        1 => println!("1 email that a server had claimed when it was killed is given back."),
        many => println!("{many} emails that a server had claimed when it was killed are given back."),
    }
    println!("{} emails looked at, {} mended; folders counted anew.", rebuilt.emails, rebuilt.mended);
    if rejudge {
        println!("{} views and clicks are judged otherwise than before.", rebuilt.rejudged);
    }
    Ok(())
}
