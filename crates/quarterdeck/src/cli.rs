//! Commands and flags.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::configuration::Settings;

/// Sales engagement on your own machine: write tracked email, send it through your own mail server, and see what becomes
/// of it.
///
/// Try it with `quarterdeck demo`, which needs nothing and sends nothing to anybody. Run it with `quarterdeck serve`.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the interface and the API, and deliver mail
    ///
    /// Makes what is missing: the data folder, the database, its tables, the keys. While there is no user it prints a link
    /// by which the first administrator is made. Stops on SIGTERM or Ctrl-C, after what was begun is finished.
    Serve(Settings),
    /// Serve a small workspace full of invented people, who answer, open and click
    ///
    /// Everything stays on this machine: mail goes over real SMTP to a simulator, which reacts over real HTTP. The past was
    /// not written into the database, it was lived through in a few seconds. Ends on Ctrl-C and forgets everything, unless
    /// a folder was named.
    Demo(DemoOptions),
    /// Bring the database's tables up to date, and end
    ///
    /// `serve` does the same when it starts. This is for whoever wants the two apart.
    Migrate(Settings),
    /// List and add members, make API tokens, help somebody who forgot their password
    User {
        #[command(flatten)]
        settings: Settings,
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Print every setting in force and where it comes from
    ///
    /// A setting comes from a flag, else from the environment, else from the file, else from its default. Secrets are not
    /// printed.
    Config(Settings),
    /// Change the keys that secrets and tracking links are sealed with
    Key {
        #[command(flatten)]
        settings: Settings,
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Print the description of the API, as OpenAPI 3.1
    Openapi,
    /// Measure the figures we promise, on this machine, and print them as JSON lines
    ///
    /// Starts itself in temporary folders and speaks to itself over the loopback interface; nothing stays behind. Measures
    /// on `SQLite`, and on a `PostgreSQL` of its own where Debian's package is installed. Fails when a goal is missed.
    Bench(BenchOptions),
}

#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// An empty folder to keep the workspace in; by default one that is deleted at the end
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:4080, or a free port if that one is taken]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// How many people there are to write to
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(10..=5000))]
    pub(crate) people: u16,
    /// How many weeks have passed, and how many weeks ahead mail is scheduled
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=12))]
    pub(crate) weeks: u8,
    /// All chance comes from it: the same number, the same people with the same habits
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(crate) seed: u64,
    /// Begin without a workspace: only the server and the simulator
    #[arg(long)]
    pub(crate) empty: bool,
    /// Also write every mail that is received into this folder, as it came over the wire
    #[arg(long, value_name = "DIR")]
    pub(crate) keep_mail: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct BenchOptions {
    /// How many emails stand in the store whose pages are timed; the goals are for the default
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub(crate) emails: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Print the members of the workspace
    List,
    /// Add a member, and print the link by which they choose their password
    Add {
        /// The address they sign in with
        email: String,
        /// What colleagues call them
        #[arg(long)]
        name: String,
        /// What they may do: a manager also sees the mail of their teams, an admin runs the workspace
        #[arg(long, value_enum, default_value_t = RoleName::Member)]
        role: RoleName,
    },
    /// Make an API token that acts for a member, and print it, once
    Token {
        /// The member's address
        email: String,
        /// What the token is for
        #[arg(long, default_value = "command line")]
        name: String,
    },
    /// Print a link by which a member chooses a new password
    ResetPassword {
        /// The member's address
        email: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    Admin,
    Manager,
    Member,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Add a new key; old ones still open what they sealed
    ///
    /// A running server takes the new key when it is started again.
    Rotate {
        /// Which ring
        #[arg(value_enum)]
        ring: Ring,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Ring {
    /// Passwords and tokens of channels
    Secrets,
    /// Tracking links and pixels
    Tracking,
}
