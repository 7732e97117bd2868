//! Builds the interface (`ui/`) and tells the compiler where it is, so that `cargo run` alone serves it.
//!
//! `WEB_DIST` names a folder that was built before. Without npm, or when the build fails, a page that says so takes the
//! interface's place, and the API works all the same.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// What the interface is made of. Never its output: a file that this script writes would make it run every time.
const SOURCES: &[&str] =
    &["src", "public", "vite", "index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

const PLACEHOLDER: &str = "<!doctype html>\n<title>Quarterdeck</title>\n<h1>The interface was not built</h1>\n\
    <p>Install Node.js with npm and run <code>cargo build</code> again. The API works: see \
    <a href=\"/api/docs\">its description</a>.</p>\n";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=WEB_DIST");
    let folder = match env::var_os("WEB_DIST") {
        Some(built) => fs::canonicalize(built)?,
        None => build_or_replace()?,
    };
    println!("cargo::rustc-env=WEB_DIST={}", folder.display());
    Ok(())
}

fn build_or_replace() -> io::Result<PathBuf> {
    let ui = required("CARGO_MANIFEST_DIR")?.join("../../ui");
    let dist = required("OUT_DIR")?.join("dist");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", ui.join(source).display());
    }
    if let Err(reason) = build(&ui, &dist) {
        println!("cargo::warning=the interface was not built: {reason}");
        fs::create_dir_all(&dist)?;
        fs::write(dist.join("index.html"), PLACEHOLDER)?;
        // A compressed page of an earlier build would be preferred.
        let _ = fs::remove_file(dist.join("index.html.gz"));
    }
    Ok(dist)
}

fn build(ui: &Path, dist: &Path) -> Result<(), String> {
    if !ui.join("node_modules").exists() {
        npm(ui, &["ci".as_ref()])?;
    }
    npm(ui, &["run".as_ref(), "build".as_ref(), "--".as_ref(), "--emptyOutDir".as_ref(), "--outDir".as_ref(), dist])
}

fn npm(ui: &Path, arguments: &[&Path]) -> Result<(), String> {
    let output =
        Command::new("npm").args(arguments).current_dir(ui).output().map_err(|error| format!("npm: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let lines: Vec<_> = String::from_utf8_lossy(&said).lines().map(str::to_owned).collect();
    // Each line of a warning needs a command of its own, so the end of what was said goes into one.
    Err(format!("npm failed: {}", lines[lines.len().saturating_sub(8)..].join(" | ")))
}

fn required(name: &str) -> io::Result<PathBuf> {
    env::var_os(name).map(PathBuf::from).ok_or_else(|| io::Error::other(format!("{name} is not set")))
}
