//! Commands and flags.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::configuration::{SETTINGS, Settings};

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

/// What commands read that only need to know where the data is.
const DATA: &[&str] = &["config", "data_dir", "database_url"];
/// What they read that judge views and clicks, too.
const NETWORKS: &[&str] = &["config", "data_dir", "database_url", "asn_file", "place_file"];
/// The commands that read some settings only, and which.
const READ: [(&str, &[&str]); 6] = [
    ("migrate", DATA),
    ("backup", DATA),
    ("restore", DATA),
    ("key", DATA),
    ("rebuild", NETWORKS),
    ("networks", &["config", "data_dir", "asn_file", "place_file"]),
];

/// The commands; the help of each names the settings that it reads. The others are taken all the same, so that one environment
/// and one set of flags serves for all.
pub(crate) fn command() -> clap::Command {
    READ.into_iter().fold(Cli::command(), |all, (name, read)| {
        all.mut_subcommand(name, |command| {
            command.mut_args(|arg| {
                let is_setting = arg.get_help_heading() == Some(SETTINGS);
                let is_read = read.contains(&arg.get_id().as_str());
                arg.hide(is_setting && !is_read)
            })
        })
    })
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
    /// Write everything into one file, while the server runs
    ///
    /// The file holds the state of one moment, attachments included, and restores into either database, so that it also
    /// moves a workspace from `SQLite` to `PostgreSQL`. An existing file is never replaced, and an interrupted backup leaves
    /// none. The keys are not in it: keep a copy of keys.json in another place.
    Backup {
        /// The file to write, such as deck-2026-11-21.backup
        file: PathBuf,
        #[command(flatten)]
        settings: Settings,
    },
    /// Restore a backup into an empty data folder or database
    ///
    /// Checks the whole file first, and does all or nothing. Afterwards every channel is paused: what waits in the backup may
    /// have been sent since, and only somebody who looks can know. Everybody signs in again.
    Restore {
        /// The file that `backup` wrote
        file: PathBuf,
        #[command(flatten)]
        settings: Settings,
    },
    /// Make every column that is derived from events anew, while no server runs
    ///
    /// Folders, counts, reasons and times of emails stand in their rows so that lists are fast; the events are the truth. This
    /// computes the rows from the events, and says how many were wrong. Nothing that somebody wrote is touched.
    Rebuild {
        /// Also judge all views and clicks of the past once more, by today's rules and lists of networks
        #[arg(long)]
        rejudge: bool,
        #[command(flatten)]
        settings: Settings,
    },
    /// Say what is known of network addresses, and which lists are read
    ///
    /// A short list of networks that scan mail is a part of the program. `<data-dir>/networks/` may hold Apple's list
    /// (egress-ip-ranges.csv) and a list of your own (scanners.txt); a changed file is read again while the server runs.
    Networks {
        /// Addresses to look up
        #[arg(value_name = "ADDRESS")]
        addresses: Vec<IpAddr>,
        #[command(flatten)]
        settings: Settings,
    },
    /// List and add members, make API tokens, help somebody who forgot their password
    User {
        #[command(flatten)]
        settings: Settings,
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Say what messages are: bounces, complaints, automatic replies, replies
    ///
    /// Prints one JSON object a line: `{"file", "kind", "recipients", "return_date", "reply_text", "evidence"}`. Needs no
    /// server and no database, and changes nothing.
    Classify {
        /// Messages as they came over the wire; `-` is the standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
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
    /// on `SQLite`, and on a `PostgreSQL` of its own where Debian's package is installed; sending is compared with the
    /// programs of Debian's package postfix. Fails when a goal is missed.
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
    /// What to measure
    #[arg(long, value_enum, value_name = "PART", value_delimiter = ',', default_values_t = Part::USUAL)]
    pub(crate) only: Vec<Part>,
    /// How many emails there are: 100,000 in the store whose pages are timed, 10,000 in each run of a sender; the goals are
    /// for these
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub(crate) emails: Option<u32>,
    /// How often each sender sends; the median counts
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub(crate) runs: u32,
    /// How many emails wait in the deep queue
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1000..=10_000_000))]
    pub(crate) queued: u32,
}

/// What can be measured on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// How soon the program is ready, its memory, the first page
    Start,
    /// How long the first page of a folder takes
    Pages,
    /// How fast mail leaves, beside Postfix
    Sending,
    /// How late mail leaves that is due in the same minute
    Punctuality,
    /// How fast incoming mail is understood
    Classify,
    /// How often the verdict on a view or a click is right
    Verdicts,
    /// How many pixels are answered, beside nginx
    Tracking,
    /// What an email costs when a million wait; takes half an hour
    Depth,
}

impl Part {
    /// What is measured when nothing is named: all that takes minutes.
    const USUAL: [Self; 7] =
        [Self::Start, Self::Pages, Self::Sending, Self::Punctuality, Self::Classify, Self::Verdicts, Self::Tracking];
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
    /// Go on without the keys that a database was served with, after keys.json was lost
    ///
    /// `serve` refuses a database that it has not the keys of. Look for the file first: in the data folder of another node,
    /// and beside the backups. This takes the keys of the data folder instead, made if there are none. What the lost ones
    /// sealed cannot be opened any more: passwords of channels, mailboxes and webhooks, registrations at Google and
    /// Microsoft, DKIM keys and certificates have to be entered or made again. Links and pixels of mail already sent, the
    /// unsubscribe links among them, lead nowhere, and bounces are no longer recognised by its return addresses. Nothing
    /// else is lost. Stop every server before.
    Replace,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Ring {
    /// Passwords and tokens of channels
    Secrets,
    /// Tracking links and pixels
    Tracking,
}
