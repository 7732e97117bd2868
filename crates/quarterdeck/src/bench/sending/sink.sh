# An smtp-sink on port $1 that counts into the file $2, as long as this script's standard input is open.
set -eu
user=
[ "$(id -u)" -ne 0 ] || user="-u nobody"
# shellcheck disable=SC2086 # none or two words
/usr/sbin/smtp-sink -c $user -m 1000 "127.0.0.1:$1" 1000 > "$2" 2> /dev/null &
trap "kill $!" EXIT
echo ready
cat
