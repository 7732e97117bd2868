# A Postfix that listens on port $1 and relays everything to port $2, as long as this script's standard input is open.
# Its queue is on disk, and its settings are those that serve one fast destination best.
set -eu
folder=$(mktemp -d /var/tmp/quarterdeck-bench-XXXXXX)

# Ends the process group that the master leads. The queue needs no farewell, for it goes too.
clean_up() {
    group=$(tr -d ' ' < "$folder/queue/pid/master.pid") && kill -s KILL -- "-$group"
    sleep 0.1
    rm -rf "$folder"
}
trap clean_up EXIT

chmod 755 "$folder"
mkdir "$folder/etc" "$folder/queue"
cat > "$folder/etc/main.cf" << END
compatibility_level = 3.6
queue_directory = $folder/queue
data_directory = $folder/data
maillog_file = $folder/postfix.log
maillog_file_prefixes = /var/tmp
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = relay.bench.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
disable_dns_lookups = yes
relayhost = [127.0.0.1]:$2
in_flow_delay = 0
initial_destination_concurrency = 20
default_destination_concurrency_limit = 20
smtp_connection_cache_destinations = [127.0.0.1]:$2
END
cat > "$folder/etc/master.cf" << END
127.0.0.1:$1 inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
END
/usr/sbin/postfix -c "$folder/etc" start
echo ready
cat
