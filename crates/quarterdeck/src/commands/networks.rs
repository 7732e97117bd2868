//! `quarterdeck networks`.

use std::net::IpAddr;

use domain::engagement::AppleList;

use crate::{configuration::Configuration, error::Result};

pub(super) fn run(configuration: &Configuration, addresses: &[IpAddr]) -> Result<()> {
    let files = configuration.network_files();
    let networks = files.load()?;
    let (scanners, apple) = networks.sizes();
    println!("Folder of lists: {}", files.folder.display());
    println!("Scanners: {scanners} networks");
    println!("Apple: {}", apple.map_or_else(|| "no list".to_owned(), |ranges| format!("{ranges} ranges")));
    for ip in addresses {
        let known = networks.look_up(*ip);
        let source = known.source;
        let classes = [
            (source.scanner, "scanner"),
            (source.probable_scanner, "probable scanner"),
            (source.click_scanner, "scanner of clicks"),
            (source.apple == AppleList::Inside, "on Apple's list"),
        ];
        let mut said: Vec<String> = known.name.into_iter().collect();
        said.extend(classes.into_iter().filter(|(applies, _)| *applies).map(|(_, class)| class.to_owned()));
        said.extend(known.place.map(|place| format!("near {place}")));
        println!("{ip}: {}", if said.is_empty() { "nothing is known".to_owned() } else { said.join(", ") });
    }
    Ok(())
}
