use crate::program::Deck;

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn config_says_where_each_value_comes_from_and_hides_secrets() {
    let deck = Deck::new();
    let output = deck
        .command(&["config", "--log", "debug"])
        .env("QUARTERDECK_LISTEN", "127.0.0.1:5000")
        .env("QUARTERDECK_DATABASE_URL", "postgres://deck:hunter2@db.example/deck")
        .output()
        .unwrap();
    let said = said(&output);
    let line = |name: &str| said.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("log ").ends_with("flag"), "{said}");
    assert!(line("listen").contains("127.0.0.1:5000") && line("listen").ends_with("environment"), "{said}");
    assert!(line("log_format").ends_with("default"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_member_cannot_be_added_before_there_is_a_workspace() {
    let output = Deck::new().run(&["user", "add", "ada@northlight.example", "--name", "Ada"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("there is no workspace yet"), "{}", said(&output));
}

#[test]
fn a_rotated_key_is_added_and_the_old_one_kept() {
    let deck = Deck::new();
    let none = deck.run(&["key", "rotate", "tracking"]);
    assert!(!none.status.success() && said(&none).contains("there is no key file at"), "{}", said(&none));
    let nowhere = deck.run(&["key", "replace"]);
    assert!(!nowhere.status.success() && !deck.path("keys.json").exists(), "{}", said(&nowhere));
    assert!(deck.run(&["migrate"]).status.success());
    let made = deck.run(&["key", "replace"]);
    assert!(made.status.success() && said(&made).contains("there were no others"), "{}", said(&made));
    let keys = || serde_json::from_slice::<serde_json::Value>(&std::fs::read(deck.path("keys.json")).unwrap()).unwrap();
    let before = keys();
    let rotated = deck.run(&["key", "rotate", "tracking"]);
    assert!(rotated.status.success() && said(&rotated).contains("keys.json"), "{}", said(&rotated));
    let after = keys();
    assert_eq!(after["tracking"].as_array().unwrap().len(), 2);
    assert_eq!(after["tracking"][0], before["tracking"][0]);
    assert_eq!(after["secrets"], before["secrets"]);
}

#[test]
fn the_help_names_every_command() {
    let said = said(&std::process::Command::new(env!("CARGO_BIN_EXE_quarterdeck")).arg("--help").output().unwrap());
    for command in [
        "serve", "demo", "migrate", "backup", "restore", "rebuild", "user", "classify", "config", "key", "openapi",
        "bench",
    ] {
        assert!(said.contains(&format!("\n  {command}")), "{command}");
    }
}

#[test]
fn the_help_of_a_command_lists_the_settings_that_it_reads_and_no_others() {
    let settings = |command: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        let said = said(&program.args(command).arg("--help").output().unwrap());
        let flags =
            said.split_once("Settings:").unwrap().1.lines().map(str::trim).filter(|line| line.starts_with("--"));
        flags.map(|line| line.split([' ', '=', '[']).next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for command in [&["backup"][..], &["restore"], &["migrate"], &["key"], &["key", "rotate"]] {
        assert_eq!(settings(command), ["--config", "--data-dir", "--database-url"], "{command:?}");
    }
    assert_eq!(settings(&["networks"]), ["--config", "--data-dir", "--asn-file", "--place-file"]);
    let all = settings(&["serve"]);
    assert!(all.iter().any(|flag| flag == "--inbound") && all.len() > 15, "{all:?}");
}

#[test]
fn a_setting_that_a_command_does_not_read_is_no_mistake() {
    let migrated = Deck::new().run(&["migrate", "--log", "debug", "--listen", "127.0.0.1:4080"]);
    assert!(migrated.status.success(), "{}", said(&migrated));
}
