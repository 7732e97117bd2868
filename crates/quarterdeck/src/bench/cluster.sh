# A PostgreSQL cluster that lives as long as this script's standard input. Prints its process, the folder of its programs,
# and the address of its database.
set -eu
tools=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
folder=$(mktemp -d /var/tmp/quarterdeck-bench-XXXXXX)

clean_up() {
    "$tools/pg_ctl" --pgdata="$folder/data" --silent --mode=immediate stop || true
    rm -rf "$folder"
}
trap clean_up EXIT

cd "$folder"
"$tools/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
"$tools/pg_ctl" --pgdata=data --silent --wait --timeout=30 --log=log --options="-k $folder -c listen_addresses=''" start
echo "$(head -n 1 data/postmaster.pid) $tools postgres:///postgres?host=$folder&port=5432&user=postgres"
cat
