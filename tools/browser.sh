#!/bin/sh
# Have a real Chromium and a Chinese font; install both on Debian as root, else say how.
set -eu
command="apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk fontconfig"

present() {
    command -v chromium >/dev/null 2>&1 || [ -x /usr/bin/chromium ] || return 1
    command -v fc-list >/dev/null 2>&1 || return 1
    [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]
}

present && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium and fonts-noto-cjk for the browser tests …"
    sh -c "DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; $command" >/dev/null
    present && exit 0
fi
echo "The browser tests need Chromium and a Chinese font. Type this as root, then try again:" >&2
echo "  $command" >&2
exit 1
