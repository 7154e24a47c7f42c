#!/bin/sh
# Make or bring up to date the environment in .venv; costs nothing when nothing changed.
#   tools/setup.sh run    what the running city needs
#   tools/setup.sh test   what the tests need on top
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}
lock=requirements/$what.txt
python=.venv/bin/python

say() { printf '%s\n' "$*"; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            found=$candidate
            return
        fi
    done
    seen=$(python3 --version 2>/dev/null || echo "no python3 at all")
    fail "Groundwork needs Python 3.11 or newer; this machine has $seen.
On Debian 12 or newer: apt-get install python3 python3-venv. Or name one: make setup PYTHON=/path/to/python3.12"
}

# An environment that was moved, half made or made by an older Python is made again.
if ! [ -x $python ] || ! new_enough $python || ! $python -m pip --version >/dev/null 2>&1; then
    find_python
    "$found" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$found cannot make environments: its venv module is missing. On Debian: apt-get install python3-venv"
    say "Making .venv with $("$found" --version) …"
    "$found" -m venv --clear .venv
fi

pip_install() { $python -m pip install --quiet --disable-pip-version-check "$@"; }

# pip fetches one program, uv, and that fetches all else many times faster, from the index
# that pip is set to. Where only pip knows the way (a folder of wheels, a proxy), pip goes it.
by_uv() {
    pip_install --require-hashes --only-binary :all: -r requirements/installer.txt 2>/dev/null ||
        return 1
    index=${PIP_INDEX_URL:-$($python -m pip config get global.index-url 2>/dev/null || true)}
    set -- -r "$1"
    if [ -n "$index" ]; then set -- "$@" --default-index "$index"; fi
    # The machine's certificates, as pip has them: an office may stand behind its own.
    .venv/bin/uv pip install --quiet --system-certs --python $python \
        --require-hashes --no-deps "$@" ||
        { say "That way is shut; going on with pip, which takes a minute or two more …"; return 1; }
}

# A stamp says which lock was installed here by which Python; test.txt holds all of run.txt.
key() { $python -c 'import sys; print(sys.version)'; pwd; cksum "requirements/$1.txt"; }
stamped() { [ "$(cat ".venv/.groundwork-$1" 2>/dev/null)" = "$(key "$1")" ]; }
if ! stamped "$what"; then
    say "Installing $lock (hash-locked) …"
    rm -f .venv/.groundwork-* build/.static
    by_uv "$lock" || pip_install --require-hashes -r "$lock"
    # The project itself: no dependencies, no fetched build tools, just the `groundwork` command.
    pip_install --no-deps --no-build-isolation --no-index --editable .
    key run > .venv/.groundwork-run
    [ "$what" = run ] || key "$what" > ".venv/.groundwork-$what"
fi

mkdir -p build var

# The planner's loops are compiled here once, so that nobody's first plan waits for it; beside what
# follows, because one core is enough for it.
warm=build/.planner
planner=
if ! [ -f $warm ] || [ -n "$(find groundwork/duty/solver -name '*.py' -newer $warm | head -n 1)" ]; then
    say "Compiling the planner …"
    { $python -m groundwork.duty.solver.warm && touch $warm; } &
    planner=$!
fi

# Texts and static files are built from the tree, again only when something is newer.
$python tools/messages.py --compile
# Databases of test runs that were killed.
find var -maxdepth 1 -name 'test-*.sqlite3*' -mmin +600 -delete
static=build/.static
if ! [ -f $static ] || [ -n "$(find groundwork/*/static -newer $static 2>/dev/null | head -n 1)" ]; then
    [ ! -f tools/build_static.py ] || $python tools/build_static.py
    say "Collecting static files …"
    DJANGO_SETTINGS_MODULE=config.settings $python manage.py collectstatic --noinput --clear -v 0
    touch $static
fi

[ -z "$planner" ] || wait $planner
