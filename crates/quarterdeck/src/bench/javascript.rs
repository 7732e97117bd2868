//! How much JavaScript the first page loads: what `index.html` names, as it comes over the wire.

use hyper::header::HeaderMap;

use super::{
    failed,
    figures::{Figures, Goal},
    http::{Connection, gzip},
    start::Fresh,
};
use crate::error::Result;

const KILOBYTE: f64 = 1e3;

/// Loads the page, and all scripts that it names, compressed.
pub(super) async fn measure(figures: &mut Figures, fresh: &Fresh) -> Result<()> {
    let address = fresh.serving.address;
    let page = Connection::open(address, HeaderMap::new()).await?.get_ok("/").await?;
    let scripts = scripts(&String::from_utf8_lossy(&page.body));
    if scripts.is_empty() {
        return Err(failed("the program was built without the interface"));
    }
    let mut connection = Connection::open(address, gzip()).await?;
    let mut bytes = 0.0;
    for script in &scripts {
        let answer = connection.get_ok(script).await?;
        if !answer.is_gzip {
            return Err(failed(format!("{script} is not compressed")));
        }
        bytes += f64::from(u32::try_from(answer.body.len()).unwrap_or(u32::MAX));
    }
    figures.promised("first_load_javascript", bytes / KILOBYTE, "KB", Goal::AtMost(300.0))
}

/// The scripts that a page runs or tells the browser to load at once.
fn scripts(page: &str) -> Vec<String> {
    page.split('<')
        .filter_map(|tag| {
            let (tag, _) = tag.split_once('>')?;
            match tag.split_whitespace().next()? {
                "script" => attribute(tag, "src"),
                "link" if attribute(tag, "rel")? == "modulepreload" => attribute(tag, "href"),
                _ => None,
            }
        })
        .map(str::to_owned)
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_of_a_page_are_the_one_it_runs_and_those_it_preloads() {
        let page = r#"<head>
            <link rel="icon" href="/mark.svg" />
            <script type="module" crossorigin src="/assets/index.js"></script>
            <link rel="modulepreload" crossorigin href="/assets/react.js">
            <link rel="stylesheet" crossorigin href="/assets/index.css"></head>"#;
        assert_eq!(scripts(page), ["/assets/index.js", "/assets/react.js"]);
    }
}
