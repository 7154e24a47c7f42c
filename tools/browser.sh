#!/bin/sh
# Have a real Chromium and a Chinese font; install both on Debian as root, else say how.
set -eu
have="apt-get install -y --no-install-recommends fonts-noto-cjk fontconfig"
command="apt-get update && { $have chromium-headless-shell || $have chromium; }"

present() {
    [ -x /usr/bin/chromium-headless-shell ] || [ -x /usr/bin/chromium ] || return 1
    command -v fc-list >/dev/null 2>&1 || return 1
    [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]
}

present && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium and a Chinese font for the browser tests …"
    sh -c "DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; $command" >/dev/null
    present && exit 0
fi
echo "The browser tests need Chromium and a Chinese font. Type this as root, then try again:" >&2
echo "  $command" >&2
exit 1
