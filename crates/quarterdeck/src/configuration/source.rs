//! Where a setting comes from.

use std::{collections::HashMap, fmt, path::PathBuf};

use clap::{ArgMatches, parser::ValueSource};

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A flag.
    Flag,
    /// The environment.
    Environment,
    /// A file.
    File(PathBuf),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment => f.write_str("environment"),
            Self::File(path) => path.display().fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Where what was said on the command line comes from: flags or the environment.
#[derive(Debug, Default)]
pub(crate) struct Sources(HashMap<String, Source>);

impl Sources {
    /// The sources of the innermost subcommand's arguments, which include those of the outer ones.
    pub(crate) fn of_matches(matches: &ArgMatches) -> Self {
        if let Some((_, inner)) = matches.subcommand() {
            return Self::of_matches(inner);
        }
        let named = matches.ids().filter_map(|id| {
            let source = match matches.value_source(id.as_str())? {
                ValueSource::CommandLine => Source::Flag,
                ValueSource::EnvVariable => Source::Environment,
                _ => return None,
            };
            Some((id.to_string(), source))
        });
        Self(named.collect())
    }

    pub(super) fn of(&self, name: &str) -> Source {
        self.0.get(name).cloned().unwrap_or(Source::Flag)
    }
}
