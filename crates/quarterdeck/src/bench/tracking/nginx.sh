# An nginx on port $1 that answers with an empty GIF, as long as this script's standard input is open.
set -eu
folder=$(mktemp -d /var/tmp/quarterdeck-bench-XXXXXX)
# Its workers are another user's.
chmod 755 "$folder"
cat > "$folder/nginx.conf" << CONF
worker_processes auto;
pid $folder/pid;
error_log $folder/log;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    server {
        listen 127.0.0.1:$1;
        location / { empty_gif; }
    }
}
CONF
/usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/log"

clean_up() {
    /usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/log" -s quit || true
    while [ -e "$folder/pid" ]; do sleep 0.1; done
    rm -rf "$folder"
}
trap clean_up EXIT
echo ready
cat
