use std::{fs, path::Path, process::Output};

use crate::program::{Deck, Serving};

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn refused(output: &Output, because: &str) {
    assert!(!output.status.success() && said(output).contains(because), "{}", said(output));
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    said(output)
}

/// A demo whose folder stays.
fn demo(deck: &Deck) -> Serving {
    deck.start(&["demo", "--people", "60", "--weeks", "1"], "Ctrl-C")
}

fn files_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_taken_beside_a_server_comes_to_life_elsewhere_and_sends_nothing_by_itself() {
    let (old, new) = (Deck::new(), Deck::new());
    let shelf = tempfile::tempdir().unwrap();
    let file = shelf.path().join("deck.backup");
    let file = file.to_str().unwrap();
    let living = demo(&old);
    let written = done(&old.run(&["backup", file]));
    assert!(written.contains("keys.json"), "{written}");
    assert_eq!(files_in(shelf.path()), ["deck.backup"]);
    refused(&old.run(&["backup", file]), "exists already");
    let admin = living.said.iter().find(|line| line.ends_with("(admin)")).unwrap().clone();
    assert!(living.stop().0);

    let restored = done(&new.run(&["restore", file]));
    assert!(restored.contains("Every channel is paused") && restored.contains("There is no"), "{restored}");
    refused(&new.run(&["restore", file]), "nothing was restored: the database was in use already");
    for command in [&["serve", "--listen=127.0.0.1:0"][..], &["rebuild"], &["user", "list"]] {
        refused(&new.run(command), "is not the key file that this database was served with");
    }
    assert!(!new.path("keys.json").exists(), "nothing is made that hides the loss");
    let lost = Deck::new();
    done(&lost.run(&["restore", file]));
    assert!(done(&lost.run(&["key", "replace"])).contains("What others sealed is lost"));
    assert!(done(&lost.run(&["key", "replace"])).contains("there were no others"), "they are its own by now");
    assert!(done(&lost.run(&["user", "list"])).contains('@'));
    fs::copy(old.path("keys.json"), new.path("keys.json")).unwrap();
    assert!(done(&new.run(&["rebuild"])).contains(" 0 mended"));

    let server = new.start(&["serve"], "Quarterdeck is at");
    refused(&new.run(&["rebuild"]), "already served");
    let cookie = server.sign_in(&admin);
    let (_, channels) = server.ask(&format!("GET /api/v1/channels HTTP/1.1\r\nCookie: {cookie}\r\n"), "");
    let channels: serde_json::Value = serde_json::from_str(&channels).unwrap();
    let channels = channels["items"].as_array().unwrap();
    assert!(!channels.is_empty());
    for channel in channels {
        assert_eq!(channel["paused"]["reason"], "restored", "{channel}");
        assert!(channel["paused"]["server_text"].as_str().unwrap().ends_with('Z'), "when the backup was taken");
    }
    let (_, counts) = server.ask(&format!("GET /api/v1/emails/counts HTTP/1.1\r\nCookie: {cookie}\r\n"), "");
    assert!(!counts.contains("\"delivered\":0"), "{counts}");
}

#[test]
fn after_a_kill_on_postgresql_rebuilding_need_not_wait() {
    let deck = Deck::new();
    let url = testbed::postgres::fresh_database();
    let arguments = ["--database-url", url.as_str()];
    let server = deck.start(&[&["serve"][..], &arguments].concat(), "/setup#token=");
    let rebuild = || deck.run(&[&["rebuild"][..], &arguments].concat());
    // It says that it is there a moment after it answers.
    while rebuild().status.success() {}
    refused(&rebuild(), "a server runs on this database");
    drop(server);
    assert!(done(&rebuild()).contains(" 0 mended"));
}

#[test]
fn help_names_the_file_before_the_many_settings() {
    for (command, words) in [("backup", "The file to write"), ("restore", "The file that `backup` wrote")] {
        let help = done(&Deck::new().run(&[command, "--help"]));
        assert!(help.find(words) < help.find("Settings:") && help.contains(words), "{help}");
    }
}

#[test]
fn what_cannot_be_backed_up_or_restored_is_said_and_leaves_nothing_behind() {
    let deck = Deck::new();
    let file = deck.path("deck.backup");
    let file = file.to_str().unwrap();
    refused(&deck.run(&["backup", file]), "there is no database at");
    assert!(files_in(&deck.path("")).is_empty());
    done(&deck.run(&["migrate"]));
    let nowhere = deck.run(&["backup", deck.path("nowhere/deck.backup").to_str().unwrap()]);
    refused(&nowhere, "nowhere: No such file");
    assert!(!said(&nowhere).contains(".quarterdeck-backup"), "{}", said(&nowhere));
    done(&deck.run(&["backup", file]));

    let (new, damaged) = (Deck::new(), deck.path("damaged.backup"));
    let whole = fs::read(file).unwrap();
    fs::write(&damaged, &whole[..whole.len() - 20]).unwrap();
    for (file, because) in [(damaged.to_str().unwrap(), "the backup is damaged"), ("Cargo.toml", "not a backup")] {
        refused(&new.run(&["restore", file]), because);
        assert!(!new.path("quarterdeck.db").exists());
    }
    refused(&new.run(&["restore", "nowhere.backup"]), "nowhere.backup");
    done(&new.run(&["restore", file]));
}
