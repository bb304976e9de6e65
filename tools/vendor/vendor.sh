#!/usr/bin/env bash
# Fetches the few third-party files of the page design, cuts them down and writes them where they are committed:
#   static/fonts/  Vazirmatn, weights 400 to 800 only, in three unicode ranges   (SIL OFL 1.1)
#   templates/macros/icons.html  the listed Tabler icons as one Jinja macro      (MIT)
#   static/vendor/manifest.json  package, version, licence, SHA-384 of each file
# Run it after changing a version in package.json or a name in icons.txt. Needs Node and Python with venv.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
static="$root/ucc_participate/static"

cp "$here/package.json" "$here/package-lock.json" "$work/"
(cd "$work" && npm ci --ignore-scripts --silent)
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"

font="$work/node_modules/vazirmatn/fonts/variable/Vazirmatn[wght].ttf"
"$work/venv/bin/fonttools" varLib.instancer "$font" wght=400:800 --quiet --output "$work/vazirmatn.ttf"

subset() { # name, unicode ranges; the ranges are the ones in css/tokens.css
  "$work/venv/bin/pyftsubset" "$work/vazirmatn.ttf" --unicodes="$2" --flavor=woff2 --no-hinting \
    --layout-features=kern,mark,mkmk,liga,rlig,calt,ccmp,locl,init,medi,fina,isol,tnum,lnum \
    --output-file="$static/fonts/vazirmatn-33.0.3-$1.woff2"
}
subset arabic "U+0600-06FF,U+200C-200F,U+FD3E-FD3F,U+FDFC"
subset latin "U+0020-007E,U+00A0-00FF,U+0152-0153,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2039-203A,U+20AC,U+2212"
subset latin-ext "U+0100-0151,U+0154-017F"
cp "$work/node_modules/vazirmatn/OFL.txt" "$static/fonts/OFL.txt"
cp "$work/node_modules/@tabler/icons/LICENSE" "$static/vendor/tabler-icons-LICENSE.txt"

python3 "$here/icons.py" "$here/icons.txt" "$work/node_modules/@tabler/icons/icons/outline" > "$root/templates/macros/icons.html"
python3 "$here/manifest.py" "$root" "$here/package-lock.json" > "$static/vendor/manifest.json"
