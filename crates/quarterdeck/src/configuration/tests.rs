use clap::FromArgMatches;

use super::*;
use crate::cli::{self, Cli, Command};

/// An authority of no importance, for a hundred years.
const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----\n\
MIIBejCCASGgAwIBAgIUR4a0uTzC2ey8aRhK3F9YJFL+XVEwCgYIKoZIzj0EAwIw\n\
EjEQMA4GA1UEAwwHZXhhbXBsZTAgFw0yNjExMjExNDM4MzVaGA8yMTI2MTAyODE0\n\
MzgzNVowEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n\
A0IABKYzSPLinTXxB4ElxY6XceGaJ8I0BPLeCUsDb4TNqHXq6hOuC82C/LaABTM0\n\
lSMxl/jW7/CrMo/Hqzw7B5lJIHKjUzBRMB0GA1UdDgQWBBRy8nae1YkoU2o7wroV\n\
6l4aq0pYNjAfBgNVHSMEGDAWgBRy8nae1YkoU2o7wroV6l4aq0pYNjAPBgNVHRMB\n\
Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDMN6tK6TLpMbNiJnYKlpa1rHkwq\n\
IcsUU0mYmyJEvrHgAiBMiVMatczbzlcPe5xz8KQdPV+gP3GfA1ObCzmhTOWWLA==\n\
-----END CERTIFICATE-----\n";

/// What holds after these arguments, with `toml` as the data folder's file.
fn loaded(arguments: &[&str], toml: &str) -> Result<Configuration> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("quarterdeck.toml"), toml).unwrap();
    let data_dir = folder.path().to_str().unwrap();
    let arguments = [&["quarterdeck", "serve", "--data-dir", data_dir], arguments].concat();
    let matches = cli::command().get_matches_from(arguments);
    let Command::Serve(said) = Cli::from_arg_matches(&matches).unwrap().command else { panic!("not serve") };
    Configuration::load(said, &Sources::of_matches(&matches))
}

#[test]
fn a_flag_counts_more_than_the_file_and_the_file_more_than_the_default() {
    let toml = "listen = \"127.0.0.1:5000\"\nlog = \"warn\"\n";
    let configuration = loaded(&["--listen", "127.0.0.1:6000"], toml).unwrap();
    assert_eq!(configuration.listen.value.port(), 6000);
    assert_eq!(configuration.listen.source, Source::Flag);
    assert_eq!(configuration.log.value, "warn");
    assert!(matches!(configuration.log.source, Source::File(_)));
    assert_eq!(configuration.log_format.source, Source::Default);
}

#[test]
fn a_misspelt_setting_in_the_file_is_refused_by_name() {
    let error = loaded(&[], "listn = \"127.0.0.1:5000\"\n").unwrap_err().to_string();
    assert!(error.contains("listn"), "{error}");
}

#[test]
fn a_file_that_was_named_must_be_there() {
    assert!(loaded(&["--config", "/nowhere/quarterdeck.toml"], "").is_err());
}

#[test]
fn the_urls_follow_the_address_unless_somebody_says_otherwise() {
    let urls = |arguments: &[&str]| {
        let configuration = loaded(arguments, "").unwrap();
        let settings = configuration.engine_settings("0.0.0.0:4080".parse().unwrap()).unwrap();
        (settings.public_url, settings.tracking_url)
    };
    assert_eq!(urls(&[]), ("http://127.0.0.1:4080".into(), "http://127.0.0.1:4080".into()));
    assert_eq!(
        urls(&["--public-url", "https://deck.example/"]),
        ("https://deck.example".into(), "https://deck.example".into())
    );
    let both = ["--public-url", "https://deck.example", "--tracking-url", "https://go.example"];
    assert_eq!(urls(&both).1, "https://go.example");
}

#[test]
fn a_url_with_a_path_or_another_scheme_is_refused() {
    for url in ["ftp://deck.example", "deck.example", "https://deck.example/crm", "https://", "https://a b"] {
        assert!(loaded(&["--public-url", url], "").is_err(), "{url}");
    }
}

#[test]
fn a_file_of_authorities_that_holds_none_is_refused_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    let settings = || {
        let said = loaded(&["--trusted-ca", file.to_str().unwrap()], "").unwrap();
        said.engine_settings("127.0.0.1:4080".parse().unwrap())
    };
    let refused = || settings().unwrap_err().to_string();
    assert!(refused().contains("authority.pem"), "{}", refused());
    for (pem, expected) in [
        ("", "there is no certificate in it"),
        ("-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n", "invalid peer certificate"),
    ] {
        std::fs::write(&file, pem).unwrap();
        assert!(refused().contains("authority.pem") && refused().contains(expected), "{}", refused());
    }
    std::fs::write(&file, AUTHORITY).unwrap();
    assert_eq!(settings().unwrap().domains.trusted_roots.len(), 1);
}

#[test]
fn passwords_are_never_shown() {
    let configuration = loaded(&["--database-url", "postgres://deck:hunter2@db.example/deck"], "").unwrap();
    let shown = format!("{:?}", configuration.shown());
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("postgres://deck:***@db.example/deck"));
    let error = loaded(&["--database-url", "mysql://deck:hunter2@db.example/deck"], "").unwrap_err();
    assert!(!error.to_string().contains("hunter2"));
}

#[test]
fn a_sqlite_url_names_a_file_and_everything_else_is_postgres() {
    let location = |url| loaded(&["--database-url", url], "").unwrap().location();
    assert_eq!(location("sqlite:/srv/deck.db"), Location::SqliteFile("/srv/deck.db".into()));
    assert_eq!(location("sqlite:///srv/deck.db"), Location::SqliteFile("/srv/deck.db".into()));
    assert_eq!(location("postgres://h/d"), Location::Postgres("postgres://h/d".into()));
}

#[test]
fn the_command_line_is_well_formed() {
    cli::command().debug_assert();
}
