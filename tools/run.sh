#!/bin/sh
# Start the city in ./instance on HOST:PORT: tables brought up to date, a demonstration city on the first start.
set -eu
cd "$(dirname "$0")/.."
host=${HOST:-127.0.0.1} port=${PORT:-8000}
PATH="$PWD/.venv/bin:$PATH"
export UCC_INSTANCE_PATH="${UCC_INSTANCE_PATH:-$PWD/instance}"
export UCC_PUBLIC_URL="${UCC_PUBLIC_URL:-http://$host:$port}"
export UCC_DEMONSTRATION="${UCC_DEMONSTRATION:-yes}" UCC_SHOW_MAILS="${UCC_SHOW_MAILS:-yes}" UCC_SMS_GATEWAY="${UCC_SMS_GATEWAY:-console}"
export UCC_CONTACT="${UCC_CONTACT:-تلفن ۰۱۳۵۵۵۰۱۲۳۴ · شهرداری سپیدرود، خیابان بازار، طبقهٔ نخست · شنبه تا چهارشنبه، ۸ تا ۱۴}"

mkdir -p "$UCC_INSTANCE_PATH"
flask --app wsgi db upgrade
if [ ! -e "$UCC_INSTANCE_PATH/demonstration" ]; then
  echo "First start: making the demonstration city …"
  flask --app wsgi demo load >"$UCC_INSTANCE_PATH/demonstration.new"
  mv "$UCC_INSTANCE_PATH/demonstration.new" "$UCC_INSTANCE_PATH/demonstration"
fi
cat "$UCC_INSTANCE_PATH/demonstration"
echo
echo "$UCC_PUBLIC_URL   the site          (Ctrl-C stops it)"
echo "$UCC_PUBLIC_URL/mails   the mails it sends"
exec granian --interface wsgi --host "$host" --port "$port" --workers 1 --blocking-threads 8 --no-ws --no-access-log wsgi:app
