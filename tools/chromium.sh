#!/bin/sh
# A Chromium for the journeys: the system's own, or Debian's package where it may be installed. Fails with a sentence.
set -eu
for candidate in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -n "$candidate" ] && [ -x "$candidate" ]; then exit 0; fi
done
if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the journeys …"
  $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
if [ ! -x /usr/bin/chromium ]; then
  echo "The journeys need Chromium: install it (for example: apt-get install chromium) or set CHROMIUM=/path/to/chromium." >&2
  exit 1
fi
