//! The files of a private Postfix: nothing of `/etc/postfix` is read, and no service leaves the folder or loopback.

use std::net::SocketAddr;
use std::path::Path;

use super::Options;

/// Says why mail is returned, and returns it. Postfix itself refuses at once what goes to its service `error`.
const RETURN: &str = "echo \"$*\"\nexit 69\n";

/// Name and text of each file of the configuration folder.
pub(super) fn files(
    folder: &Path,
    address: SocketAddr,
    options: &Options,
    owner: (u32, u32),
) -> [(&'static str, String); 5] {
    [
        ("main.cf", main(folder, options, owner)),
        ("master.cf", master(folder, address)),
        ("refused", refused(options)),
        ("ways", ways(options)),
        ("return", RETURN.to_owned()),
    ]
}

fn main(folder: &Path, options: &Options, (uid, gid): (u32, u32)) -> String {
    let at = folder.display();
    let Options { domain, message_size_limit, .. } = options;
    let senders = options.senders.as_deref().unwrap_or_default();
    format!(
        "compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
maillog_file = {at}/postfix.log
maillog_file_prefixes = /tmp
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.{domain}
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
default_transport = error:this Postfix sends nothing out
transport_maps = texthash:{at}/etc/ways
smtp_tls_security_level = may
virtual_mailbox_domains = {domain} {senders}
virtual_mailbox_base = {at}
virtual_mailbox_maps = static:mail/
virtual_mailbox_limit = 0
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
message_size_limit = {message_size_limit}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access texthash:{at}/etc/refused
smtputf8_enable = yes
"
    )
}

fn master(folder: &Path, address: SocketAddr) -> String {
    let at = folder.display();
    format!(
        "{address} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
returned unix - n n - - pipe user=nobody argv=/bin/sh {at}/etc/return ${{nexthop}}
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"
    )
}

fn refused(options: &Options) -> String {
    options
        .refused
        .iter()
        .map(|address| format!("{address} 550 5.1.1 <{address}>: nobody here has that name"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Where mail goes that is not delivered here.
fn ways(options: &Options) -> String {
    let routed = options.routes.iter().map(|(domain, to)| format!("{domain} smtp:[{}]:{}", to.ip(), to.port()));
    let returned = options.returned.iter().map(|(address, words)| format!("{address} returned:{words}"));
    routed.chain(returned).collect::<Vec<_>>().join("\n")
}
