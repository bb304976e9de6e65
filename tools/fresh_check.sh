#!/bin/sh
# Does what is committed start and pass from nothing? Clones it into an empty folder and runs both commands there, with
# an environment that holds PATH, HOME and the package client's own settings only.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone -q "$here" "$folder/ucc_participate"
[ ! -d "$here/../shared" ] || ln -s "$(cd "$here/../shared" && pwd)" "$folder/shared"
cd "$folder/ucc_participate"

settings=$(env | grep -E '^(PIP_|SSL_|HTTPS?_PROXY|https?_proxy|TEST_DATABASE_URL|CHROMIUM)' || true)
clean() { exec env -i PATH="$PATH" HOME="$HOME" LANG=C.UTF-8 CI=true $settings "$@"; }
port=${PORT:-8765}
started=$(date +%s)
(clean make run PORT="$port") </dev/null >"$folder/run.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
until (clean python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/', timeout=5)") 2>/dev/null; do
  kill -0 $server 2>/dev/null || { cat "$folder/run.log"; echo "make run ended before it answered." >&2; exit 1; }
  [ $(($(date +%s) - started)) -lt 600 ] || { cat "$folder/run.log"; echo "make run did not answer in 10 minutes." >&2; exit 1; }
  sleep 1
done
cat "$folder/run.log"
echo "make run answered after $(($(date +%s) - started)) s; .venv is $(du -sm .venv | cut -f1) MB, instance $(du -sm instance | cut -f1) MB."
kill $server; wait $server 2>/dev/null || true

started=$(date +%s)
(clean make test) </dev/null
echo "make test took $(($(date +%s) - started)) s; .venv is $(du -sm .venv | cut -f1) MB."
