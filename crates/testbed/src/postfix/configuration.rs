//! The files of a private Postfix: nothing of `/etc/postfix` is read, and no service leaves the folder or loopback.

use std::net::SocketAddr;
use std::path::Path;

use super::Options;

/// Name and text of each file of the configuration folder.
pub(super) fn files(
    folder: &Path,
    address: SocketAddr,
    options: &Options,
    owner: (u32, u32),
) -> [(&'static str, String); 3] {
    [("main.cf", main(folder, options, owner)), ("master.cf", master(address)), ("refused", refused(options))]
}

fn main(folder: &Path, options: &Options, (uid, gid): (u32, u32)) -> String {
    let at = folder.display();
    let Options { domain, message_size_limit, .. } = options;
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
virtual_mailbox_domains = {domain}
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

fn master(address: SocketAddr) -> String {
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
