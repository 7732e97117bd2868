//! Every mail received, in a folder, as it came over the wire: so that a test can look into anybody's inbox.

use std::path::Path;

use simulator::World;

use crate::error::{Error, Result};

/// Writes the mail received after the first `written`, and answers how much has been received by now. The simulator keeps so
/// many letters and no more: those that it forgot before they were written are missing, and the log says so.
pub(super) async fn write_new(world: &World, folder: &Path, written: usize) -> Result<usize> {
    let letters = world.received_after(written);
    let missing = letters.first().map_or(0, |(number, _)| number - written);
    if missing > 0 {
        tracing::warn!(missing, "mail came faster than it could be written into the folder");
    }
    let received = letters.last().map_or(written, |(number, _)| number + 1);
    for (number, letter) in letters {
        let path = folder.join(format!("{number:06}.eml"));
        let unfinished = path.with_extension("new");
        let failed = |source| Error::File { path: path.clone(), source };
        tokio::fs::write(&unfinished, &letter.raw).await.map_err(failed)?;
        tokio::fs::rename(&unfinished, &path).await.map_err(failed)?;
    }
    Ok(received)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use simulator::Options;

    use super::*;

    async fn receive(world: &World, letters: usize) {
        use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

        let mut stream = BufReader::new(tokio::net::TcpStream::connect(world.address()).await.unwrap());
        let mut said = String::new();
        stream.read_line(&mut said).await.unwrap();
        let letter = ["MAIL FROM:<a@x.example>", "RCPT TO:<accept.b@x.example>", "DATA", "Subject: x\r\n\r\nx\r\n."];
        let lines = std::iter::once("HELO x").chain(letter.iter().copied().cycle().take(4 * letters));
        for line in lines {
            stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            stream.read_line(&mut said).await.unwrap();
        }
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn mail_goes_on_to_be_written_when_the_simulator_forgets_the_oldest() {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new(1, Arc::new(|| 0));
        options.keep = 3;
        let world = World::start(options).await.unwrap();
        receive(&world, 2).await;
        let written = write_new(&world, folder.path(), 0).await.unwrap();
        receive(&world, 2).await;
        let written = write_new(&world, folder.path(), written).await.unwrap();
        assert_eq!(written, 4);
        receive(&world, 5).await;
        assert_eq!(write_new(&world, folder.path(), written).await.unwrap(), 9);
        let expected =
            ["000000", "000001", "000002", "000003", "000006", "000007", "000008"].map(|it| format!("{it}.eml"));
        assert_eq!(files(folder.path()), expected);
    }
}
