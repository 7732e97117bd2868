//! The files of a private Dovecot: nothing of `/etc/dovecot` is read, and no service leaves the folder or loopback.
//! Unlike a real one it may forget everything when the machine stops, so it never waits for a disk on which others build.

use std::net::SocketAddr;
use std::path::Path;

use super::Options;

/// Name and text of each file.
pub(super) fn files(
    folder: &Path,
    addresses: (SocketAddr, SocketAddr),
    options: &Options,
    owner: (u32, u32),
) -> [(&'static str, String); 3] {
    [
        ("dovecot.conf", main(folder, addresses, options, owner)),
        ("users", users(options)),
        ("tokens.conf", tokens(options)),
    ]
}

fn main(folder: &Path, (plain, tls): (SocketAddr, SocketAddr), options: &Options, (uid, gid): (u32, u32)) -> String {
    let at = folder.display();
    let Options { sent_folder, marks_sent, .. } = options;
    let (mechanisms, tokens) = match options.introspection_url {
        Some(_) => (
            "plain xoauth2",
            format!("passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {at}/tokens.conf\n}}"),
        ),
        None => ("plain", String::new()),
    };
    let mark = if *marks_sent { "special_use = \\Sent" } else { "" };
    format!(
        "base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{at}/certificate.pem
ssl_key = <{at}/key.pem
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~
mail_fsync = never
mail_max_userip_connections = 100
{tokens}
passdb {{
  driver = passwd-file
  mechanisms = plain
  args = scheme=PLAIN username_format=%u {at}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={at}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox \"{sent_folder}\" {{
    auto = create
    {mark}
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {}
  }}
  inet_listener imaps {{
    port = {}
    ssl = yes
  }}
}}
",
        plain.port(),
        tls.port(),
    )
}

fn users(options: &Options) -> String {
    let lines: Vec<String> =
        options.users.iter().map(|(name, password)| format!("{name}:{{PLAIN}}{password}")).collect();
    lines.join("\n")
}

/// How a token is asked about.
fn tokens(options: &Options) -> String {
    let Some(url) = &options.introspection_url else { return String::new() };
    format!(
        "introspection_mode = post\nintrospection_url = {url}\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n"
    )
}
