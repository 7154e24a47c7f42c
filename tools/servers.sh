#!/bin/sh
# Have the real servers that the tests talk to; install them on Debian as root, else say how.
set -eu
command="apt-get update && apt-get install -y --no-install-recommends nginx libnginx-mod-rtmp"

present() {
    command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || return 1
    [ -f /usr/lib/nginx/modules/ngx_rtmp_module.so ]
}

present && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing nginx and its RTMP module for the tests …"
    # Only the program is wanted: no service of the machine's is started.
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d.groundwork
    chmod +x /usr/sbin/policy-rc.d.groundwork
    [ -e /usr/sbin/policy-rc.d ] || mv /usr/sbin/policy-rc.d.groundwork /usr/sbin/policy-rc.d
    sh -c "DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; $command" >/dev/null || true
    if [ -e /usr/sbin/policy-rc.d.groundwork ]; then
        rm -f /usr/sbin/policy-rc.d.groundwork
    else
        rm -f /usr/sbin/policy-rc.d
    fi
    present && exit 0
fi
echo "The tests of the broadcast need nginx with its RTMP module. Type this as root, then again:" >&2
echo "  $command" >&2
exit 1
